/* See launch_words.h. */
#include "repute/launch_words.h"

#include <string.h>

bool launch_words_init(struct launch_words *words, const struct launch_line *line)
{
    words->count = 0;
    words->at = 0;
    words->text_size = 0;
    if (line->arg_count >= TRUST_SCAN_WORDS_MAX)
        return false;
    /* Some clients take a whole command line as the command. */
    bool is_line = line->arg_count == 0 && strchr(line->command, ' ') != NULL;
    if (is_line && launch_words_split(words, line->command))
        return true;
    words->words[words->count++] = line->command;
    for (size_t i = 0; i < line->arg_count; i++)
        words->words[words->count++] = line->args[i];
    return true;
}

const char *launch_words_peek(const struct launch_words *words)
{
    return words->at < words->count ? words->words[words->at] : NULL;
}

const char *launch_words_next(struct launch_words *words)
{
    return words->at < words->count ? words->words[words->at++] : NULL;
}

/* ---- a shell's string ---- */

static bool is_plain(char c)
{
    return c != '\0' && strchr("$`|&;<>()*?[]{}!#\\\n\r", c) == NULL;
}

/* Copies the word at *line, without its quotes. False: not plain, or no room. */
static bool take_word(struct launch_words *words, const char **line)
{
    char quote = '\0';
    const char *at = *line;
    for (; *at != '\0' && (quote != '\0' || (*at != ' ' && *at != '\t')); at++) {
        bool is_quote = quote == '\0' ? (*at == '\'' || *at == '"') : *at == quote;
        if (is_quote) {
            quote = quote == '\0' ? *at : '\0';
            continue;
        }
        if (!is_plain(*at) || words->text_size + 2 > sizeof words->text)
            return false;
        words->text[words->text_size++] = *at;
    }
    words->text[words->text_size++] = '\0';
    *line = at;
    return quote == '\0';
}

static bool split(struct launch_words *words, const char *line)
{
    for (;;) {
        line += strspn(line, " \t");
        if (*line == '\0')
            return words->count > 0;
        if (words->count == TRUST_SCAN_WORDS_MAX || words->text_size + 2 > sizeof words->text)
            return false;
        words->words[words->count++] = words->text + words->text_size;
        if (!take_word(words, &line))
            return false;
    }
}

bool launch_words_split(struct launch_words *words, const char *line)
{
    words->count = 0;
    words->at = 0;
    if (split(words, line))
        return true;
    words->count = 0;
    return false;
}

/* ---- options ---- */

struct skipping {
    struct launch_words *words;
    const struct launch_option *table;
    const char *package;
};

/* The row of a name of this size; NULL: unknown. */
static const struct launch_option *find(const struct skipping *skipping, const char *name,
                                        size_t size)
{
    for (const struct launch_option *row = skipping->table; row->name != NULL; row++) {
        if (strlen(row->name) == size && strncmp(row->name, name, size) == 0)
            return row;
    }
    return NULL;
}

/* value: NULL if it is the next word. */
static enum launch_gap take(struct skipping *skipping, const struct launch_option *row,
                            const char *value)
{
    if (row->kind == LAUNCH_SWITCH)
        return LAUNCH_GAP_NONE;
    if (value == NULL)
        value = launch_words_next(skipping->words);
    if (value == NULL)
        return LAUNCH_GAP_OPTION;
    switch (row->kind) {
    case LAUNCH_SWITCH:
    case LAUNCH_VALUE:
        break;
    case LAUNCH_PACKAGE:
        if (skipping->package != NULL)
            return LAUNCH_GAP_MANY;
        skipping->package = value;
        break;
    case LAUNCH_REGISTRY:
        return LAUNCH_GAP_REGISTRY;
    case LAUNCH_CODE:
        return LAUNCH_GAP_SHELL;
    case LAUNCH_MODULE:
        return LAUNCH_GAP_MODULE;
    }
    return LAUNCH_GAP_NONE;
}

static enum launch_gap take_long(struct skipping *skipping, const char *word)
{
    const char *equals = strchr(word, '=');
    size_t size = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const struct launch_option *row = find(skipping, word, size);
    if (row == NULL)
        return LAUNCH_GAP_OPTION;
    return take(skipping, row, equals == NULL ? NULL : equals + 1);
}

/* "-i", "-it", "-eNAME" */
static enum launch_gap take_short(struct skipping *skipping, const char *word)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        const char name[2] = {'-', *letter};
        const struct launch_option *row = find(skipping, name, sizeof name);
        if (row == NULL)
            return LAUNCH_GAP_OPTION;
        if (row->kind != LAUNCH_SWITCH)
            return take(skipping, row, letter[1] == '\0' ? NULL : letter + 1);
    }
    return LAUNCH_GAP_NONE;
}

enum launch_gap launch_words_skip(struct launch_words *words, const char **out_package,
                                  const struct launch_option *table)
{
    struct skipping skipping = {.words = words, .table = table};
    enum launch_gap gap = LAUNCH_GAP_NONE;
    for (const char *word = NULL; gap == LAUNCH_GAP_NONE;) {
        word = launch_words_peek(words);
        if (word == NULL || word[0] != '-' || word[1] == '\0')
            break;
        words->at++;
        if (strcmp(word, "--") == 0)
            break;
        /* Some programs have long options with one hyphen. */
        bool is_long = word[1] == '-' || find(&skipping, word, strlen(word)) != NULL;
        gap = is_long ? take_long(&skipping, word) : take_short(&skipping, word);
    }
    *out_package = skipping.package;
    return gap;
}
