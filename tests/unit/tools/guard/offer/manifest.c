/* guard/manifest: what changes a digest and what does not, and what is not to be used at all. */
#include "guard/offer/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

#define SERVER "{\"capabilities\":{\"tools\":{}},\"instructions\":\"Be kind.\"}"
#define TOOL                                                                                       \
    "{\"name\":\"search\",\"description\":\"Searches.\",\"inputSchema\":{\"type\":\"object\","     \
    "\"properties\":{\"q\":{\"type\":\"string\",\"default\":\"x\"}}},"                             \
    "\"annotations\":{\"readOnlyHint\":true}}"

static struct manifest *make(const char *server, const char *tools)
{
    struct manifest *manifest = NULL;
    char page[4096];
    (void)snprintf(page, sizeof page, "{\"tools\":[%s]}", tools);
    assert_int_equal(manifest_new(&manifest), TRUST_OK);
    assert_int_equal(manifest_set_server(manifest, trust_bytes_text(server)), TRUST_OK);
    assert_int_equal(manifest_add_page(manifest, MANIFEST_TOOLS, trust_bytes_text(page)), TRUST_OK);
    manifest_finish(manifest);
    return manifest;
}

/* Both the tool's digest and the manifest's agree, or neither does. */
static void check_tool(const char *tool, bool is_same)
{
    struct manifest *first = make(SERVER, TOOL);
    struct manifest *second = make(SERVER, tool);
    assert_int_equal(manifest_count(second), 1);
    assert_int_equal(
        memcmp(manifest_at(first, 0)->digest, manifest_at(second, 0)->digest, DIGEST_SIZE) == 0,
        is_same);
    assert_int_equal(memcmp(manifest_digest(first), manifest_digest(second), DIGEST_SIZE) == 0,
                     is_same);
    assert_false(manifest_at(second, 0)->is_bad);
    manifest_free(first);
    manifest_free(second);
}

static void key_order_and_white_space_change_nothing(void **state)
{
    (void)state;
    check_tool(TOOL, true);
    check_tool("{ \"annotations\" : {\"readOnlyHint\":true},\n\"inputSchema\":{\"properties\":"
               "{\"q\":{\"default\":\"\\u0078\",\"type\":\"string\"}},\"type\":\"object\"},"
               "\"description\":\"Searches.\",\"n\\u0061me\":\"search\", \"_meta\":{\"x\":1}}",
               true);
}

static void every_pinned_word_changes_the_digest(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"Searches.", "Searches!"},
        {"Searches.", "Searches.\xf3\xa0\x81\x81"}, /* U+E0041, a tag character */
        {"\"readOnlyHint\":true", "\"readOnlyHint\":false"},
        {"\"default\":\"x\"", "\"default\":\"y\""},
        {"{\"name\"", "{\"title\":\"S\",\"name\""},
        {"{\"name\"", "{\"outputSchema\":{},\"name\""},
        {"\"search\"", "\"Search\""},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char tool[1024];
        const char *at = strstr(TOOL, changes[i][0]);
        assert_non_null(at);
        (void)snprintf(tool, sizeof tool, "%.*s%s%s", (int)(at - TOOL), TOOL, changes[i][1],
                       at + strlen(changes[i][0]));
        check_tool(tool, false);
    }
}

static void the_digests_are_those_of_the_page(void **state)
{
    (void)state;
    struct manifest *manifest = make(SERVER, "{\"name\":\"b\"},{\"name\":\"a\"}");
    uint8_t tools[2][DIGEST_SIZE], other[DIGEST_SIZE];
    struct manifest_extras extras;
    digest_bytes(tools[0], "repute-pin-tool-v1", trust_bytes_text("{\"name\":\"a\"}"));
    digest_bytes(tools[1], "repute-pin-tool-v1", trust_bytes_text("{\"name\":\"b\"}"));
    assert_memory_equal(manifest_at(manifest, 0)->digest, tools[1], DIGEST_SIZE);
    digest_bytes(extras.instructions, "repute-pin-instructions-v1",
                 trust_bytes_text("{\"instructions\":\"Be kind.\"}"));
    digest_bytes(extras.prompts, "repute-pin-prompts-v1", trust_bytes_text(""));
    digest_bytes(extras.templates, "repute-pin-templates-v1", trust_bytes_text(""));
    assert_memory_equal(manifest_extras(manifest), &extras, sizeof extras);
    manifest_hash(other, tools, 2, &extras);
    assert_memory_equal(manifest_digest(manifest), other, DIGEST_SIZE);
    char hex[DIGEST_HEX_SIZE];
    digest_hex(hex, manifest_digest(manifest));
    assert_string_equal(hex, "2285edb27c591a14117c255abfa9a1f7928a5cdb0c92819971aa4d45883371af");
    manifest_free(manifest);
}

