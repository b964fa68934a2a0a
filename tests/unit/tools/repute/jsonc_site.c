/* repute/jsonc_site: a member is added, replaced and taken out, and no other byte changes. */
#include "repute/jsonc_site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static const char *const one[] = {"mcpServers", "new"};
static const char *const deep[] = {"mcp", "servers", "new"};

/* What put, or drop without a value, makes of the text. */
static void expect(const char *text, const char *const *names, size_t count, const char *value,
                   const char *wanted)
{
    struct jsonc_site site;
    struct patch patch = {0};
    uint8_t *made = NULL;
    size_t size = 0;
    assert_int_equal(jsonc_site_find(&site, trust_bytes_text(text), names, count), TRUST_OK);
    enum trust_error error = value == NULL ? jsonc_site_drop(&patch, &site)
                                           : jsonc_site_put(&patch, &site, trust_bytes_text(value));
    assert_int_equal(error, TRUST_OK);
    error = patch_apply(&patch, &made, &size, trust_bytes_text(text));
    assert_int_equal(error, TRUST_OK);
    assert_string_equal((char *)made, wanted);
    free(made);
    patch_close(&patch);
}

static void a_member_is_added_behind_the_last(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
    } cases[] = {
        {"{\n  \"mcpServers\": {\n    \"a\": 1\n  }\n}\n",
         "{\n  \"mcpServers\": {\n    \"a\": 1,\n    \"new\": {}\n  }\n}\n"},
        {"{\n\t\"mcpServers\": {\n\t\t\"a\": 1,\n\t},\n}",
         "{\n\t\"mcpServers\": {\n\t\t\"a\": 1,\n\t\t\"new\": {},\n\t},\n}"},
        {"{\r\n \"mcpServers\": {\r\n  \"a\": 1 // of a\r\n  // of all\r\n }\r\n}",
         "{\r\n \"mcpServers\": {\r\n  \"a\": 1, // of a\r\n  \"new\": {}\r\n  // of all\r\n "
         "}\r\n}"},
        {"{\"mcpServers\":{\"a\":1}}", "{\"mcpServers\":{\"a\":1, \"new\": {}}}"},
        {"{ \"mcpServers\": { \"a\": 1 /* a, b */ } }",
         "{ \"mcpServers\": { \"a\": 1, /* a, b */ \"new\": {} } }"},
        {"{ \"mcpServers\": { \"a\": 1 /* , */ , } }",
         "{ \"mcpServers\": { \"a\": 1 /* , */ , \"new\": {}, } }"},
        {"{ \"mcpServers\": { \"a\": 1 // x\n } }",
         "{ \"mcpServers\": { \"a\": 1, // x\n\"new\": {}\n } }"},
        {"{ \"mcpServers\": { \"a\": \"}, // no\" } }",
         "{ \"mcpServers\": { \"a\": \"}, // no\", \"new\": {} } }"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(cases[i].before, one, 2, "{}", cases[i].after);
}

static void an_object_without_members_is_opened(void **state)
{
    (void)state;
    expect("{\n    \"mcpServers\": {}\n}", one, 2, "1",
           "{\n    \"mcpServers\": {\n        \"new\": 1\n    }\n}");
    expect("{\n  \"mcpServers\": { // none\n  }\n}", one, 2, "1",
           "{\n  \"mcpServers\": { // none\n    \"new\": 1\n  }\n}");
    expect("{ , }", one, 2, "1", "{\n  \"mcpServers\": {\n    \"new\": 1\n  }\n , }");
}

static void objects_on_the_way_are_made(void **state)
{
    (void)state;
    expect("", one, 2, "1", "{\n  \"mcpServers\": {\n    \"new\": 1\n  }\n}\n");
    expect("\xef\xbb\xbf", one, 2, "1",
           "\xef\xbb\xbf{\n  \"mcpServers\": {\n    \"new\": 1\n  }\n}\n");
    expect("// mine\n", one, 2, "1", "// mine\n{\n  \"mcpServers\": {\n    \"new\": 1\n  }\n}\n");
    expect("// mine", one, 2, "1", "// mine\n{\n  \"mcpServers\": {\n    \"new\": 1\n  }\n}\n");
    expect("{}", deep, 3, "1",
           "{\n  \"mcp\": {\n    \"servers\": {\n      \"new\": 1\n    }\n  }\n}");
    expect("null", one, 2, "1", "{\n  \"mcpServers\": {\n    \"new\": 1\n  }\n}");
    expect("{\n  \"mcp\": null,\n  \"x\": 1\n}", deep, 3, "1",
           "{\n  \"mcp\": {\n    \"servers\": {\n      \"new\": 1\n    }\n  },\n  \"x\": 1\n}");
    expect("{\n  \"x\": 1\n}", one, 2, "1",
           "{\n  \"x\": 1,\n  \"mcpServers\": {\n    \"new\": 1\n  }\n}");
}

static void a_member_is_replaced_where_it_stands(void **state)
{
    (void)state;
    expect("{\"mcpServers\": {\"new\": {\"a\": [1, 2]}/**/, \"b\": 2}}", one, 2, "0",
           "{\"mcpServers\": {\"new\": 0/**/, \"b\": 2}}");
    /* However its name is written. */
    expect("{\"mcpServers\": {\"n\\u0065w\": null}}", one, 2, "0",
           "{\"mcpServers\": {\"n\\u0065w\": 0}}");
    /* What comments and texts say of it is not it. */
    expect("{/*\"mcpServers\":{\"new\":1}*/\"x\":\"{\\\"new\\\":2}\",\"mcpServers\":{\"new\":3}}",
           one, 2, "0",
           "{/*\"mcpServers\":{\"new\":1}*/\"x\":\"{\\\"new\\\":2}\",\"mcpServers\":{\"new\":0}}");
}

static void a_member_is_taken_out_with_its_comma(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        const char *after;
    } cases[] = {
        {"{\"mcpServers\": {\"new\": 1}}", "{\"mcpServers\": {}}"},
        {"{\"mcpServers\": {\"new\": 1, \"b\": 2}}", "{\"mcpServers\": { \"b\": 2}}"},
        {"{\"mcpServers\": { \"a\": 1, \"new\": 1 }}", "{\"mcpServers\": { \"a\": 1 }}"},
        {"{\"mcpServers\": { \"a\": 1 /* , */, \"new\": 1 }}",
         "{\"mcpServers\": { \"a\": 1 /* , */ }}"},
        {"{\"mcpServers\": {\n  \"a\": 1,\n  \"new\": 1,\n  \"b\": 2\n}}",
         "{\"mcpServers\": {\n  \"a\": 1,\n  \"b\": 2\n}}"},
        {"{\"mcpServers\": {\r\n  \"a\": 1, // a\r\n  \"new\": 1 // new\r\n}}",
         "{\"mcpServers\": {\r\n  \"a\": 1 // a\r\n}}"},
        {"{\"mcpServers\": {\n  \"a\": 1,\n  \"new\": 1,\n}}",
         "{\"mcpServers\": {\n  \"a\": 1,\n}}"},
        /* A remark must not run on into what stands behind. */
        {"{\"mcpServers\": { // all\n  \"new\": 1 }}", "{\"mcpServers\": { // all\n }}"},
        {"{\"mcpServers\": {\n \"a\": 1, // a\n  \"new\": 1, \"b\": 2 }}",
         "{\"mcpServers\": {\n \"a\": 1, // a\n \"b\": 2 }}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(cases[i].before, one, 2, NULL, cases[i].after);
}

static void what_has_no_one_meaning_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum trust_error error;
    } cases[] = {
        {"[]", TRUST_NO_TYPE},
        {"{\"mcpServers\": 1}", TRUST_NO_TYPE},
        {"{\"mcpServers\": []}", TRUST_NO_TYPE},
        {"{\"mcpServers\": {}, \"mcpServers\": {}}", TRUST_NO_DUPLICATE},
        {"{\"mcpServers\": {\"new\": 1, \"new\": 1}}", TRUST_NO_DUPLICATE},
        {"{\"mcpServers\": {}", TRUST_NO_SYNTAX},
        {"{} {}", TRUST_NO_SYNTAX},
        {"/* open", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct jsonc_site site;
        enum trust_error error = jsonc_site_find(&site, trust_bytes_text(cases[i].text), one, 2);
        assert_int_equal(error, cases[i].error);
    }
}

static void the_style_is_that_of_the_place(void **state)
{
    (void)state;
    struct jsonc_site site;
    struct jsonc_style style;
    const char *text = "{\r\n\t\"mcpServers\": {}\r\n}";
    assert_int_equal(jsonc_site_find(&site, trust_bytes_text(text), one, 2), TRUST_OK);
    jsonc_site_style(&style, &site);
    assert_string_equal(style.newline, "\r\n");
    assert_string_equal(style.unit, "\t");
    assert_string_equal(style.indent, "\t\t");
    assert_false(style.is_inline);
    text = "{\"mcpServers\": {\"new\": {}}}";
    assert_int_equal(jsonc_site_find(&site, trust_bytes_text(text), one, 2), TRUST_OK);
    jsonc_site_style(&style, &site);
    assert_true(jsonc_site_is_there(&site));
    assert_true(style.is_inline);
    text = "{}";
    assert_int_equal(jsonc_site_find(&site, trust_bytes_text(text), deep, 3), TRUST_OK);
    jsonc_site_style(&style, &site);
    assert_string_equal(style.indent, "      ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_added_behind_the_last),
        cmocka_unit_test(an_object_without_members_is_opened),
        cmocka_unit_test(objects_on_the_way_are_made),
        cmocka_unit_test(a_member_is_replaced_where_it_stands),
        cmocka_unit_test(a_member_is_taken_out_with_its_comma),
        cmocka_unit_test(what_has_no_one_meaning_is_refused),
        cmocka_unit_test(the_style_is_that_of_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
