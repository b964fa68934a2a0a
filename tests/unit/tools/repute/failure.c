/* repute/failure: the first thing that went wrong stands, and each error has its exit code. */
#include "repute/failure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_error_has_the_exit_code_of_its_kind(void **state)
{
    (void)state;
    static const struct {
        enum trust_error error;
        int exit;
    } rows[] = {
        {TRUST_OK, 0},           {TRUST_FAIL_MEMORY, 5},   {TRUST_FAIL_LIBRARY, 5},
        {TRUST_NO_NODE, 3},      {TRUST_NO_PASSPHRASE, 4}, {TRUST_NO_PERMISSION, 4},
        {TRUST_NO_CHALLENGE, 4}, {TRUST_NO_FILE, 4},       {TRUST_NO_RUNNING, 8},
        {TRUST_NO_OPTION, 2},    {TRUST_NO_FOUND, 1},      {TRUST_NO_PROVIDER, 1},
        {TRUST_NO_OLDER, 1},     {TRUST_NO_CONFLICT, 1},   {TRUST_NO_SIGNATURE, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(failure_exit_of(rows[i].error), rows[i].exit);
}

static void the_first_failure_stands(void **state)
{
    (void)state;
    struct failure failure = {0};
    assert_int_equal(failure_set(&failure, TRUST_NO_FOUND, NULL, "no %s", "draft"), TRUST_NO_FOUND);
    assert_int_equal(failure_misuse(&failure, TRUST_NO_RANGE, "later", "later"), TRUST_NO_FOUND);
    assert_string_equal(failure.code, "TRUST_NO_FOUND");
    assert_string_equal(failure.message, "no draft");
    assert_string_equal(failure.next, "");
    assert_int_equal(failure.exit, 1);
}

static void what_was_typed_wrong_has_exit_code_2(void **state)
{
    (void)state;
    struct failure failure = {0};
    assert_int_equal(failure_misuse(&failure, TRUST_NO_SUBJECT, "see", "not %d", 7),
                     TRUST_NO_SUBJECT);
    assert_int_equal(failure.exit, 2);
    assert_string_equal(failure.message, "not 7");
    assert_string_equal(failure.next, "see");
}

static void each_error_has_a_next_step(void **state)
{
    (void)state;
    for (int error = -20; error <= TRUST_NO_CONFLICT; error++)
        assert_true(failure_next_of((enum trust_error)error)[0] != '\0');
    assert_string_equal(failure_next_of(TRUST_NO_ROOM), "make room on the disk, then try again");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_error_has_the_exit_code_of_its_kind),
        cmocka_unit_test(the_first_failure_stands),
        cmocka_unit_test(each_error_has_a_next_step),
        cmocka_unit_test(what_was_typed_wrong_has_exit_code_2),
    };
    return cmocka_run_group_tests_name("repute/failure", tests, NULL, NULL);
}
