/* record/idna: which "xn--" labels mix scripts. */
#include "record/idna.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/random.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static bool is_single(const char *punycode)
{
    return trust_idna_is_single_script(trust_bytes_text(punycode));
}

static void names_of_one_script_are_accepted(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "e1afmkfd",             /* Cyrillic: primer */
        "80ak6aa92e",           /* Cyrillic letters that look Latin: one script all the same */
        "mnchen-3ya",           /* Latin with a diaeresis */
        "a-bga",                /* Latin with an accent */
        "hxakic4aa",            /* Greek */
        "r8jz45g",              /* Han and Hiragana */
        "nckya0bk5909dcvb2w6i", /* Han and Katakana */
        "p8s937b4q9bln7a",      /* Hangul and Han */
    };
    for (size_t i = 0; i < COUNT(labels); i++)
        assert_true(is_single(labels[i]));
}

static void names_that_mix_scripts_are_refused(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "pple-43d",     /* Cyrillic a, Latin pple */
        "x-dha67v",     /* Cyrillic, Latin */
        "abc-u68do18h", /* Han, Latin */
        "80acd7628e",   /* Han, Cyrillic */
    };
    for (size_t i = 0; i < COUNT(labels); i++)
        assert_false(is_single(labels[i]));
}

static void what_is_no_name_is_refused(void **state)
{
    (void)state;
    static const char *const labels[] = {
        "",          /* nothing */
        "a",         /* an integer that does not end */
        "abc-",      /* nothing beyond ASCII */
        "-",         /* nothing at all */
        "e28h",      /* an emoji is in no script of the table */
        "E1AFMKFD",  /* upper case */
        "e1afmkf_",  /* no digit */
        "99999999",  /* beyond Unicode */
        "pz902716a", /* 2^32 + 0x61, which is no "a" */
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    };
    for (size_t i = 0; i < COUNT(labels); i++)
        assert_false(is_single(labels[i]));
}

static void many_random_labels_neither_crash_nor_overrun(void **state)
{
    (void)state;
    static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    struct trust_random random = trust_random_init(1);
    uint32_t accepted = 0;
    for (int i = 0; i < 200000; i++) {
        uint8_t label[63];
        size_t size = trust_random_below(&random, sizeof label + 1);
        for (size_t at = 0; at < size; at++)
            label[at] = (uint8_t)digits[trust_random_below(&random, sizeof digits - 1)];
        accepted += trust_idna_is_single_script((struct trust_bytes){.data = label, .size = size});
    }
    assert_true(accepted > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_one_script_are_accepted),
        cmocka_unit_test(names_that_mix_scripts_are_refused),
        cmocka_unit_test(what_is_no_name_is_refused),
        cmocka_unit_test(many_random_labels_neither_crash_nor_overrun),
    };
    return cmocka_run_group_tests_name("record/idna", tests, NULL, NULL);
}
