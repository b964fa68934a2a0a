/* repute/program: what becomes of a command whose program is not there; that it becomes one is
 * tests/cli/mcp_serve.py's. */
#include "repute/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_program_that_is_not_there_is_named(void **state)
{
    (void)state;
    static const char *const words[] = {"--group", "a", NULL};
    struct context context = {.is_home_given = true};
    assert_int_equal(program_become(&context, "repute-nothing", "nothing", words), TRUST_NO_FILE);
    assert_non_null(strstr(context.failure.message, "/repute-nothing: "));
    assert_non_null(strstr(context.failure.next, "install"));
    assert_int_equal(context.exit_code, FAILURE_EXIT_YES);
    context_close(&context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_program_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("repute/program", tests, NULL, NULL);
}
