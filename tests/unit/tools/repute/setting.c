/* repute/setting: values of options, their bounds, and what a wrong one is told. */
#include "repute/setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const colours[] = {"red", "green", NULL};
static const struct command_option options[] = {
    {.name = "text", .kind = COMMAND_TEXT, .most = 4},
    {.name = "ratio", .kind = COMMAND_RATIO},
    {.name = "whole", .kind = COMMAND_WHOLE, .least = 1, .most = 10},
    {.name = "span", .kind = COMMAND_DURATION, .shown = "5m", .least = 1000, .most = 86400000},
    {.name = "colour", .kind = COMMAND_CHOICE, .choices = colours},
};
enum { A_TEXT, A_RATIO, A_WHOLE, A_SPAN, A_COLOUR };

static void good_values_become_numbers(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct command_setting setting;
    assert_int_equal(setting_parse(&setting, &failure, &options[A_TEXT], "abcd"), TRUST_OK);
    assert_true(setting.is_given);
    assert_string_equal(setting.text, "abcd");
    assert_int_equal(setting_parse(&setting, &failure, &options[A_RATIO], "0.25"), TRUST_OK);
    assert_true(setting.ratio == 0.25);
    assert_int_equal(setting_parse(&setting, &failure, &options[A_RATIO], "1"), TRUST_OK);
    assert_true(setting.ratio == 1);
    assert_int_equal(setting_parse(&setting, &failure, &options[A_WHOLE], "10"), TRUST_OK);
    assert_int_equal(setting.whole, 10);
    assert_int_equal(setting_parse(&setting, &failure, &options[A_SPAN], "1d"), TRUST_OK);
    assert_int_equal(setting.whole, 86400000);
    assert_int_equal(setting_parse(&setting, &failure, &options[A_COLOUR], "green"), TRUST_OK);
    assert_int_equal(setting.choice, 1);
}

static void wrong_values_are_told_what_was_expected(void **state)
{
    (void)state;
    static const struct {
        int option;
        const char *text;
        enum trust_error expected;
        const char *message;
    } rows[] = {
        {A_TEXT, "", TRUST_NO_SIZE, "--text: its value is empty"},
        {A_TEXT, "abcde", TRUST_NO_SIZE, "--text: its value has 5 bytes, at most 4"},
        {A_RATIO, "1.01", TRUST_NO_RANGE, "--ratio: expected a number from 0 to 1, not \"1.01\""},
        {A_RATIO, "-0.1", TRUST_NO_RANGE, "--ratio: expected a number from 0 to 1, not \"-0.1\""},
        {A_RATIO, "nan", TRUST_NO_SYNTAX, "--ratio: expected a number from 0 to 1, not \"nan\""},
        {A_RATIO, "85%", TRUST_NO_SYNTAX, "--ratio: expected a number from 0 to 1, not \"85%\""},
        {A_WHOLE, "0", TRUST_NO_RANGE, "--whole: expected a whole number from 1 to 10, not \"0\""},
        {A_WHOLE, "11", TRUST_NO_RANGE,
         "--whole: expected a whole number from 1 to 10, not \"11\""},
        {A_WHOLE, "1.5", TRUST_NO_SYNTAX,
         "--whole: expected a whole number from 1 to 10, not \"1.5\""},
        {A_SPAN, "30", TRUST_NO_SYNTAX,
         "--span: expected a duration from 1s to 1d, such as 5m, not \"30\""},
        {A_SPAN, "2d", TRUST_NO_RANGE,
         "--span: expected a duration from 1s to 1d, such as 5m, not \"2d\""},
        {A_COLOUR, "gren", TRUST_NO_OPTION,
         "--colour: expected one of red, green, not \"gren\"; did you mean \"green\"?"},
        {A_COLOUR, "purple", TRUST_NO_OPTION,
         "--colour: expected one of red, green, not \"purple\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct failure failure = {0};
        struct command_setting setting = {.whole = 77};
        assert_int_equal(setting_parse(&setting, &failure, &options[rows[i].option], rows[i].text),
                         rows[i].expected);
        assert_string_equal(failure.message, rows[i].message);
        assert_int_equal(failure.exit, 2);
        assert_int_equal(setting.whole, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_values_become_numbers),
        cmocka_unit_test(wrong_values_are_told_what_was_expected),
    };
    return cmocka_run_group_tests_name("repute/setting", tests, NULL, NULL);
}