static void pages_and_their_order_change_nothing(void **state)
{
    (void)state;
    struct manifest *first = make(SERVER, "{\"name\":\"a\"},{\"name\":\"b\"}");
    struct manifest *second = NULL;
    size_t index = 0;
    assert_int_equal(manifest_new(&second), TRUST_OK);
    assert_int_equal(manifest_set_server(second, trust_bytes_text(SERVER)), TRUST_OK);
    assert_int_equal(manifest_add_tool(second, trust_bytes_text(" {\"name\":\"b\"} ")), TRUST_OK);
    assert_int_equal(manifest_add_page(second, MANIFEST_TOOLS,
                                       trust_bytes_text("{\"tools\":[{\"name\":\"a\"}]}")),
                     TRUST_OK);
    manifest_finish(second);
    assert_memory_equal(manifest_digest(first), manifest_digest(second), DIGEST_SIZE);
    assert_true(manifest_find(second, &index, trust_bytes_text("a")));
    assert_int_equal(index, 1);
    assert_false(manifest_find(second, &index, trust_bytes_text("c")));
    manifest_free(first);
    manifest_free(second);
}

static void extras_change_the_manifest_but_no_tool(void **state)
{
    (void)state;
    struct manifest *first = make(SERVER, TOOL);
    struct manifest *second = make("{\"capabilities\":{},\"instructions\":\"Be cruel.\"}", TOOL);
    assert_memory_equal(manifest_at(first, 0)->digest, manifest_at(second, 0)->digest, DIGEST_SIZE);
    assert_memory_not_equal(manifest_digest(first), manifest_digest(second), DIGEST_SIZE);
    manifest_free(second);
    static const struct {
        enum manifest_list list;
        const char *page;
    } rows[] = {
        {MANIFEST_PROMPTS, "{\"prompts\":[{\"name\":\"p\"}]}"},
        {MANIFEST_TEMPLATES, "{\"resourceTemplates\":[{\"uriTemplate\":\"a:{b}\"}]}"},
    };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(manifest_new(&second), TRUST_OK);
        assert_int_equal(manifest_set_server(second, trust_bytes_text(SERVER)), TRUST_OK);
        assert_int_equal(manifest_add_tool(second, trust_bytes_text(TOOL)), TRUST_OK);
        assert_int_equal(manifest_add_page(second, rows[i].list, trust_bytes_text(rows[i].page)),
                         TRUST_OK);
        manifest_finish(second);
        assert_memory_not_equal(manifest_digest(first), manifest_digest(second), DIGEST_SIZE);
        manifest_free(second);
    }
    manifest_free(first);
}

static void what_two_readers_would_read_differently_is_bad(void **state)
{
    (void)state;
    static const char *const tools[] = {
        "{\"name\":\"a\",\"description\":\"\\ud800\"}",
        "{\"name\":\"a\",\"inputSchema\":{\"type\":1,\"type\":2}}",
        "{\"name\":\"a\",\"title\":\"x\",\"title\":\"y\"}",
        "{\"name\":\"a\",\"inputSchema\":{\"maximum\":1e999}}",
        "{\"name\":\"a\"},{\"name\":\"\\u0061\",\"title\":\"other\"}",
    };
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        char list[1024];
        (void)snprintf(list, sizeof list, "%s,{\"name\":\"good\"}", tools[i]);
        struct manifest *manifest = make(SERVER, list);
        assert_int_equal(manifest_count(manifest), 2);
        assert_true(manifest_at(manifest, 0)->is_bad);
        assert_false(manifest_at(manifest, 1)->is_bad);
        manifest_free(manifest);
    }
    char name[TRUST_TOOL_NAME_SIZE_MAX + 64];
    (void)snprintf(name, sizeof name, "{\"name\":\"%0*d\"}", TRUST_TOOL_NAME_SIZE_MAX + 1, 1);
    struct manifest *manifest = make(SERVER, name);
    assert_true(manifest_at(manifest, 0)->is_bad);
    manifest_free(manifest);
}

