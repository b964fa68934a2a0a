/* guard/options. */
#include "guard/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORDS_MAX 8

struct row {
    const char *words[WORDS_MAX];
    enum trust_error error;
    struct options options;
    const char *said; /* of the first line on err */
};

static const struct row rows[] = {
    {{"--group", "search"}, TRUST_OK, {OPTIONS_SERVE, "search", NULL}, ""},
    {{"--home", "/h", "--group=a"}, TRUST_OK, {OPTIONS_SERVE, "a", "/h"}, ""},
    {{"--version"}, TRUST_OK, {OPTIONS_VERSION, NULL, NULL}, ""},
    {{"--help"}, TRUST_OK, {OPTIONS_HELP, NULL, NULL}, ""},
    {{NULL}, TRUST_NO_OPTION, {0}, "say which group: --group NAME"},
    {{"--group", ""}, TRUST_NO_OPTION, {0}, "say which group: --group NAME"},
    {{"--group"}, TRUST_NO_OPTION, {0}, "unknown or incomplete option \"--group\""},
    {{"--grope", "x"}, TRUST_NO_OPTION, {0}, "unknown or incomplete option \"--grope\""},
    {{"--group", "x", "y"}, TRUST_NO_OPTION, {0}, "unexpected \"y\""},
};

static void check(const struct row *row)
{
    char copies[WORDS_MAX][32];
    char name[] = "repute-guard";
    char *words[WORDS_MAX + 1] = {name};
    int count = 1;
    for (size_t i = 0; i < WORDS_MAX && row->words[i] != NULL; i++) {
        (void)snprintf(copies[i], sizeof copies[i], "%s", row->words[i]);
        words[count++] = copies[i];
    }
    char said[2048] = "";
    FILE *err = fmemopen(said, sizeof said, "w");
    assert_non_null(err);
    struct options options = {0};
    assert_int_equal(options_read(&options, count, words, err), row->error);
    (void)fclose(err);
    assert_int_equal(options.work, row->options.work);
    const char *const texts[2][2] = {{options.group, row->options.group},
                                     {options.home, row->options.home}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(texts[i][0] == NULL, texts[i][1] == NULL);
        if (texts[i][0] != NULL)
            assert_string_equal(texts[i][0], texts[i][1]);
    }
    if (row->said[0] == '\0') {
        assert_string_equal(said, "");
        return;
    }
    char expected[2048];
    (void)snprintf(expected, sizeof expected, "repute-guard: %s\n%s", row->said, options_usage);
    assert_string_equal(said, expected);
}

static void words_are_read_or_refused_with_how_it_is_used(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read_or_refused_with_how_it_is_used),
    };
    return cmocka_run_group_tests_name("guard/options", tests, NULL, NULL);
}
