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
        {"link", TRUST_NO_CONFLICT, "another link.listen"},
        {"link", TRUST_NO_FOUND, "address of this machine"},
        {"link", TRUST_NO_PERMISSION, "1024 or above"},
        {"peers", TRUST_NO_SYNTAX, "add the peers again"},
        {"peers", TRUST_NO_VERSION, "the line of `peers`"},
        {"names", TRUST_NO_SYNTAX, "the line of `names`"},
        {"names", TRUST_NO_CONFLICT, "the line of `names`"},
        {"names", TRUST_NO_KEY, "or move it away"},
        {"ignored", TRUST_NO_KEY, "the line of `ignored`"},
        {"ignored", TRUST_NO_ROOM, "more than fit"},
        {"link", TRUST_FAIL_LIBRARY, "this line of the log"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_non_null(strstr(advice_for(cases[i].part, cases[i].error), cases[i].words));
}

static void an_address_that_cannot_be_had_is_said_in_its_own_words(void **state)
{
    (void)state;
    assert_string_equal(advice_reason("link", TRUST_NO_CONFLICT), "the address is in use");
    assert_string_equal(advice_reason("api", TRUST_NO_CONFLICT),
                        trust_error_text(TRUST_NO_CONFLICT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_has_its_own_next_step_before_the_general_one),
        cmocka_unit_test(an_address_that_cannot_be_had_is_said_in_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
