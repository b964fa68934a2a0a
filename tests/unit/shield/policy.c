/* shield/policy: defaults, ranges and texts of every key. */
#include "trust/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

static enum trust_error set(struct trust_breaker_policy *policy, const char *key, const char *value)
{
    return trust_breaker_policy_set(policy, trust_bytes_text(key), trust_bytes_text(value));
}

static void the_defaults_are_the_documented_ones_and_valid(void **state)
{
    (void)state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    assert_int_equal(policy.window_ms, 30000);
    assert_int_equal(policy.window_calls, 0);
    assert_int_equal(policy.min_calls, 10);
    assert_int_equal(policy.streak, 5);
    assert_int_equal(policy.fail_pct, 50);
    assert_int_equal(policy.slow_pct, 80);
    assert_int_equal(policy.open_ms, 5000);
    assert_int_equal(policy.open_max_ms, 300000);
    assert_int_equal(policy.backoff_ppm, 2000000);
    assert_int_equal(policy.jitter_ppm, 500000);
    assert_int_equal(policy.probes, 3);
    assert_int_equal(policy.slow_ms, 0);
    assert_int_equal(policy.lease_ms, 0);
    assert_int_equal(policy.seed, 0);
    assert_int_equal(trust_breaker_policy_check(&policy, NULL), TRUST_OK);
}

/* For each key: the least and the most that text can say, one beyond each, and wrong forms. */
static const struct {
    const char *key, *least, *most, *below, *above, *wrong;
} bounds[] = {
    {"window", "10ms", "24h", "9ms", "86400001ms", "30"},
    {"min_calls", "1", "1000000", "0", "1000001", "10s"},
    {"streak", "0", "1000", NULL, "1001", "5.5"},
    {"fail_pct", "0", "100", NULL, "101", "50%"},
    {"slow_pct", "0", "100", NULL, "101", "-1"},
    {"open", "1ms", "1h", "0ms", "3601s", "5sec"},
    {"open_max", "1ms", "1d", "0s", "2d", "s"},
    {"probes", "1", "10", "0", "11", ""},
    {"window_calls", "0", "300", NULL, "301", " 100"},
    {"slow", "1ms", "60m", "0s", "61m", "1.0001s"},
    {"backoff", "1", "4", "0.999999", "4.000001", "2x"},
    {"jitter", "0", "0.5", NULL, "0.500001", ".5"},
    {"lease", "1ms", "1h", "0ms", "2h", "1."},
    {"seed", "0", "18446744073709551615", NULL, "18446744073709551616", "0x10"},
};

#define BOUND_COUNT (sizeof bounds / sizeof *bounds)

static void each_key_takes_its_range_and_nothing_beyond(void **state)
{
    (void)state;
    for (size_t i = 0; i < BOUND_COUNT; i++) {
        struct trust_breaker_policy policy = trust_breaker_policy_default();
        assert_string_equal(trust_breaker_policy_key((uint32_t)i), bounds[i].key);
        assert_int_equal(set(&policy, bounds[i].key, bounds[i].least), TRUST_OK);
        assert_int_equal(set(&policy, bounds[i].key, bounds[i].most), TRUST_OK);
        struct trust_breaker_policy before = policy;
        if (bounds[i].below != NULL)
            assert_int_equal(set(&policy, bounds[i].key, bounds[i].below), TRUST_NO_RANGE);
        assert_int_equal(set(&policy, bounds[i].key, bounds[i].above), TRUST_NO_RANGE);
        assert_int_equal(set(&policy, bounds[i].key, bounds[i].wrong), TRUST_NO_SYNTAX);
        assert_memory_equal(&policy, &before, sizeof policy);
    }
    assert_null(trust_breaker_policy_key(BOUND_COUNT));
    assert_null(trust_breaker_policy_expected(BOUND_COUNT));
}

static void each_key_says_what_it_expects(void **state)
{
    (void)state;
    assert_string_equal(trust_breaker_policy_expected(0), "a duration from 10ms to 24h");
    assert_string_equal(trust_breaker_policy_expected(BOUND_COUNT - 1),
                        "a whole number below 2^64");
}

