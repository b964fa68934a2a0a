/*
 * The words of a command line, taken one by one, and the options before the word that matters.
 * Words of a shell's string are cut only where no shell could read them otherwise.
 */
#ifndef REPUTE_LAUNCH_WORDS_H
#define REPUTE_LAUNCH_WORDS_H

#include "repute/launch.h"

#define LAUNCH_TEXT_SIZE 8192

struct launch_words {
    const char *words[TRUST_SCAN_WORDS_MAX];
    size_t count;
    size_t at;
    char text[LAUNCH_TEXT_SIZE]; /* of words that were cut out of strings */
    size_t text_size;
};

enum launch_option_kind {
    LAUNCH_SWITCH,   /* no value */
    LAUNCH_VALUE,    /* a value that does not matter */
    LAUNCH_PACKAGE,  /* its value names what is installed */
    LAUNCH_REGISTRY, /* names another registry */
    LAUNCH_CODE,     /* its value is run as code */
    LAUNCH_MODULE,   /* its value is a Python module */
};

/* A row; a table ends with a row without a name. "-y" and "--yes" are two rows. */
struct launch_option {
    const char *name;
    enum launch_option_kind kind;
};

/* False: too many words, or too long. */
bool launch_words_init(struct launch_words *words, const struct launch_line *line);

/* The next word, NULL at the end. */
const char *launch_words_peek(const struct launch_words *words);
const char *launch_words_next(struct launch_words *words);

/* Replaces all words by those of a shell's string. False: it holds more than plain words. */
bool launch_words_split(struct launch_words *words, const char *line);

/*
 * Takes options and their values up to the first word that is none; "--" is taken too. *out_package
 * is the value of a LAUNCH_PACKAGE option, NULL without one. Anything else but LAUNCH_GAP_NONE says
 * what stands in the way.
 */
enum launch_gap launch_words_skip(struct launch_words *words, const char **out_package,
                                  const struct launch_option *table);

#endif
