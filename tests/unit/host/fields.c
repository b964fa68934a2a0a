/* host/fields: every kind of wrong value is refused where it stands, with what was expected. */
#include "load.h"

static void wrong_values_say_what_was_expected(void **state)
{
    (void)state;
    assert_refused("store: { limit: 8 }\n", TRUST_NO_SYNTAX,
                   "test.yaml:1:17: limit: expected a size from 1MiB to 4TiB\n"
                   "  store: { limit: 8 }\n"
                   "                  ^");
    assert_refused("store: { limit: 1KiB }\n", TRUST_NO_RANGE,
                   "test.yaml:1:17: limit: expected a size from 1MiB to 4TiB");
    assert_refused("store: { limit: [1] }\n", TRUST_NO_TYPE, "test.yaml:1:18: limit: expected");
    assert_refused("policy: { min_score: 1.5 }\n", TRUST_NO_RANGE,
                   "test.yaml:1:22: min_score: expected a number from 0 to 1");
    assert_refused("policy: { min_score: \"0.5\" }\n", TRUST_NO_TYPE,
                   "test.yaml:1:23: min_score: expected a number from 0 to 1");
    assert_refused("policy: { risk: hihg }\n", TRUST_NO_RANGE,
                   "test.yaml:1:17: risk: expected one of low, high; did you mean \"high\"?");
    assert_refused("link: { newcomers: yes }\n", TRUST_NO_SYNTAX,
                   "test.yaml:1:20: newcomers: expected true or false");
    assert_refused("operator: rpt1abc\n", TRUST_NO_KEY,
                   "test.yaml:1:11: operator: expected an operator key (rpt1");
}

static void unknown_keys_are_refused_with_the_nearest_known_one(void **state)
{
    (void)state;
    assert_refused("polcy: {}\n", TRUST_NO_OPTION,
                   "test.yaml:1:1: unknown key \"polcy\" in the configuration; did you mean "
                   "\"policy\"?\n"
                   "  polcy: {}\n"
                   "  ^");
    assert_refused("link:\n  lsiten: x\n", TRUST_NO_OPTION,
                   "test.yaml:2:3: unknown key \"lsiten\" in link; did you mean \"listen\"?");
    assert_refused("zzz: 1\n", TRUST_NO_OPTION,
                   "test.yaml:1:1: unknown key \"zzz\" in the configuration\n");
    assert_refused("[a]: 1\n", TRUST_NO_OPTION, "test.yaml:1:2: unknown key \"\"");
    assert_refused("- 1\n", TRUST_NO_TYPE, "test.yaml:1:3: ");
    assert_refused("link: 3\n", TRUST_NO_TYPE,
                   "test.yaml:1:7: link: expected a section of keys and values");
}

static void null_means_the_default(void **state)
{
    (void)state;
    struct trust_config config = load("network: null\nhttp: { listen: ~ }\nlink:\n");
    assert_string_equal(config.network, "main");
    trust_config_close(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_values_say_what_was_expected),
        cmocka_unit_test(unknown_keys_are_refused_with_the_nearest_known_one),
        cmocka_unit_test(null_means_the_default),
    };
    return cmocka_run_group_tests_name("host/fields", tests, NULL, NULL);
}
