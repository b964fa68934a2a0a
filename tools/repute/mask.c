/* See mask.h. One pass over the bytes with a stack of what encloses them. */
#include "repute/mask.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "repute/mask_word.h"
#include "wire/json_text.h"

/* What a name says of its value. */
enum kind {
    OTHER,  /* texts and numbers are hidden */
    PLAIN,  /* shown */
    WORDS,  /* a command line: words are shown as far as they may be */
    SECRET, /* nothing within is shown */
};

struct level {
    enum kind kind; /* of the members, of an array; of the next value, in an object */
    bool is_object;
    bool is_value; /* in an object: a colon came, so that the next string is no name */
};

struct pass {
    FILE *file;
    struct trust_bytes text;
    size_t at;
    size_t depth;
    struct level levels[TRUST_SCAN_DEPTH_MAX + 1];
    char *word;   /* decoded; both have room for the longest string */
    char *before; /* the word before it in the same array */
    bool has_before;
};

static enum kind kind_of(struct trust_bytes raw)
{
    static const struct {
        const char *name;
        enum kind kind;
    } names[] = {
        {"command", PLAIN}, {"type", PLAIN}, {"cwd", PLAIN},
        {"args", WORDS},    {"url", WORDS},  {"serverUrl", WORDS},
        {"httpUrl", WORDS}, {"env", SECRET}, {"headers", SECRET},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (json_raw_is(raw, names[i].name))
            return names[i].kind;
    }
    return OTHER;
}

static void put(struct pass *pass, size_t from, size_t to)
{
    (void)fwrite(pass->text.data + from, 1, to - from, pass->file);
}

static void put_byte(struct pass *pass)
{
    put(pass, pass->at, pass->at + 1);
    pass->at++;
}

/* A comment: its marks and its line ends. */
static void take_comment(struct pass *pass)
{
    const uint8_t *data = pass->text.data;
    bool is_line = data[pass->at + 1] == '/';
    (void)fputs(is_line ? "// " MASK_WORD_HIDDEN : "/* " MASK_WORD_HIDDEN, pass->file);
    for (pass->at += 2; pass->at < pass->text.size; pass->at++) {
        if (is_line && data[pass->at] == '\n')
            return;
        if (!is_line && data[pass->at] == '*' && pass->at + 1 < pass->text.size &&
            data[pass->at + 1] == '/') {
            (void)fputs(" */", pass->file);
            pass->at += 2;
            return;
        }
        if (data[pass->at] == '\n')
            (void)fputc('\n', pass->file);
    }
}

/* Behind the string at this place; 0: it has no end on its line. */
static size_t string_end(const struct pass *pass)
{
    for (size_t at = pass->at + 1; at < pass->text.size && pass->text.data[at] != '\n'; at++) {
        bool is_escape = pass->text.data[at] == '\\' && at + 1 < pass->text.size &&
                         pass->text.data[at + 1] != '\n';
        if (pass->text.data[at] == '"')
            return at + 1;
        at += is_escape;
    }
    return 0;
}

/* A value that is a string, which ends before this place. */
static void put_word(struct pass *pass, size_t end)
{
    size_t size = 0;
    struct trust_bytes value = {.data = pass->text.data + pass->at, .size = end - pass->at};
    bool is_text = json_string_copy(pass->word, value.size, &size, value) == TRUST_OK &&
                   memchr(pass->word, '\0', size) == NULL;
    size_t shown = 0;
    if (is_text) {
        pass->word[size] = '\0';
        bool is_in_list = !pass->levels[pass->depth].is_object && pass->has_before;
        shown = mask_word_shown(pass->word, is_in_list ? pass->before : NULL);
    }
    if (is_text && shown == size) {
        put(pass, pass->at, end);
    } else {
        struct trust_writer writer = trust_writer_init(pass->before, 6 * pass->text.size + 8);
        json_put_string(&writer,
                        (struct trust_bytes){.data = (uint8_t *)pass->word, .size = shown});
        (void)fwrite(writer.data, 1, writer.size - 1, pass->file);
        (void)fputs(MASK_WORD_HIDDEN "\"", pass->file);
    }
    pass->has_before = is_text;
    if (is_text)
        memcpy(pass->before, pass->word, size + 1);
}

