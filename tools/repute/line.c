/*
 * Two passes. The first finds the command: its words stand before all options but the global ones.
 * The second knows the command's options, and takes everything else as words.
 */
#include "repute/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "host/suggest.h"
#include "repute/setting.h"

#define COMMANDS_MAX 128
#define NAME_SIZE_MAX 64

enum global { HOME, JSON, PLAIN, HELP, VERSION, GLOBAL_COUNT };

static const struct command_option globals[] = {
    [HOME] = {.name = "home", .kind = COMMAND_TEXT, .shown = "DIR"},
    [JSON] = {.name = "json"},
    [PLAIN] = {.name = "plain"},
    [HELP] = {.name = "help"},
    [VERSION] = {.name = "version"},
    [GLOBAL_COUNT] = {0},
};

struct parse {
    struct line *line;
    struct failure *failure;
    const struct line_commands *commands;
    const char *const *argv;
    int argc;
    int at; /* of argv, the next to read */
    struct command_setting globals[GLOBAL_COUNT];
    size_t name_words; /* of the words, how many name the command */
};

const struct command *line_find(const struct line_commands *commands, const char *name)
{
    for (size_t i = 0; i < commands->count; i++) {
        if (strcmp(commands->commands[i]->name, name) == 0)
            return commands->commands[i];
    }
    return NULL;
}

bool line_is_group(const struct line_commands *commands, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i < commands->count; i++) {
        const char *name = commands->commands[i]->name;
        if (strncmp(name, word, size) == 0 && name[size] == ' ')
            return true;
    }
    return false;
}

const char *line_suggest(const struct line_commands *commands, const char *typed)
{
    const char *known[COMMANDS_MAX];
    assert(commands->count <= COMMANDS_MAX);
    for (size_t i = 0; i < commands->count; i++)
        known[i] = commands->commands[i]->name;
    return trust_suggest(typed, known, commands->count);
}

/* ---- options ---- */

/* The option's row for the name at text, which may go on with "=value". */
static const struct command_option *find_option(const struct command_option *options,
                                                const char *text)
{
    size_t size = strcspn(text, "=");
    for (; options != NULL && options->name != NULL; options++) {
        if (strlen(options->name) == size && memcmp(options->name, text, size) == 0)
            return options;
    }
    return NULL;
}

static size_t gather_options(const char **known, const struct command_option *options)
{
    size_t count = 0;
    for (; options != NULL && options->name != NULL; options++)
        known[count++] = options->name;
    return count;
}

static enum trust_error refuse_unknown(const struct parse *parse, const char *text)
{
    const char *known[COMMAND_OPTIONS_MAX + GLOBAL_COUNT];
    const struct command *command = parse->line->command;
    size_t count = gather_options(known, globals);
    if (command != NULL)
        count += gather_options(known + count, command->options);
    char name[NAME_SIZE_MAX];
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(text, "="), text);
    const char *near = trust_suggest(name, known, count);
    char next[2 * NAME_SIZE_MAX];
    if (near != NULL)
        (void)snprintf(next, sizeof next, "did you mean --%s?", near);
    else
        (void)snprintf(next, sizeof next, "`repute help%s%s` lists the options",
                       command == NULL ? "" : " ", command == NULL ? "" : command->name);
    return failure_misuse(parse->failure, TRUST_NO_OPTION, next, "there is no option --%s%s%s",
                          name, command == NULL ? "" : " for ",
                          command == NULL ? "" : command->name);
}

/* The value of an option: behind "=", or the next argument. */
static enum trust_error take_value(struct parse *parse, const struct command_option *option,
                                   const char **out_value)
{
    const char *text = parse->argv[parse->at];
    const char *equals = strchr(text, '=');
    if (option->kind == COMMAND_SWITCH && equals != NULL)
        return failure_misuse(parse->failure, TRUST_NO_OPTION, NULL, "--%s takes no value",
                              option->name);
    *out_value = "";
    if (option->kind == COMMAND_SWITCH)
        return TRUST_OK;
    if (equals != NULL) {
        *out_value = equals + 1;
        return TRUST_OK;
    }
    bool is_last = parse->at + 1 == parse->argc;
    if (is_last || strncmp(parse->argv[parse->at + 1], "--", 2) == 0)
        return failure_misuse(parse->failure, TRUST_NO_OPTION, NULL, "--%s lacks its value: %s",
                              option->name, option->shown);
    parse->at++;
    *out_value = parse->argv[parse->at];
    return TRUST_OK;
}