static void each_key_sets_its_own_member(void **state)
{
    (void)state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    static const char *const pairs[][2] = {
        {"window", "10s"},       {"min_calls", "4"},    {"streak", "3"},    {"fail_pct", "40"},
        {"slow_pct", "60"},      {"open", "1.5s"},      {"open_max", "2m"}, {"probes", "5"},
        {"window_calls", "100"}, {"slow", "250ms"},     {"backoff", "1.5"}, {"jitter", "0.25"},
        {"lease", "0.5s"},       {"seed", "123456789"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_int_equal(set(&policy, pairs[i][0], pairs[i][1]), TRUST_OK);
    assert_int_equal(policy.window_ms, 10000);
    assert_int_equal(policy.min_calls, 4);
    assert_int_equal(policy.streak, 3);
    assert_int_equal(policy.fail_pct, 40);
    assert_int_equal(policy.slow_pct, 60);
    assert_int_equal(policy.open_ms, 1500);
    assert_int_equal(policy.open_max_ms, 120000);
    assert_int_equal(policy.probes, 5);
    assert_int_equal(policy.window_calls, 100);
    assert_int_equal(policy.slow_ms, 250);
    assert_int_equal(policy.backoff_ppm, 1500000);
    assert_int_equal(policy.jitter_ppm, 250000);
    assert_int_equal(policy.lease_ms, 500);
    assert_int_equal(policy.seed, 123456789);
    assert_int_equal(trust_breaker_policy_check(&policy, NULL), TRUST_OK);
}

static void units_are_needed_and_known(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t window_ms; /* 0: refused */
    } rows[] = {
        {"90ms", 90},      {"9s", 9000},    {"9m", 540000}, {"9h", 32400000}, {"1d", 86400000},
        {"0.5m", 30000},   {"1.25s", 1250}, {"9 s", 0},     {"9S", 0},        {"9min", 0},
        {"9us", 0},        {"s9", 0},       {"+9s", 0},     {"9s ", 0},       {"1e3s", 0},
        {"1.0000001s", 0}, {"0.0105s", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_breaker_policy policy = trust_breaker_policy_default();
        enum trust_error error = set(&policy, "window", rows[i].text);
        assert_int_equal(error, rows[i].window_ms > 0 ? TRUST_OK : TRUST_NO_SYNTAX);
        if (rows[i].window_ms > 0)
            assert_int_equal(policy.window_ms, rows[i].window_ms);
    }
}

static void numbers_too_long_for_any_field_are_out_of_range(void **state)
{
    (void)state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    assert_int_equal(set(&policy, "streak", "99999999999999999999999"), TRUST_NO_RANGE);
    assert_int_equal(set(&policy, "window", "1844674407370d"), TRUST_NO_RANGE);
    assert_int_equal(set(&policy, "backoff", "18446744073709"), TRUST_NO_RANGE);
}

static void an_unknown_key_is_told_apart(void **state)
{
    (void)state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    assert_int_equal(set(&policy, "windows", "30s"), TRUST_NO_OPTION);
    assert_int_equal(set(&policy, "", "30s"), TRUST_NO_OPTION);
    assert_int_equal(set(&policy, "window_ms", "30"), TRUST_NO_OPTION);
}

static void the_check_names_the_first_wrong_key(void **state)
{
    (void)state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    const char *key = NULL;
    policy.probes = 11;
    assert_int_equal(trust_breaker_policy_check(&policy, &key), TRUST_NO_RANGE);
    assert_string_equal(key, "probes");
    policy.window_ms = 0;
    assert_int_equal(trust_breaker_policy_check(&policy, &key), TRUST_NO_RANGE);
    assert_string_equal(key, "window");
}

static void more_calls_than_the_window_holds_are_refused(void **state)
{
    (void)state;
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    const char *key = NULL;
    policy.window_calls = 9;
    assert_int_equal(trust_breaker_policy_check(&policy, &key), TRUST_NO_RANGE);
    assert_string_equal(key, "min_calls");
    policy.window_calls = 10;
    assert_int_equal(trust_breaker_policy_check(&policy, &key), TRUST_OK);
    policy.min_calls = 11;
    policy.window_calls = 0;
    assert_int_equal(trust_breaker_policy_check(&policy, &key), TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_the_documented_ones_and_valid),
        cmocka_unit_test(each_key_takes_its_range_and_nothing_beyond),
        cmocka_unit_test(each_key_says_what_it_expects),
        cmocka_unit_test(each_key_sets_its_own_member),
        cmocka_unit_test(units_are_needed_and_known),
        cmocka_unit_test(numbers_too_long_for_any_field_are_out_of_range),
        cmocka_unit_test(an_unknown_key_is_told_apart),
        cmocka_unit_test(the_check_names_the_first_wrong_key),
        cmocka_unit_test(more_calls_than_the_window_holds_are_refused),
    };
    return cmocka_run_group_tests_name("shield/policy", tests, NULL, NULL);
}
