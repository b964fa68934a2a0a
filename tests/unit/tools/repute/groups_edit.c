/* repute/groups_edit: a group comes where groups stand, and every byte of the file stays. */
#include "repute/groups_edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "host/config.h"

#define SUBJECT "{ primary: { subject: \"mcp:io.example/a\" } }"

static const struct trust_group_server server = {.subject = "pkg:npm/x", .command = "npx"};
static const struct groups_edit_group added[] = {{"new", &server}, {"null", &server}};

static void expect(const char *text, size_t count, const char *wanted)
{
    struct patch patch = {0};
    struct patch shown = {0};
    uint8_t *made = NULL;
    size_t size = 0;
    enum trust_error error = groups_edit_add(&patch, &shown, trust_bytes_text(text), added, count);
    assert_int_equal(error, TRUST_OK);
    error = patch_apply(&patch, &made, &size, trust_bytes_text(text));
    assert_int_equal(error, TRUST_OK);
    assert_string_equal((char *)made, wanted);
    struct trust_config config;
    struct trust_yaml_fault fault = {0};
    error = trust_config_load(&config, &fault, "x", trust_bytes_text((char *)made));
    if (error != TRUST_OK)
        print_error("%s\n", fault.text);
    assert_int_equal(error, TRUST_OK);
    for (size_t i = 0; i < count; i++) {
        const struct trust_group *group = trust_config_group(&config, added[i].name);
        assert_non_null(group);
        assert_string_equal(group->primary.command, "npx");
    }
    trust_config_close(&config);
    free(made);
    patch_close(&patch);
    patch_close(&shown);
}

#define NEW "\n  new:\n    primary:\n      subject: \"pkg:npm/x\"\n      command: \"npx\""

static void a_file_without_groups_gets_them_at_its_end(void **state)
{
    (void)state;
    expect("", 1, "groups:" NEW "\n");
    expect("", 2,
           "groups:" NEW "\n  \"null\":\n    primary:\n      subject: \"pkg:npm/x\"\n"
           "      command: \"npx\"\n");
    expect("# mine\n", 1, "# mine\n\ngroups:" NEW "\n");
    expect("network: main", 1, "network: main\n\ngroups:" NEW "\n");
    expect("---\nnetwork: main\n", 1, "---\nnetwork: main\n\ngroups:" NEW "\n");
    expect("  network: main\n", 1,
           "  network: main\n\n  groups:\n    new:\n      primary:\n        subject: "
           "\"pkg:npm/x\"\n        command: \"npx\"\n");
    expect("network: main\r\n", 1,
           "network: main\r\n\r\ngroups:\r\n  new:\r\n    primary:\r\n      subject: "
           "\"pkg:npm/x\"\r\n      command: \"npx\"\r\n");
}

static void a_group_comes_behind_the_last(void **state)
{
    (void)state;
    expect("groups:\n  a: " SUBJECT "\n", 1, "groups:\n  a: " SUBJECT NEW "\n");
    expect("groups:\n  a: " SUBJECT, 1, "groups:\n  a: " SUBJECT NEW);
    expect("groups:\n  # of a\n  a: " SUBJECT " # too\n  # last\n\n# of network\nnetwork: main\n",
           1,
           "groups:\n  # of a\n  a: " SUBJECT " # too\n  # last" NEW
           "\n\n# of network\nnetwork: main\n");
    /* With the indentation that is there. */
    expect("groups:\n   a: " SUBJECT "\nnetwork: main\n", 1,
           "groups:\n   a: " SUBJECT "\n   new:\n     primary:\n       subject: \"pkg:npm/x\"\n"
           "       command: \"npx\"\nnetwork: main\n");
    expect("\"groups\":\n  \"a\": " SUBJECT "\n", 1, "\"groups\":\n  \"a\": " SUBJECT NEW "\n");
}

static void groups_without_a_member_are_opened(void **state)
{
    (void)state;
    expect("groups:\nnetwork: main\n", 1, "groups:" NEW "\nnetwork: main\n");
    expect("groups: # none yet\n", 1, "groups: # none yet" NEW "\n");
    expect("groups: {}\nnetwork: main\n", 1, "groups: " NEW "\nnetwork: main\n");
    expect("groups: { } # none\n", 1, "groups:  # none" NEW "\n");
}

static void groups_in_braces_get_one_in_braces(void **state)
{
    (void)state;
    expect("groups: { a: " SUBJECT " }\n", 1,
           "groups: { new: { primary: { subject: \"pkg:npm/x\", command: \"npx\" } }, a: " SUBJECT
           " }\n");
}

static void what_is_written_otherwise_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum trust_error error;
    } cases[] = {
        {"{ network: main }", TRUST_NO_TYPE}, {"groups: ~\n", TRUST_NO_TYPE},
        {"groups: {\n}\n", TRUST_NO_TYPE},    {"- a\n", TRUST_NO_TYPE},
        {"groups: &a {}\n", TRUST_NO_SYNTAX}, {"groups: {\n", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct patch patch = {0};
        struct patch shown = {0};
        enum trust_error error =
            groups_edit_add(&patch, &shown, trust_bytes_text(cases[i].text), added, 1);
        if (error != cases[i].error)
            print_error("%s\n", cases[i].text);
        assert_int_equal(error, cases[i].error);
        patch_close(&patch);
        patch_close(&shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_without_groups_gets_them_at_its_end),
        cmocka_unit_test(a_group_comes_behind_the_last),
        cmocka_unit_test(groups_without_a_member_are_opened),
        cmocka_unit_test(groups_in_braces_get_one_in_braces),
        cmocka_unit_test(what_is_written_otherwise_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
