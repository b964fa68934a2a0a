/* repute/line: which command a line names, its words and options, and what a typing error is told.
 */
#include "repute/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { VALUE, CATEGORY, QUIET };
static const char *const categories[] = {"speed", "safety", NULL};
static const struct command_option rate_options[] = {
    [VALUE] = {.name = "value", .kind = COMMAND_RATIO, .shown = "0..1", .is_required = true},
    [CATEGORY] = {.name = "category", .kind = COMMAND_CHOICE, .shown = "C", .choices = categories},
    [QUIET] = {.name = "quiet"},
    {0},
};
static const struct command rate = {
    .name = "rate", .words = "ID", .least = 1, .most = 1, .options = rate_options};
static const struct command key_show = {.name = "key show", .words = ""};
static const struct command key_export = {
    .name = "key export", .words = "FILE", .least = 1, .most = 1};
static const struct command flag = {.name = "flag", .words = "ID", .least = 1, .most = 1};
static const struct command flag_clear = {
    .name = "flag clear", .words = "ID", .least = 1, .most = 1};
static const struct command publish = {.name = "publish", .words = "[ID...]", .most = 100};
static const struct command *const table[] = {&rate,       &key_show, &key_export,
                                              &flag_clear, &flag,     &publish};
static const struct line_commands commands = {table, sizeof table / sizeof *table};

struct
try {
    struct line line;
    struct failure failure;
};

/* Words parted by single blanks. */
static enum trust_error parse(struct try *out, const char *typed)
{
    static char text[256];
    static const char *argv[64];
    int argc = 1;
    argv[0] = "repute";
    assert_true(strlen(typed) < sizeof text);
    memcpy(text, typed, strlen(typed) + 1);
    for (char *word = strtok(text, " "); word != NULL; word = strtok(NULL, " "))
        argv[argc++] = word;
    out->failure = (struct failure){0};
    return line_parse(&out->line, &out->failure, &commands, argc, argv);
}

static void commands_of_one_and_two_words_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        const struct command *command;
        size_t word_count;
        const char *first;
    } rows[] = {
        {"rate x --value 0.5", &rate, 1, "x"},
        {"--json rate --value=0.5 x", &rate, 1, "x"},
        {"--home h rate --value 1 -- --x", &rate, 1, "--x"},
        {"key show", &key_show, 0, NULL},
        {"key --json show --home=h", &key_show, 0, NULL},
        {"--home show key export f", &key_export, 1, "f"},
        {"flag x", &flag, 1, "x"},
        {"flag clear x", &flag_clear, 1, "x"},
        {"publish", &publish, 0, NULL},
        {"publish a b c", &publish, 3, "a"},
        {"publish -", &publish, 1, "-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct try try;
        assert_int_equal(parse(&try, rows[i].typed), TRUST_OK);
        assert_ptr_equal(try.line.command, rows[i].command);
        assert_int_equal(try.line.arguments.word_count, rows[i].word_count);
        if (rows[i].first != NULL)
            assert_string_equal(try.line.arguments.words[0], rows[i].first);
        line_close(&try.line);
    }
}

static void options_are_parsed_wherever_they_stand(void **state)
{
    (void)state;
    struct try try;
    assert_int_equal(parse(&try, "--plain rate --category safety x --quiet --value 0.5 --home /h"),
                     TRUST_OK);
    assert_true(try.line.wants_plain);
    assert_false(try.line.wants_json);
    assert_string_equal(try.line.home, "/h");
    const struct command_setting *values = try.line.arguments.values;
    assert_true(values[VALUE].ratio == 0.5);
    assert_int_equal(values[CATEGORY].choice, 1);
    assert_true(values[QUIET].is_given);
    line_close(&try.line);
    assert_int_equal(parse(&try, "rate x --value 0"), TRUST_OK);
    assert_false(try.line.arguments.values[QUIET].is_given);
    assert_false(try.line.arguments.values[CATEGORY].is_given);
    assert_null(try.line.home);
    line_close(&try.line);
}

static void nothing_and_only_global_options_name_no_command(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "--json", "--home x --json", "--help", "--version"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct try try;
        assert_int_equal(parse(&try, rows[i]), TRUST_OK);
        assert_null(try.line.command);
        line_close(&try.line);
    }
}

