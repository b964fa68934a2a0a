/* node/advice: what is special stands before what is general, and there is always something. */
#include "node/advice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_part_has_its_own_next_step_before_the_general_one(void **state)
{
    (void)state;
    static const struct {
        const char *part;
        enum trust_error error;
        const char *words;
    } cases[] = {
        {"node.key", TRUST_NO_FILE, "mode 0600"},
        {"store", TRUST_NO_FILE, "check.key"},
        {"records", TRUST_NO_FILE, "readable by nobody else"},
        {"store", TRUST_NO_VERSION, "newer program"},
        {"store", TRUST_NO_NETWORK, "`network`"},
        {"store", TRUST_NO_ROOM, "make room on the disk"},
        {"board", TRUST_NO_ROOM, "make room on the disk"},
        {"store", TRUST_NO_PERMISSION, "user that runs the node"},
        {"engine", TRUST_FAIL_MEMORY, "more memory"},
        {"link", TRUST_FAIL_LIBRARY, "this line of the log"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_non_null(strstr(advice_for(cases[i].part, cases[i].error), cases[i].words));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_has_its_own_next_step_before_the_general_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
