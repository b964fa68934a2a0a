/*
 * The flags that this operator ignores, each as the register that it sets: the home's `ignored`.
 *
 *   KEY CLASS RULE MANIFEST SUBJECT\n     the scanner, its words for the flag; MANIFEST is hex or -
 *
 * People may edit it while the node does not run, so what does not read is refused by its line and
 * nothing is guessed: it would let a server through that nobody has looked at.
 */
#ifndef FLAGBOOK_H
#define FLAGBOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/record.h"
#include "trust/subject.h"

#include "base/limits.h"
#include "record/register.h"

struct flagbook_entry {
    struct trust_register place; /* of the flag below */
    struct trust_key author;
    enum trust_class class_;
    bool has_manifest;
    uint8_t manifest[32];
    char rule[TRUST_RULE_SIZE_MAX + 1];
    char subject[TRUST_SUBJECT_TEXT_SIZE];
};

struct flagbook {
    uint32_t limit;
    uint32_t count;
    struct flagbook_entry *entries; /* malloc'd, limit of them, ordered by place */
};

/* An empty book of at most limit flags. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error flagbook_open(struct flagbook *out_book, uint32_t limit);
void flagbook_close(struct flagbook *book);

/* The entry of a decoded flag, whatever its severity and time. */
struct flagbook_entry flagbook_entry_of(const struct trust_record *flag);

/* NULL: not there. Valid until the book changes. */
const struct flagbook_entry *flagbook_find(const struct flagbook *book,
                                           const struct trust_register *place);

/* TRUST_NO_ROOM; TRUST_NO_CONFLICT: it is there already. */
TRUST_MUST_USE enum trust_error flagbook_add(struct flagbook *book,
                                             const struct flagbook_entry *entry);
/* TRUST_NO_FOUND. */
TRUST_MUST_USE enum trust_error flagbook_remove(struct flagbook *book,
                                                const struct trust_register *place);

/*
 * Reads the text of a file into an empty book. TRUST_NO_SYNTAX, TRUST_NO_KEY, TRUST_NO_RANGE
 * (class, rule, manifest), TRUST_NO_SUBJECT, TRUST_NO_CONFLICT (a flag twice), TRUST_NO_ROOM:
 * *out_line is the line, from 1, and the book holds the lines before it.
 */
TRUST_MUST_USE enum trust_error flagbook_parse(struct flagbook *book, uint32_t *out_line,
                                               struct trust_bytes text);

/* The text of the file, malloc'd. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error flagbook_format(const struct flagbook *book, char **out_text,
                                                size_t *out_size);

/* The same from and to a file; one that is not there is empty. Also what trust_file_read and
 * trust_file_write answer; the line is 0 then. */
TRUST_MUST_USE enum trust_error flagbook_load(struct flagbook *book, uint32_t *out_line,
                                              const char *path);
TRUST_MUST_USE enum trust_error flagbook_save(const struct flagbook *book, const char *path);

#endif
