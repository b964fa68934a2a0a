/* mcp/resource: URIs of servers, there and back. */
#include "mcp/resource.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static void a_uri_leads_back_to_its_subject(void **state)
{
    (void)state;
    static const struct {
        const char *subject;
        const char *uri;
    } rows[] = {
        {"mcp:io.example/search", "repute://score/mcp%3Aio.example%2Fsearch"},
        {"pkg:npm/%40acme/x", "repute://score/pkg%3Anpm%2F%2540acme%2Fx"},
        {"https://x.example/mcp", "repute://score/https%3A%2F%2Fx.example%2Fmcp"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char uri[RESOURCE_URI_SIZE];
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        resource_uri(uri, rows[i].subject);
        assert_string_equal(uri, rows[i].uri);
        assert_int_equal(resource_subject(subject, trust_bytes_text(uri)), TRUST_OK);
        assert_string_equal(subject, rows[i].subject);
    }
}

static void one_without_escapes_reads_too(void **state)
{
    (void)state;
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    assert_int_equal(
        resource_subject(subject, trust_bytes_text("repute://score/HTTPS://X.example:443/")),
        TRUST_OK);
    assert_string_equal(subject, "https://x.example");
}

static void the_longest_subject_has_room(void **state)
{
    (void)state;
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char uri[RESOURCE_URI_SIZE];
    memset(subject, '/', sizeof subject - 1);
    subject[sizeof subject - 1] = '\0';
    resource_uri(uri, subject);
    assert_int_equal(strlen(uri), 15 + 600);
}

static void what_is_no_uri_of_ours_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *uri;
        enum trust_error error;
    } rows[] = {
        {"", TRUST_NO_FOUND},
        {"repute://score/", TRUST_NO_FOUND},
        {"repute://scores/mcp:io.example/a", TRUST_NO_FOUND},
        {"file:///etc/passwd", TRUST_NO_FOUND},
        {"repute://score/%", TRUST_NO_SUBJECT},
        {"repute://score/%4", TRUST_NO_SUBJECT},
        {"repute://score/%gg", TRUST_NO_SUBJECT},
        {"repute://score/a b", TRUST_NO_SUBJECT},
        {"repute://score/mcp%3Aio.example%2Fa%00", TRUST_NO_SUBJECT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char subject[TRUST_SUBJECT_TEXT_SIZE];
        assert_int_equal(resource_subject(subject, trust_bytes_text(rows[i].uri)), rows[i].error);
    }
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char longest[4096] = "repute://score/";
    memset(longest + 15, 'a', sizeof longest - 16);
    assert_int_equal(resource_subject(subject, trust_bytes_text(longest)), TRUST_NO_SUBJECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uri_leads_back_to_its_subject),
        cmocka_unit_test(one_without_escapes_reads_too),
        cmocka_unit_test(the_longest_subject_has_room),
        cmocka_unit_test(what_is_no_uri_of_ours_is_refused),
    };
    return cmocka_run_group_tests_name("mcp/resource", tests, NULL, NULL);
}