static void help_asks_for_no_arguments(void **state)
{
    (void)state;
    struct try try;
    assert_int_equal(parse(&try, "rate --help"), TRUST_OK);
    assert_true(try.line.wants_help);
    assert_ptr_equal(try.line.command, &rate);
    line_close(&try.line);
    assert_int_equal(parse(&try, "key -h"), TRUST_OK);
    assert_true(try.line.wants_help);
    assert_null(try.line.command);
    assert_string_equal(try.line.words[0], "key");
    line_close(&try.line);
}

static void typing_errors_are_told_what_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        enum trust_error expected;
        const char *message;
        const char *next;
    } rows[] = {
        {"rat x", TRUST_NO_OPTION, "there is no command `repute rat`",
         "did you mean `repute rate`?"},
        {"key shwo", TRUST_NO_OPTION, "there is no command `repute key shwo`",
         "did you mean `repute key show`?"},
        {"key", TRUST_NO_OPTION, "`repute key` needs another word",
         "`repute help key` lists the commands"},
        {"elephant", TRUST_NO_OPTION, "there is no command `repute elephant`",
         "`repute help` lists the commands"},
        {"rate x --valeu 1", TRUST_NO_OPTION, "there is no option --valeu for rate",
         "did you mean --value?"},
        {"rate x --jsno", TRUST_NO_OPTION, "there is no option --jsno for rate",
         "did you mean --json?"},
        {"rate x --weather 1", TRUST_NO_OPTION, "there is no option --weather for rate",
         "`repute help rate` lists the options"},
        {"rate x -v", TRUST_NO_OPTION, "there is no option -v", "options begin with two hyphens"},
        {"rate x --value", TRUST_NO_OPTION, "--value lacks its value: 0..1", ""},
        {"rate x --value --quiet", TRUST_NO_OPTION, "--value lacks its value: 0..1", ""},
        {"rate x --value 1 --value 0", TRUST_NO_OPTION, "--value is given twice", ""},
        {"rate x --quiet=yes --value 1", TRUST_NO_OPTION, "--quiet takes no value", ""},
        {"rate x", TRUST_NO_OPTION, "--value 0..1 is missing", "`repute help rate` shows how"},
        {"rate --value 1", TRUST_NO_SIZE, "something is missing: repute rate ID",
         "`repute help rate` shows how"},
        {"rate x y --value 1", TRUST_NO_SIZE, "\"y\" is one word too many",
         "`repute help rate` shows how"},
        {"key show --json --plain", TRUST_NO_OPTION, "--json and --plain contradict each other",
         "leave one out"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct try try;
        assert_int_equal(parse(&try, rows[i].typed), rows[i].expected);
        assert_string_equal(try.failure.message, rows[i].message);
        assert_string_equal(try.failure.next, rows[i].next);
        assert_int_equal(try.failure.exit, 2);
        line_close(&try.line);
    }
}

static void a_refused_line_still_says_which_form_it_wanted(void **state)
{
    (void)state;
    struct try try;
    assert_int_equal(parse(&try, "elephant --json"), TRUST_NO_OPTION);
    assert_true(try.line.wants_json);
    line_close(&try.line);
    assert_int_equal(parse(&try, "rate --oops --plain"), TRUST_NO_OPTION);
    assert_true(try.line.wants_plain);
    line_close(&try.line);
    /* Behind "--" it is a word. */
    assert_int_equal(parse(&try, "publish -- --json"), TRUST_OK);
    assert_false(try.line.wants_json);
    line_close(&try.line);
}

static void very_long_words_do_no_harm(void **state)
{
    (void)state;
    char word[4096];
    memset(word, 'k', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    const char *const argv[] = {"repute", word, word};
    struct try try = {0};
    assert_int_equal(line_parse(&try.line, &try.failure, &commands, 3, argv), TRUST_NO_OPTION);
    line_close(&try.line);
    word[0] = '-';
    word[1] = '-';
    try.failure = (struct failure){0};
    assert_int_equal(line_parse(&try.line, &try.failure, &commands, 3, argv), TRUST_NO_OPTION);
    line_close(&try.line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_of_one_and_two_words_are_found),
        cmocka_unit_test(options_are_parsed_wherever_they_stand),
        cmocka_unit_test(nothing_and_only_global_options_name_no_command),
        cmocka_unit_test(help_asks_for_no_arguments),
        cmocka_unit_test(typing_errors_are_told_what_was_meant),
        cmocka_unit_test(a_refused_line_still_says_which_form_it_wanted),
        cmocka_unit_test(very_long_words_do_no_harm),
    };
    return cmocka_run_group_tests_name("repute/line", tests, NULL, NULL);
}
