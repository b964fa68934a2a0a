/* repute/launch_words: words as they come, shell strings that are only words, and options. */
#include "repute/launch_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct launch_option table[] = {
    {"-i", LAUNCH_SWITCH},      {"-t", LAUNCH_SWITCH},
    {"-e", LAUNCH_VALUE},       {"--env", LAUNCH_VALUE},
    {"--from", LAUNCH_PACKAGE}, {"--index", LAUNCH_REGISTRY},
    {"-c", LAUNCH_CODE},        {"-m", LAUNCH_MODULE},
    {"-long", LAUNCH_SWITCH},   {0},
};

static void take(struct launch_words *words, const char *text)
{
    const struct launch_line line = {.command = "x"};
    assert_true(launch_words_init(words, &line));
    assert_true(launch_words_split(words, text));
}

static void a_string_is_cut_where_a_shell_would(void **state)
{
    (void)state;
    struct launch_words words;
    take(&words, "  npx\t-y '@a/b c' \"d\"'e' '' ");
    assert_int_equal(words.count, 5);
    assert_string_equal(words.words[0], "npx");
    assert_string_equal(words.words[2], "@a/b c");
    assert_string_equal(words.words[3], "de");
    assert_string_equal(words.words[4], "");
    assert_string_equal(launch_words_next(&words), "npx");
    assert_string_equal(launch_words_peek(&words), "-y");
}

static void a_string_with_more_than_words_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {"a && b", "a; b", "a | b", "$A",   "`a`",    "a > b", "a*",
                                        "a\nb",   "'a",   "\"a",   "a\\b", "\"$A\"", "",      "  "};
    struct launch_words words;
    take(&words, "x");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        assert_false(launch_words_split(&words, lines[i]));
    assert_null(launch_words_next(&words));
}

static void a_string_over_the_bounds_is_refused(void **state)
{
    (void)state;
    char text[LAUNCH_TEXT_SIZE + 1];
    struct launch_words words;
    take(&words, "x");
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(launch_words_split(&words, text));
    for (size_t i = 0; i < 2 * TRUST_SCAN_WORDS_MAX + 2; i++)
        text[i] = i % 2 == 0 ? 'a' : ' ';
    text[2 * TRUST_SCAN_WORDS_MAX + 2] = '\0';
    take(&words, "x");
    assert_false(launch_words_split(&words, text));
}

static void a_command_with_spaces_and_no_arguments_is_a_line(void **state)
{
    (void)state;
    struct launch_words words;
    static const char *const args[] = {"b"};
    struct launch_line line = {.command = "npx -y a"};
    assert_true(launch_words_init(&words, &line));
    assert_int_equal(words.count, 3);
    line = (struct launch_line){.command = "/My Programs/a", .args = args, .arg_count = 1};
    assert_true(launch_words_init(&words, &line));
    assert_int_equal(words.count, 2);
    assert_string_equal(words.words[0], "/My Programs/a");
}

static void options_are_taken_up_to_the_first_word(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        enum launch_gap gap;
        const char *package;
        const char *rest; /* the next word; NULL: none */
    } cases[] = {
        {"-i -t x -i", LAUNCH_GAP_NONE, NULL, "x"},
        {"-it -eA=b --env C --env=D x", LAUNCH_GAP_NONE, NULL, "x"},
        {"-ite A x", LAUNCH_GAP_NONE, NULL, "x"},
        {"--from p -long -- -x", LAUNCH_GAP_NONE, "p", "-x"},
        {"--from=p", LAUNCH_GAP_NONE, "p", NULL},
        {"- x", LAUNCH_GAP_NONE, NULL, "-"},
        {"--from p --from q x", LAUNCH_GAP_MANY, "p", "x"},
        {"--index u x", LAUNCH_GAP_REGISTRY, NULL, "x"},
        {"-c code x", LAUNCH_GAP_SHELL, NULL, "x"},
        {"-m mod x", LAUNCH_GAP_MODULE, NULL, "x"},
        {"--other x", LAUNCH_GAP_OPTION, NULL, "x"},
        {"-iz x", LAUNCH_GAP_OPTION, NULL, "x"},
        {"-e", LAUNCH_GAP_OPTION, NULL, NULL},
        {"--envy x", LAUNCH_GAP_OPTION, NULL, "x"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct launch_words words;
        const char *package = "unset";
        take(&words, cases[i].line);
        assert_int_equal(launch_words_skip(&words, &package, table), cases[i].gap);
        const char *pairs[][2] = {{package, cases[i].package},
                                  {launch_words_peek(&words), cases[i].rest}};
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(pairs[k][0] == NULL, pairs[k][1] == NULL);
            if (pairs[k][1] != NULL)
                assert_string_equal(pairs[k][0], pairs[k][1]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_string_is_cut_where_a_shell_would),
        cmocka_unit_test(a_string_with_more_than_words_is_refused),
        cmocka_unit_test(a_string_over_the_bounds_is_refused),
        cmocka_unit_test(a_command_with_spaces_and_no_arguments_is_a_line),
        cmocka_unit_test(options_are_taken_up_to_the_first_word),
    };
    return cmocka_run_group_tests_name("tools/repute/launch_words", tests, NULL, NULL);
}
