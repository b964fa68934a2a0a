/* host/breaker_section: the policy a configuration sets, and its refusals. */
#include "load.h"

static void keys_become_the_policy(void **state)
{
    (void)state;
    struct trust_config config =
        load("breaker: { window: 10s, min_calls: 20, streak: 3, fail_pct: 25, slow_pct: 0, open: "
             "250ms, open_max: 1m, probes: 1 }\n");
    assert_int_equal(config.breaker.window_ms, 10000);
    assert_int_equal(config.breaker.min_calls, 20);
    assert_int_equal(config.breaker.streak, 3);
    assert_int_equal(config.breaker.fail_pct, 25);
    assert_int_equal(config.breaker.slow_pct, 0);
    assert_int_equal(config.breaker.open_ms, 250);
    assert_int_equal(config.breaker.open_max_ms, 60000);
    assert_int_equal(config.breaker.probes, 1);
    assert_int_equal(entry_of(&config, "breaker.open").mark.line, 1);
    trust_config_close(&config);
}

static void the_defaults_are_those_of_the_policy(void **state)
{
    (void)state;
    struct trust_config config = load("");
    struct trust_breaker_policy expected = trust_breaker_policy_default();
    assert_memory_equal(&config.breaker, &expected, sizeof expected);
    assert_string_equal(entry_of(&config, "breaker.open_max").value, "300s");
    trust_config_close(&config);
}

static void wrong_keys_and_values_are_refused(void **state)
{
    (void)state;
    assert_refused("breaker: { steak: 3 }\n", TRUST_NO_OPTION,
                   "test.yaml:1:12: unknown key \"steak\" in breaker; did you mean \"streak\"?");
    assert_refused("breaker: { window: 30 }\n", TRUST_NO_SYNTAX,
                   "test.yaml:1:20: breaker.window: expected a duration from 10ms to 24h");
    assert_refused("breaker: { fail_pct: 101 }\n", TRUST_NO_RANGE,
                   "test.yaml:1:22: breaker.fail_pct: expected a whole number from 0 (off) to 100");
    assert_refused("breaker: [ 1 ]\n", TRUST_NO_TYPE,
                   "test.yaml:1:12: breaker: expected a section of keys and values");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_become_the_policy),
        cmocka_unit_test(the_defaults_are_those_of_the_policy),
        cmocka_unit_test(wrong_keys_and_values_are_refused),
    };
    return cmocka_run_group_tests_name("host/breaker_section", tests, NULL, NULL);
}
