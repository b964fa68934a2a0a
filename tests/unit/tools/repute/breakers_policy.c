/* repute/breakers_policy: a flat file of a policy's keys, and what each wrong one is told. */
#include "repute/breakers_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static enum trust_error load(struct trust_breaker_policy *out_policy,
                             struct trust_yaml_fault *out_fault, const char *text)
{
    return breakers_policy_load(out_policy, out_fault, "p.yaml", trust_bytes_text(text));
}

static void every_key_is_read_from_yaml_and_from_json(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "window: 10s\nmin_calls: 4\nstreak: 3\nfail_pct: 40\nslow_pct: 60\nopen: 1.5s\n"
        "open_max: 2m\nprobes: 5\nwindow_calls: 100\nslow: 250ms\nbackoff: 1.5\njitter: 0.25\n"
        "lease: 500ms\nseed: 18446744073709551615\n",
        "{\"window\": \"10s\", \"min_calls\": 4, \"streak\": 3, \"fail_pct\": 40, \"slow_pct\": 60,"
        " \"open\": \"1.5s\", \"open_max\": \"2m\", \"probes\": 5, \"window_calls\": 100,"
        " \"slow\": \"250ms\", \"backoff\": 1.5, \"jitter\": 0.25, \"lease\": \"500ms\","
        " \"seed\": 18446744073709551615}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct trust_breaker_policy policy;
        struct trust_yaml_fault fault;
        assert_int_equal(load(&policy, &fault, texts[i]), TRUST_OK);
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
        assert_true(policy.seed == UINT64_MAX);
    }
}

static void what_is_not_there_keeps_its_default(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "# nothing\n", "{}\n"};
    struct trust_breaker_policy wanted = trust_breaker_policy_default();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct trust_breaker_policy policy;
        struct trust_yaml_fault fault;
        memset(&policy, 0xff, sizeof policy);
        assert_int_equal(load(&policy, &fault, texts[i]), TRUST_OK);
        assert_int_equal(policy.window_ms, wanted.window_ms);
        assert_int_equal(policy.probes, wanted.probes);
        assert_int_equal(policy.jitter_ppm, wanted.jitter_ppm);
        assert_int_equal(policy.seed, 0);
    }
}

static void a_wrong_file_is_told_what_and_where(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum trust_error error;
        const char *begins;
    } rows[] = {
        {"window: 30\n", TRUST_NO_SYNTAX,
         "p.yaml:1:9: window: expected a duration from 10ms to 24h"},
        {"\n  probes: 0\n", TRUST_NO_RANGE, "p.yaml:2:11: probes: expected a whole number from 1"},
        {"streek: 5\n", TRUST_NO_OPTION,
         "p.yaml:1:1: unknown key \"streek\"; did you mean \"streak\"?"},
        {"colour: red\n", TRUST_NO_OPTION, "p.yaml:1:1: unknown key \"colour\"\n"},
        {"open: [5s]\n", TRUST_NO_TYPE, "p.yaml:1:8: open: expected a duration from 1ms to 1h"},
        {"jitter: 0.51\n", TRUST_NO_RANGE, "p.yaml:1:9: jitter: expected a number from 0 to 0.5"},
        {"- 1\n", TRUST_NO_TYPE, "p.yaml:1:"},
        {"breaker: { streak: 5 }\n", TRUST_NO_OPTION, "p.yaml:1:1: unknown key \"breaker\""},
        {"window: 30s: 4\n", TRUST_NO_SYNTAX, "p.yaml:1:"},
        {"window_calls: 9\n", TRUST_NO_RANGE,
         "p.yaml:1:15: min_calls (10) is more than window_calls (9)"},
        {"window_calls: 5\nmin_calls: 6\n", TRUST_NO_RANGE, "p.yaml:2:12: min_calls (6) is more"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_breaker_policy policy = trust_breaker_policy_default();
        struct trust_yaml_fault fault = {0};
        policy.streak = 99;
        assert_string_equal(trust_error_name(load(&policy, &fault, rows[i].text)),
                            trust_error_name(rows[i].error));
        if (strncmp(fault.text, rows[i].begins, strlen(rows[i].begins)) != 0)
            assert_string_equal(fault.text, rows[i].begins);
        assert_int_equal(policy.streak, 99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_read_from_yaml_and_from_json),
        cmocka_unit_test(what_is_not_there_keeps_its_default),
        cmocka_unit_test(a_wrong_file_is_told_what_and_where),
    };
    return cmocka_run_group_tests_name("repute/breakers_policy", tests, NULL, NULL);
}