static enum trust_error take_option(struct parse *parse)
{
    const char *name = parse->argv[parse->at] + 2;
    struct command_setting *setting = NULL;
    const struct command *command = parse->line->command;
    const struct command_option *option = find_option(globals, name);
    if (option != NULL) {
        setting = &parse->globals[option - globals];
    } else if (command != NULL) {
        option = find_option(command->options, name);
        if (option != NULL)
            setting = &parse->line->arguments.values[option - command->options];
    }
    if (option == NULL)
        return refuse_unknown(parse, name);
    if (setting->is_given && option->kind != COMMAND_SWITCH)
        return failure_misuse(parse->failure, TRUST_NO_OPTION, NULL, "--%s is given twice",
                              option->name);
    const char *value = NULL;
    enum trust_error error = take_value(parse, option, &value);
    if (error == TRUST_OK)
        error = setting_parse(setting, parse->failure, option, value);
    return error;
}

/* ---- the command ---- */

/* Copies up to two words that stand before any option of a command. */
static size_t leading_words(const struct parse *parse, const char *out_words[2])
{
    size_t count = 0;
    for (int i = 1; i < parse->argc && count < 2; i++) {
        const char *text = parse->argv[i];
        if (text[0] != '-' || text[1] == '\0') {
            out_words[count++] = text;
            continue;
        }
        const struct command_option *option =
            strncmp(text, "--", 2) == 0 ? find_option(globals, text + 2) : NULL;
        if (option == NULL && strcmp(text, "-h") != 0)
            break;
        i += option != NULL && option->kind != COMMAND_SWITCH && strchr(text, '=') == NULL;
    }
    return count;
}

static enum trust_error refuse_command(const struct parse *parse, const char *first,
                                       const char *second)
{
    const struct line_commands *commands = parse->commands;
    bool is_group = line_is_group(commands, first);
    char next[2 * NAME_SIZE_MAX];
    char typed[NAME_SIZE_MAX];
    (void)snprintf(typed, sizeof typed, "%s%s%s", first, second == NULL ? "" : " ",
                   second == NULL ? "" : second);
    const char *near = second == NULL ? NULL : line_suggest(commands, typed);
    near = near == NULL ? line_suggest(commands, first) : near;
    if (near != NULL)
        (void)snprintf(next, sizeof next, "did you mean `repute %s`?", near);
    else
        (void)snprintf(next, sizeof next, "`repute help%s%.32s` lists the commands",
                       is_group ? " " : "", is_group ? first : "");
    if (is_group && second == NULL)
        return failure_misuse(parse->failure, TRUST_NO_OPTION, next,
                              "`repute %.32s` needs another word", first);
    return failure_misuse(parse->failure, TRUST_NO_OPTION, next, "there is no command `repute %s`",
                          is_group ? typed : first);
}

static enum trust_error find_command(struct parse *parse, bool wants_help)
{
    const char *words[2] = {NULL, NULL};
    size_t count = leading_words(parse, words);
    char both[NAME_SIZE_MAX];
    if (count == 0)
        return TRUST_OK;
    if (count == 2) {
        int size = snprintf(both, sizeof both, "%s %s", words[0], words[1]);
        bool fits = size > 0 && (size_t)size < sizeof both;
        parse->line->command = fits ? line_find(parse->commands, both) : NULL;
        parse->name_words = 2;
    }
    if (parse->line->command == NULL) {
        parse->line->command = line_find(parse->commands, words[0]);
        parse->name_words = 1;
    }
    bool is_group_help = wants_help && line_is_group(parse->commands, words[0]);
    if (parse->line->command == NULL && !is_group_help)
        return refuse_command(parse, words[0], words[1]);
    return TRUST_OK;
}

