/*
 * A small file of keys, each with one word and a name that only this operator sees: the home's
 * `names`, where the word says "muted" or "-".
 *
 *   KEY WORD [NAME]\n       ordered by key; a name is UTF-8 without control characters
 *
 * People may edit it while the node does not run, so what does not read is refused by its line and
 * nothing is guessed: a mute that is dropped silently is a hole.
 */
#ifndef KEYBOOK_H
#define KEYBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"

#include "base/limits.h"

#define KEYBOOK_WORD_SIZE 32
#define KEYBOOK_NAME_SIZE (TRUST_PETNAME_SIZE_MAX + 1)
#define KEYBOOK_NONE "-"

struct keybook_entry {
    struct trust_key key;
    char word[KEYBOOK_WORD_SIZE]; /* printable ASCII without blanks, not empty */
    char name[KEYBOOK_NAME_SIZE]; /* empty: none */
};

struct keybook {
    enum trust_key_use use;
    uint32_t limit;
    uint32_t count;
    struct keybook_entry *entries; /* malloc'd, limit of them, ordered by key */
};

/* An empty book of at most limit keys. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error keybook_open(struct keybook *out_book, enum trust_key_use use,
                                             uint32_t limit);
void keybook_close(struct keybook *book);

/* NULL: not there. Valid until the book changes. */
const struct keybook_entry *keybook_find(const struct keybook *book, const struct trust_key *key);

/* The name of a key, or NULL. */
const char *keybook_name(const struct keybook *book, const struct trust_key *key);

/* Adds or replaces. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error keybook_put(struct keybook *book,
                                            const struct keybook_entry *entry);
/* TRUST_NO_FOUND. */
TRUST_MUST_USE enum trust_error keybook_remove(struct keybook *book, const struct trust_key *key);

/*
 * Reads the text of a file into an empty book. TRUST_NO_SYNTAX, TRUST_NO_KEY, TRUST_NO_RANGE (word,
 * name), TRUST_NO_CONFLICT (a key twice), TRUST_NO_ROOM: *out_line is the line, from 1, and the
 * book holds the lines before it.
 */
TRUST_MUST_USE enum trust_error keybook_parse(struct keybook *book, uint32_t *out_line,
                                              struct trust_bytes text);

/* The text of the file, malloc'd. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error keybook_format(const struct keybook *book, char **out_text,
                                               size_t *out_size);

/* The same from and to a file; one that is not there is empty. Also what trust_file_read and
 * trust_file_write answer; the line is 0 then. */
TRUST_MUST_USE enum trust_error keybook_load(struct keybook *book, uint32_t *out_line,
                                             const char *path);
TRUST_MUST_USE enum trust_error keybook_save(const struct keybook *book, const char *path);

#endif
