/* repute/breakers_table: breakers in all three forms. */
#include "repute/breakers_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"

#define BREAKER                                                                                    \
    "{'key':'mcp:io.example/search','state':'open','reason':'streak','calls':12,'failures':5.5,"   \
    "'slow':1,'streak':5,'opens_in_ms':4250,'generation':3}"

static void check_list(enum output_form form, const char *document, const char *wanted)
{
    struct capture capture;
    json_t *breakers = capture_document(document);
    capture_begin(&capture, form);
    assert_int_equal(breakers_table_list(&capture.context, breakers), TRUST_OK);
    assert_string_equal(capture_text(&capture), wanted);
    capture_end(&capture);
    json_decref(breakers);
}

static void a_list_has_its_columns(void **state)
{
    (void)state;
    check_list(
        OUTPUT_TEXT, "[" BREAKER "]",
        "SERVER                 STATE  REASON  CALLS  FAILURES  SLOW  STREAK  RETRY IN  "
        "GENERATION\n"
        "mcp:io.example/search  open   streak  12     5.5       1     5       4.3 s     3\n");
    check_list(OUTPUT_PLAIN, "[" BREAKER "]",
               "mcp:io.example/search\topen\tstreak\t12\t5.5\t1\t5\t4250\t3\n");
    check_list(OUTPUT_JSON, "[" BREAKER "]",
               "[{\"key\":\"mcp:io.example/search\",\"state\":\"open\",\"reason\":\"streak\","
               "\"calls\":12,\"failures\":5.5,\"slow\":1,\"streak\":5,\"opens_in_ms\":4250,"
               "\"generation\":3}]\n");
}

static void an_empty_list_says_so(void **state)
{
    (void)state;
    check_list(OUTPUT_TEXT, "[]", "no breakers yet: they begin with the first call to a server\n");
    check_list(OUTPUT_PLAIN, "[]", "");
    check_list(OUTPUT_JSON, "[]", "[]\n");
}

static void one_breaker_has_a_line_a_figure(void **state)
{
    (void)state;
    struct capture capture;
    json_t *breaker = capture_document(BREAKER);
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(breakers_table_one(&capture.context, breaker), TRUST_OK);
    assert_string_equal(capture_text(&capture), "server      mcp:io.example/search\n"
                                                "state       open\n"
                                                "reason      streak\n"
                                                "calls       12\n"
                                                "failures    5.5\n"
                                                "slow        1\n"
                                                "streak      5\n"
                                                "retry in    4.3 s\n"
                                                "generation  3\n");
    capture_end(&capture);
    json_decref(breaker);
}

static void a_closed_one_has_nothing_to_wait_for(void **state)
{
    (void)state;
    struct capture capture;
    json_t *breaker = capture_document("{'state':'closed','opens_in_ms':0}");
    capture_begin(&capture, OUTPUT_TEXT);
    assert_int_equal(breakers_table_one(&capture.context, breaker), TRUST_OK);
    assert_non_null(strstr(capture_text(&capture), "\nretry in    -\n"));
    capture_end(&capture);
    json_decref(breaker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_has_its_columns),
        cmocka_unit_test(an_empty_list_says_so),
        cmocka_unit_test(a_closed_one_has_nothing_to_wait_for),
        cmocka_unit_test(one_breaker_has_a_line_a_figure),
    };
    return cmocka_run_group_tests_name("tools/repute/breakers_table", tests, NULL, NULL);
}
