/* host/items: lists keep their order and their bound. */
#include "load.h"

static void a_list_keeps_its_order(void **state)
{
    (void)state;
    struct trust_config config = load("quarantine: { never: [ 10.0.0.0/8, \"::1\", x ] }\n");
    const struct trust_text_list *never = &config.quarantine.never;
    assert_int_equal(never->count, 3);
    assert_string_equal(never->texts[0], "10.0.0.0/8");
    assert_string_equal(never->texts[1], "::1");
    assert_string_equal(never->texts[2], "x");
    assert_string_equal(entry_of(&config, "quarantine.never[1]").value, "::1");
    assert_int_equal(config.quarantine.enforce.count, 0);
    trust_config_close(&config);
}

static void a_list_of_the_wrong_form_or_size_is_refused(void **state)
{
    (void)state;
    assert_refused("quarantine: { never: {a: b} }\n", TRUST_NO_TYPE,
                   "test.yaml:1:23: quarantine.never: expected a list");
    assert_refused("quarantine: { never: [ [x] ] }\n", TRUST_NO_TYPE,
                   "test.yaml:1:25: item: expected a text of 1 to 4096 bytes");
    char text[2048] = "quarantine: { never: [ x";
    for (int i = 0; i < 256; i++)
        strcat(text, ", x");
    strcat(text, " ] }\n");
    assert_refused(text, TRUST_NO_RANGE,
                   "test.yaml:1:24: quarantine.never: at most 256 are allowed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_its_order),
        cmocka_unit_test(a_list_of_the_wrong_form_or_size_is_refused),
    };
    return cmocka_run_group_tests_name("host/items", tests, NULL, NULL);
}