static void take_string(struct pass *pass)
{
    struct level *level = &pass->levels[pass->depth];
    size_t end = string_end(pass);
    if (end == 0) {
        put_byte(pass);
        return;
    }
    bool is_name = level->is_object && !level->is_value;
    bool is_hidden_within = pass->depth > 0 && pass->levels[pass->depth - 1].kind == SECRET;
    if (is_name && !is_hidden_within)
        level->kind = kind_of((struct trust_bytes){.data = pass->text.data + pass->at + 1,
                                                   .size = end - pass->at - 2});
    if (is_name && is_hidden_within)
        level->kind = SECRET;
    if (is_name || level->kind == PLAIN)
        put(pass, pass->at, end);
    else if (level->kind == WORDS)
        put_word(pass, end);
    else
        (void)fputs("\"" MASK_WORD_HIDDEN "\"", pass->file);
    pass->at = end;
}

/* A number or a word of the grammar. */
static void take_literal(struct pass *pass)
{
    size_t from = pass->at;
    uint8_t first = pass->text.data[from];
    do {
        pass->at++;
    } while (pass->at < pass->text.size &&
             strchr(" \t\r\n,:{}[]\"/", pass->text.data[pass->at]) == NULL);
    bool is_word = first == 't' || first == 'f' || first == 'n';
    if (is_word && pass->levels[pass->depth].kind != SECRET)
        put(pass, from, pass->at);
    else
        (void)fputs(MASK_WORD_HIDDEN, pass->file);
}

/* A bracket, comma or colon. */
static enum trust_error take_mark(struct pass *pass)
{
    uint8_t c = pass->text.data[pass->at];
    struct level *level = &pass->levels[pass->depth];
    put_byte(pass);
    if (c == '{' || c == '[') {
        if (pass->depth == TRUST_SCAN_DEPTH_MAX)
            return TRUST_NO_RANGE;
        /* What a name says holds for its array, and only a secret for all that is deeper. */
        bool is_kept = level->kind == SECRET || (c == '[' && level->is_object);
        enum kind kind = is_kept ? level->kind : OTHER;
        if (kind == PLAIN) /* a command with its words, as some clients write it */
            kind = WORDS;
        pass->levels[++pass->depth] = (struct level){.kind = kind, .is_object = c == '{'};
        pass->has_before = false;
    } else if ((c == '}' || c == ']') && pass->depth > 0) {
        pass->depth--;
    } else {
        level->is_value = c == ':';
    }
    return TRUST_OK;
}

static enum trust_error run(struct pass *pass)
{
    enum trust_error error = TRUST_OK;
    while (pass->at < pass->text.size && error == TRUST_OK) {
        const uint8_t *at = pass->text.data + pass->at;
        size_t rest = pass->text.size - pass->at;
        if (*at == '"')
            take_string(pass);
        else if (*at == '/' && rest > 1 && (at[1] == '/' || at[1] == '*'))
            take_comment(pass);
        else if (strchr("{}[],:", *at) != NULL && *at != '\0')
            error = take_mark(pass);
        else if (*at == '\n' || *at == '\r' || *at == ' ' || *at == '\t' || *at == '/')
            put_byte(pass);
        else
            take_literal(pass);
    }
    return error;
}

enum trust_error mask_jsonc(char **out_shown, size_t *out_size, struct trust_bytes text)
{
    char *shown = NULL;
    size_t size = 0;
    /* Decoded text is never longer than the string, encoded text at most six times as long. */
    size_t room = 6 * text.size + 8;
    struct pass pass = {.text = text, .word = malloc(room), .before = malloc(room)};
    if (text.size >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        pass.at = 3;
    pass.file = open_memstream(&shown, &size);
    enum trust_error error = TRUST_FAIL_MEMORY;
    if (pass.file != NULL && pass.word != NULL && pass.before != NULL)
        error = run(&pass);
    if (pass.file != NULL && fclose(pass.file) != 0)
        error = TRUST_FAIL_MEMORY;
    free(pass.word);
    free(pass.before);
    if (error != TRUST_OK) {
        free(shown);
        return error;
    }
    *out_shown = shown;
    *out_size = size;
    return TRUST_OK;
}
