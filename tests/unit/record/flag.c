/* A flag: from struct to bytes and back, and what is never written. */
#include "trust/flag.h"

#include "records.h"

static void a_flag_comes_back_as_it_went(void **state)
{
    (void)state;
    struct trust_record flag = some_flag();
    struct trust_record back;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    decode_back(&back, bytes, &flag);
    assert_true(trust_bytes_equal(back.flag.subject, flag.flag.subject));
    assert_int_equal(back.flag.manifest.size, 0);
    assert_int_equal(back.flag.severity, TRUST_SEVERITY_CRITICAL);
    assert_int_equal(back.flag.class_, TRUST_CLASS_OTHER);
    assert_true(trust_bytes_equal(back.flag.rule, flag.flag.rule));
    assert_memory_equal(back.flag.output_digest, flag.flag.output_digest, 32);
}

static void a_rule_is_of_a_few_characters_only(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        struct trust_record flag = some_flag();
        uint8_t rule[2] = {'r', (uint8_t)c};
        flag.flag.rule = (struct trust_bytes){.data = rule, .size = sizeof rule};
        bool is_allowed = c != 0 && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                           "0123456789._-",
                                           c) != NULL;
        assert_encoding(&flag, is_allowed ? TRUST_OK : TRUST_NO_RANGE);
    }
}

static void a_flag_outside_its_ranges_is_not_written(void **state)
{
    (void)state;
    char rule[50];
    memset(rule, 'r', sizeof rule);
    struct trust_record flag = some_flag();
    flag.flag.rule = (struct trust_bytes){.data = (const uint8_t *)rule, .size = 48};
    assert_encoding(&flag, TRUST_OK);
    flag.flag.rule.size = 49;
    assert_encoding(&flag, TRUST_NO_RANGE);
    flag.flag.rule.size = 0;
    assert_encoding(&flag, TRUST_NO_RANGE);
    flag = some_flag();
    flag.flag.severity = (enum trust_severity)5;
    assert_encoding(&flag, TRUST_NO_RANGE);
    flag = some_flag();
    flag.flag.class_ = (enum trust_class)11;
    assert_encoding(&flag, TRUST_NO_RANGE);
    flag.flag.class_ = (enum trust_class)0;
    assert_encoding(&flag, TRUST_NO_RANGE);
    flag = some_flag();
    flag.flag.manifest = digest_of(33);
    assert_encoding(&flag, TRUST_NO_RANGE);
    flag = some_flag();
    flag.flag.subject = trust_bytes_text("");
    assert_encoding(&flag, TRUST_NO_SUBJECT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flag_comes_back_as_it_went),
        cmocka_unit_test(a_rule_is_of_a_few_characters_only),
        cmocka_unit_test(a_flag_outside_its_ranges_is_not_written),
    };
    return cmocka_run_group_tests_name("record/flag", tests, NULL, NULL);
}
