/* shield/outcome: each class's row, and its name. */
#include "shield/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

static void each_class_has_its_effect_and_its_name(void **state)
{
    (void)state;
    static const struct {
        enum trust_outcome_class class_;
        const char *name;
        bool is_neutral, counts_in_streak, breaks_streak, is_slow;
        uint8_t half_failures;
    } rows[TRUST_OUTCOME_CLASS_COUNT] = {
        {TRUST_OUTCOME_OK, "ok", false, false, true, false, 0},
        {TRUST_OUTCOME_REFUSED, "refused", false, true, false, false, 2},
        {TRUST_OUTCOME_TIMEOUT, "timeout", false, true, false, true, 2},
        {TRUST_OUTCOME_HTTP5XX, "http5xx", false, true, false, false, 2},
        {TRUST_OUTCOME_GARBAGE, "garbage", false, true, false, false, 2},
        {TRUST_OUTCOME_RATE_LIMITED, "rate_limited", false, false, false, false, 2},
        {TRUST_OUTCOME_AUTH, "auth", true, false, false, false, 0},
        {TRUST_OUTCOME_SESSION_LOST, "session_lost", true, false, false, false, 0},
        {TRUST_OUTCOME_INTERNAL, "internal", false, false, false, false, 1},
        {TRUST_OUTCOME_CALLER, "caller", true, false, false, false, 0},
        {TRUST_OUTCOME_CANCELLED, "cancelled", true, false, false, false, 0},
    };
    for (size_t i = 0; i < TRUST_OUTCOME_CLASS_COUNT; i++) {
        assert_int_equal(rows[i].class_, i);
        struct trust_outcome_effect effect = trust_outcome_effect(rows[i].class_, false);
        assert_int_equal(effect.is_neutral, rows[i].is_neutral);
        assert_int_equal(effect.counts_in_streak, rows[i].counts_in_streak);
        assert_int_equal(effect.breaks_streak, rows[i].breaks_streak);
        assert_int_equal(effect.is_slow, rows[i].is_slow);
        assert_int_equal(effect.half_failures, rows[i].half_failures);
        assert_string_equal(trust_outcome_name(rows[i].class_), rows[i].name);
        enum trust_outcome_class class_ = TRUST_OUTCOME_CANCELLED;
        assert_int_equal(trust_outcome_parse(&class_, trust_bytes_text(rows[i].name)), TRUST_OK);
        assert_int_equal(class_, rows[i].class_);
    }
}

static void a_second_lost_session_is_a_failure_and_nothing_else_changes(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < TRUST_OUTCOME_CLASS_COUNT; i++) {
        enum trust_outcome_class class_ = (enum trust_outcome_class)i;
        struct trust_outcome_effect once = trust_outcome_effect(class_, false);
        struct trust_outcome_effect again = trust_outcome_effect(class_, true);
        if (class_ == TRUST_OUTCOME_SESSION_LOST)
            once = trust_outcome_effect(TRUST_OUTCOME_REFUSED, false);
        assert_memory_equal(&once, &again, sizeof once);
    }
}

static void a_name_is_exact(void **state)
{
    (void)state;
    static const char *const names[] = {"", "OK", "ok ", "o", "http500", "rate-limited", "slow"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        enum trust_outcome_class class_ = TRUST_OUTCOME_AUTH;
        assert_int_equal(trust_outcome_parse(&class_, trust_bytes_text(names[i])), TRUST_NO_RANGE);
        assert_int_equal(class_, TRUST_OUTCOME_AUTH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_has_its_effect_and_its_name),
        cmocka_unit_test(a_second_lost_session_is_a_failure_and_nothing_else_changes),
        cmocka_unit_test(a_name_is_exact),
    };
    return cmocka_run_group_tests_name("shield/outcome", tests, NULL, NULL);
}
