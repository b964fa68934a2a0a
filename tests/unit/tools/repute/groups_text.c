/* repute/groups_text: what is written is read again as what was meant, and shown without secrets.
 */
#include "repute/groups_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "host/config.h"

#define ODD "\t\"\\ \xc3\xa9 \x01 \x7f \xc2\x85 \xe2\x80\xa8 \xef\xbb\xbf # : - ${X}"

static const struct trust_group_pair pairs[] = {{"A B", ODD}, {"null", "12"}, {"-", "~"}};
static const char *const words[] = {"-y", "true", ODD, "--api-key", "k"};
static const struct trust_group_server server = {
    .subject = "mcp:io.example/a",
    .command = "npx",
    .args = {.texts = words, .count = 5},
    .env = {.pairs = pairs, .count = 3},
    .cwd = "/srv/a b",
};
static const struct trust_group_server remote = {
    .subject = "https://x.example/mcp",
    .url = "https://x.example/mcp?key=k",
    .headers = {.pairs = pairs, .count = 1},
};

static char *write(const struct groups_text_form *form, const struct trust_group_server *primary)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    (void)fputs(form->is_flow ? "groups: {" : "groups:", file);
    groups_text_write(file, form, "on", primary);
    (void)fputs(form->is_flow ? "}\n" : "\n", file);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void expect_pairs(const struct trust_group_pairs *got,
                         const struct trust_group_pairs *wanted)
{
    assert_int_equal(got->count, wanted->count);
    for (size_t i = 0; i < wanted->count; i++) {
        assert_string_equal(got->pairs[i].name, wanted->pairs[i].name);
        assert_string_equal(got->pairs[i].value, wanted->pairs[i].value);
    }
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    static const struct groups_text_form forms[] = {
        {.newline = "\n", .indent = 2},
        {.newline = "\r\n", .indent = 7},
        {.newline = "\n", .is_flow = true},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct trust_config config;
        struct trust_yaml_fault fault = {0};
        char *text = write(&forms[i], &server);
        enum trust_error error = trust_config_load(&config, &fault, "x", trust_bytes_text(text));
        if (error != TRUST_OK)
            print_error("%s\n", fault.text);
        assert_int_equal(error, TRUST_OK);
        const struct trust_group *group = trust_config_group(&config, "on");
        assert_non_null(group);
        assert_string_equal(group->primary.command, "npx");
        assert_string_equal(group->primary.cwd, "/srv/a b");
        assert_int_equal(group->primary.args.count, 5);
        for (size_t j = 0; j < 5; j++)
            assert_string_equal(group->primary.args.texts[j], words[j]);
        expect_pairs(&group->primary.env, &server.env);
        trust_config_close(&config);
        free(text);
        text = write(&forms[i], &remote);
        assert_int_equal(trust_config_load(&config, &fault, "x", trust_bytes_text(text)), TRUST_OK);
        group = trust_config_group(&config, "on");
        assert_string_equal(group->primary.url, remote.url);
        expect_pairs(&group->primary.headers, &remote.headers);
        trust_config_close(&config);
        free(text);
    }
}

static void what_is_shown_has_no_secret(void **state)
{
    (void)state;
    const struct groups_text_form form = {.newline = "\n", .indent = 2, .is_shown = true};
    char *text = write(&form, &remote);
    assert_string_equal(text, "groups:\n  \"on\":\n    primary:\n"
                              "      subject: \"https://x.example/mcp\"\n"
                              "      url: \"https://x.example/mcp\xe2\x80\xa6\"\n"
                              "      headers:\n        \"A B\": \"\xe2\x80\xa6\"\n");
    free(text);
    text = write(&form, &server);
    assert_non_null(strstr(text, "\"--api-key\", \"\xe2\x80\xa6\"]"));
    assert_non_null(strstr(text, "\"null\": \"\xe2\x80\xa6\""));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(what_is_shown_has_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
