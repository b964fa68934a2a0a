/* repute/flagging: a rule keeps to its alphabet. */
#include "repute/flagging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_rule_is_taken_or_is_manual(void **state)
{
    (void)state;
    struct context context = {0};
    struct draft draft = {0};
    const struct command_setting given = {.is_given = true, .text = "Rule-1.2_x"};
    const struct command_setting none = {0};
    assert_int_equal(flagging_rule(&context, &draft, &given), TRUST_OK);
    assert_string_equal(draft.rule, "Rule-1.2_x");
    assert_int_equal(flagging_rule(&context, &draft, &none), TRUST_OK);
    assert_string_equal(draft.rule, "manual");
}

static void other_characters_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"a b", "a/b", "a:b", "r\303\274le", "a\n"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct context context = {0};
        struct draft draft = {0};
        const struct command_setting rule = {.is_given = true, .text = rows[i]};
        assert_int_equal(flagging_rule(&context, &draft, &rule), TRUST_NO_RANGE);
        assert_int_equal(context.failure.exit, 2);
        assert_string_equal(draft.rule, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_taken_or_is_manual),
        cmocka_unit_test(other_characters_are_refused),
    };
    return cmocka_run_group_tests_name("repute/flagging", tests, NULL, NULL);
}
