/* client/problem: what the node refuses arrives with its name, whatever its body is. */
#include "client/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static enum trust_error read_problem(struct trust_problem *out_problem, int status,
                                     const char *body)
{
    return trust_problem_read(out_problem, status, trust_bytes_text(body));
}

static void a_problem_document_is_told_as_it_is(void **state)
{
    (void)state;
    struct trust_problem problem;
    assert_int_equal(
        read_problem(&problem, 400,
                     "{\"type\":\"about:blank\",\"title\":\"a title\",\"status\":400,"
                     "\"detail\":\"/subjects/3: not a subject\",\"code\":\"TRUST_NO_SUBJECT\","
                     "\"next\":\"see `repute help ids`\"}"),
        TRUST_NO_SUBJECT);
    assert_int_equal(problem.status, 400);
    assert_string_equal(problem.code, "TRUST_NO_SUBJECT");
    assert_string_equal(problem.message, "/subjects/3: not a subject");
    assert_string_equal(problem.next, "see `repute help ids`");
    assert_int_equal(read_problem(&problem, 500, "{\"title\":\"t\",\"code\":\"TRUST_FAIL_IO\"}"),
                     TRUST_FAIL_IO);
    assert_string_equal(problem.message, "t");
    assert_string_equal(problem.next, "");
}

static void without_a_document_the_status_says_what_it_is(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum trust_error expected;
    } rows[] = {
        {400, "", TRUST_NO_SYNTAX},
        {403, "<html>", TRUST_NO_PERMISSION},
        {404, "[1]", TRUST_NO_FOUND},
        {405, "{}", TRUST_NO_METHOD},
        {409, "{\"code\":3}", TRUST_NO_CONFLICT},
        {413, "null", TRUST_NO_SIZE},
        {503, "{\"code\":\"\"}", TRUST_NO_BUSY},
        {507, "{", TRUST_NO_ROOM},
        {500, "", TRUST_FAIL_LIBRARY},
        {418, "", TRUST_FAIL_LIBRARY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_problem problem;
        assert_int_equal(read_problem(&problem, rows[i].status, rows[i].body), rows[i].expected);
        assert_string_equal(problem.code, trust_error_name(rows[i].expected));
        assert_non_null(strstr(problem.message, "the node answered with status"));
    }
}

static void an_unknown_name_is_shown_and_counts_as_our_side(void **state)
{
    (void)state;
    struct trust_problem problem;
    assert_int_equal(read_problem(&problem, 400, "{\"code\":\"TRUST_NO_SUCH\",\"detail\":\"x\"}"),
                     TRUST_FAIL_LIBRARY);
    assert_string_equal(problem.code, "TRUST_NO_SUCH");
    /* A refusal that calls itself done is none. */
    assert_int_equal(read_problem(&problem, 400, "{\"code\":\"TRUST_OK\"}"), TRUST_FAIL_LIBRARY);
}

static void names_of_every_band_are_found(void **state)
{
    (void)state;
    static const enum trust_error rows[] = {TRUST_FAIL_MEMORY, TRUST_FAIL_LIBRARY,
                                            TRUST_NO_SIZE,     TRUST_NO_EXPIRED,
                                            TRUST_NO_FOUND,    TRUST_NO_CONFLICT};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(trust_problem_error(trust_error_name(rows[i])), rows[i]);
    assert_int_equal(trust_problem_error("TRUST_UNKNOWN"), TRUST_FAIL_LIBRARY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_document_is_told_as_it_is),
        cmocka_unit_test(without_a_document_the_status_says_what_it_is),
        cmocka_unit_test(an_unknown_name_is_shown_and_counts_as_our_side),
        cmocka_unit_test(names_of_every_band_are_found),
    };
    return cmocka_run_group_tests_name("client/problem", tests, NULL, NULL);
}