/* ---- the whole ---- */

/* Every argument up to "--": whether this switch is among them. */
static bool has_switch(int argc, const char *const *argv, const char *text)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], text) == 0)
            return true;
    }
    return false;
}

static enum trust_error take_arguments(struct parse *parse)
{
    struct line *line = parse->line;
    bool ends = false;
    for (parse->at = 1; parse->at < parse->argc; parse->at++) {
        const char *text = parse->argv[parse->at];
        enum trust_error error = TRUST_OK;
        if (ends || text[0] != '-' || text[1] == '\0')
            line->words[line->arguments.word_count++] = text;
        else if (strcmp(text, "--") == 0)
            ends = true;
        else if (strncmp(text, "--", 2) == 0)
            error = take_option(parse);
        else if (strcmp(text, "-h") != 0)
            error =
                failure_misuse(parse->failure, TRUST_NO_OPTION, "options begin with two hyphens",
                               "there is no option %.32s", text);
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

static enum trust_error check_arguments(struct parse *parse)
{
    struct line *line = parse->line;
    const struct command *command = line->command;
    if (command == NULL || line->wants_help || line->wants_version)
        return TRUST_OK;
    line->arguments.words = line->words + parse->name_words;
    line->arguments.word_count -= parse->name_words;
    char next[NAME_SIZE_MAX + 32];
    (void)snprintf(next, sizeof next, "`repute help %s` shows how", command->name);
    size_t count = line->arguments.word_count;
    if (count < command->least)
        return failure_misuse(parse->failure, TRUST_NO_SIZE, next,
                              "something is missing: repute %s %s", command->name, command->words);
    if (count > command->most)
        return failure_misuse(parse->failure, TRUST_NO_SIZE, next, "\"%.64s\" is one word too many",
                              line->arguments.words[command->most]);
    const struct command_option *option = command->options;
    for (size_t i = 0; option != NULL && option[i].name != NULL; i++) {
        if (option[i].is_required && !line->arguments.values[i].is_given)
            return failure_misuse(parse->failure, TRUST_NO_OPTION, next, "--%s %s is missing",
                                  option[i].name, option[i].shown);
    }
    return TRUST_OK;
}

enum trust_error line_parse(struct line *out_line, struct failure *failure,
                            const struct line_commands *commands, int argc, const char *const *argv)
{
    *out_line = (struct line){
        .wants_json = has_switch(argc, argv, "--json"),
        .wants_plain = has_switch(argc, argv, "--plain"),
        .wants_help = has_switch(argc, argv, "--help") || has_switch(argc, argv, "-h"),
        .wants_version = has_switch(argc, argv, "--version"),
    };
    if (argc > COMMAND_WORDS_MAX)
        return failure_misuse(failure, TRUST_NO_SIZE, NULL, "more than %d arguments",
                              COMMAND_WORDS_MAX);
    out_line->words = calloc((size_t)argc + 1, sizeof *out_line->words);
    if (out_line->words == NULL)
        return TRUST_FAIL_MEMORY;
    struct parse parse = {
        .line = out_line, .failure = failure, .commands = commands, .argv = argv, .argc = argc};
    enum trust_error error = TRUST_OK;
    if (out_line->wants_json && out_line->wants_plain)
        error = failure_misuse(failure, TRUST_NO_OPTION, "leave one out",
                               "--json and --plain contradict each other");
    if (error == TRUST_OK)
        error = find_command(&parse, out_line->wants_help);
    if (error == TRUST_OK)
        error = take_arguments(&parse);
    out_line->home = parse.globals[HOME].text;
    if (error == TRUST_OK)
        error = check_arguments(&parse);
    return error;
}

void line_close(struct line *line)
{
    free(line->words);
    line->words = NULL;
}