static void what_has_no_name_is_passed_over(void **state)
{
    (void)state;
    struct manifest *manifest =
        make(SERVER, "7,{},{\"name\":3},{\"name\":\"\"},{\"name\":\"\\udc00\"},"
                     "{\"name\":\"x\",\"name\":\"y\"},{\"name\":\"z\"}");
    assert_int_equal(manifest_count(manifest), 1);
    assert_true(trust_bytes_equal(manifest_at(manifest, 0)->name, trust_bytes_text("z")));
    manifest_free(manifest);
}

static void hints_are_what_the_server_says_or_mcp(void **state)
{
    (void)state;
    struct manifest *manifest = make(
        SERVER, "{\"name\":\"a\",\"annotations\":{\"readOnlyHint\":true,\"idempotentHint\":true,"
                "\"destructiveHint\":false,\"openWorldHint\":false}},"
                "{\"name\":\"b\",\"annotations\":{\"readOnlyHint\":\"true\"}},"
                "{\"name\":\"c\",\"annotations\":[]}");
    const struct manifest_hints *hints = &manifest_at(manifest, 0)->hints;
    assert_true(hints->is_read_only && hints->is_idempotent);
    assert_false(hints->is_destructive || hints->is_open_world);
    for (size_t i = 1; i < 3; i++) {
        hints = &manifest_at(manifest, i)->hints;
        assert_false(hints->is_read_only || hints->is_idempotent);
        assert_true(hints->is_destructive && hints->is_open_world);
    }
    manifest_free(manifest);
}

static void what_is_no_page_is_refused(void **state)
{
    (void)state;
    struct manifest *manifest = NULL;
    static const struct {
        const char *page;
        enum trust_error error;
    } rows[] = {
        {"[]", TRUST_NO_TYPE},
        {"{}", TRUST_NO_TYPE},
        {"{\"tools\":{}}", TRUST_NO_TYPE},
        {"{\"tools\":[]", TRUST_NO_SYNTAX},
        {"{\"tools\":[],\"tools\":[]}", TRUST_NO_DUPLICATE},
    };
    assert_int_equal(manifest_new(&manifest), TRUST_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(
            manifest_add_page(manifest, MANIFEST_TOOLS, trust_bytes_text(rows[i].page)),
            rows[i].error);
    assert_int_equal(manifest_set_server(manifest, trust_bytes_text("{}")), TRUST_NO_TYPE);
    assert_int_equal(manifest_set_server(manifest, trust_bytes_text("{\"capabilities\":7}")),
                     TRUST_NO_TYPE);
    assert_int_equal(
        manifest_set_server(manifest, trust_bytes_text("{\"capabilities\":{},\"instructions\":"
                                                       "\"a\",\"instructions\":\"b\"}")),
        TRUST_NO_DUPLICATE);
    manifest_free(manifest);
}

static void tools_and_bytes_have_their_bound(void **state)
{
    (void)state;
    struct manifest *manifest = NULL;
    assert_int_equal(manifest_new(&manifest), TRUST_OK);
    for (int i = 0; i <= TRUST_MANIFEST_ITEMS_MAX; i++) {
        char tool[64];
        (void)snprintf(tool, sizeof tool, "{\"name\":\"t%d\"}", i);
        assert_int_equal(manifest_add_tool(manifest, trust_bytes_text(tool)),
                         i < TRUST_MANIFEST_ITEMS_MAX ? TRUST_OK : TRUST_NO_ROOM);
    }
    assert_int_equal(manifest_count(manifest), TRUST_MANIFEST_ITEMS_MAX);
    char *page = malloc(TRUST_MANIFEST_SIZE_MAX);
    assert_non_null(page);
    memset(page, ' ', TRUST_MANIFEST_SIZE_MAX);
    assert_int_equal(manifest_add_page(manifest, MANIFEST_TOOLS,
                                       (struct trust_bytes){.data = (const uint8_t *)page,
                                                            .size = TRUST_MANIFEST_SIZE_MAX}),
                     TRUST_NO_SIZE);
    free(page);
    manifest_finish(manifest);
    manifest_free(manifest);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_order_and_white_space_change_nothing),
        cmocka_unit_test(every_pinned_word_changes_the_digest),
        cmocka_unit_test(the_digests_are_those_of_the_page),
        cmocka_unit_test(pages_and_their_order_change_nothing),
        cmocka_unit_test(extras_change_the_manifest_but_no_tool),
        cmocka_unit_test(what_two_readers_would_read_differently_is_bad),
        cmocka_unit_test(what_has_no_name_is_passed_over),
        cmocka_unit_test(hints_are_what_the_server_says_or_mcp),
        cmocka_unit_test(what_is_no_page_is_refused),
        cmocka_unit_test(tools_and_bytes_have_their_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
