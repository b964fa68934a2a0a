/* repute/ids: what people type becomes canonical, or is refused before the node is asked. */
#include "repute/ids.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define ALICE "rpt1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqsrlrdgs"
#define NODE "rpn1qszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqlld8hz"

static void spellings_of_a_server_become_its_id(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"mcp:io.example/search", "mcp:io.example/search"},
        {"HTTPS://MCP.Acme.dev:443/mcp", "https://mcp.acme.dev/mcp"},
        {"pkg:npm/@acme/search", "pkg:npm/%40acme/search"},
    };
    struct capture capture;
    capture_begin(&capture, OUTPUT_TEXT);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        assert_int_equal(ids_subject(&capture.context, subject, cases[i][0]), TRUST_OK);
        assert_string_equal(subject, cases[i][1]);
    }
    capture_end(&capture);
}

static void what_is_no_id_is_a_wrong_command_line(void **state)
{
    (void)state;
    struct capture capture;
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(ids_subject(&capture.context, subject, "search tool"), TRUST_NO_SUBJECT);
    assert_int_equal(capture.context.failure.exit, FAILURE_EXIT_USAGE);
    assert_string_equal(capture.context.failure.message, "\"search tool\" is no id of a server");
    capture_end(&capture);
}

static void an_address_that_is_no_id_is_told_why(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"http://mcp.acme.dev/mcp", "http is not proven"},
        {"https://mcp.acme.dev/mcp?key=1", "no query and no fragment"},
        {"https://mcp.acme.dev/mcp#tools", "no query and no fragment"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct capture capture;
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        capture_begin(&capture, OUTPUT_TEXT);
        assert_int_equal(ids_subject(&capture.context, subject, cases[i][0]), TRUST_NO_SUBJECT);
        assert_non_null(strstr(capture.context.failure.message, cases[i][1]));
        capture_end(&capture);
    }
}

static void a_key_of_another_use_is_called_that(void **state)
{
    (void)state;
    struct capture capture;
    char key[TRUST_KEY_TEXT_SIZE];
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(ids_key(&capture.context, key, NODE, TRUST_KEY_OPERATOR), TRUST_NO_KEY);
    assert_non_null(strstr(capture.context.failure.message, "is the key of a node"));
    capture_end(&capture);
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(ids_key(&capture.context, key, ALICE, TRUST_KEY_NODE), TRUST_NO_KEY);
    assert_non_null(strstr(capture.context.failure.message, "is the key of an operator"));
    capture_end(&capture);
}

static void keys_are_taken_in_upper_case_too(void **state)
{
    (void)state;
    struct capture capture;
    char key[TRUST_KEY_TEXT_SIZE];
    char upper[] = ALICE;
    for (char *c = upper; *c != '\0'; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(ids_key(&capture.context, key, upper, TRUST_KEY_OPERATOR), TRUST_OK);
    assert_string_equal(key, ALICE);
    capture_end(&capture);
}

static void a_typing_error_in_a_key_is_found_without_a_node(void **state)
{
    (void)state;
    static const char *const typed[] = {
        "rpt1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqsrlrdgt",
        NODE, /* another use */
        "rpt1",
    };
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct capture capture;
        char key[TRUST_KEY_TEXT_SIZE];
        capture_begin(&capture, OUTPUT_TEXT);
        assert_int_equal(ids_key(&capture.context, key, typed[i], TRUST_KEY_OPERATOR),
                         TRUST_NO_KEY);
        assert_int_equal(capture.context.failure.exit, FAILURE_EXIT_USAGE);
        capture_end(&capture);
    }
}

static void a_pet_name_needs_the_node(void **state)
{
    (void)state;
    struct capture capture;
    char key[TRUST_KEY_TEXT_SIZE];
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(ids_key(&capture.context, key, "alice", TRUST_KEY_OPERATOR), TRUST_NO_NODE);
    assert_int_equal(capture.context.failure.exit, FAILURE_EXIT_NODE);
    capture_end(&capture);
}

static void hashes_have_64_digits(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        enum trust_error error;
    } cases[] = {
        {"0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef", TRUST_OK},
        {"0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcde", TRUST_NO_SYNTAX},
        {"0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef0", TRUST_NO_SYNTAX},
        {"0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdeg", TRUST_NO_SYNTAX},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct capture capture;
        capture_begin(&capture, OUTPUT_TEXT);
        assert_int_equal(ids_check_hash(&capture.context, "manifest", cases[i].typed),
                         cases[i].error);
        capture_end(&capture);
    }
}

static void an_id_in_a_path_is_escaped(void **state)
{
    (void)state;
    char path[CONTEXT_PATH_SIZE];
    ids_path(path, "/v1/servers/", "pkg:npm/%40acme/search", "/explain");
    assert_string_equal(path, "/v1/servers/pkg%3Anpm%2F%2540acme%2Fsearch/explain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_of_a_server_become_its_id),
        cmocka_unit_test(what_is_no_id_is_a_wrong_command_line),
        cmocka_unit_test(keys_are_taken_in_upper_case_too),
        cmocka_unit_test(an_address_that_is_no_id_is_told_why),
        cmocka_unit_test(a_key_of_another_use_is_called_that),
        cmocka_unit_test(a_typing_error_in_a_key_is_found_without_a_node),
        cmocka_unit_test(a_pet_name_needs_the_node),
        cmocka_unit_test(hashes_have_64_digits),
        cmocka_unit_test(an_id_in_a_path_is_escaped),
    };
    return cmocka_run_group_tests_name("tools/repute/ids", tests, NULL, NULL);
}
