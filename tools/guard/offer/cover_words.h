/* The keywords of JSON Schema, drafts 4 to 2020-12, by what a comparison can make of them. */
#ifndef GUARD_COVER_WORDS_H
#define GUARD_COVER_WORDS_H

#include "base/bytes.h"

enum cover_word {
    COVER_WORD_UNKNOWN,  /* it may mean anything, even more than the schema without it */
    COVER_WORD_NOTE,     /* says nothing about which values are accepted */
    COVER_WORD_COMPARED, /* has a rule of its own */
    /* Only narrows, and does so by itself: a fallback that has it is covered where the contract has
     * the very same. */
    COVER_WORD_SAME,
    COVER_WORD_NARROWS, /* only narrows, but together with others: it is never the fallback's */
};

struct cover_word_row {
    const char *name;
    enum cover_word word;
    unsigned types; /* of values that it is about (enum cover_type) */
};

/* Rows of the table. */
#define COVER_WORDS 58

/* key is raw, of a canonical form. Never NULL. */
const struct cover_word_row *cover_word_find(struct trust_bytes key);

/* Row 0 to COVER_WORDS - 1. */
const struct cover_word_row *cover_word_at(size_t index);

/* A schema with its keywords found in one pass: whatever is asked of it later scans it no more. */
struct cover_schema {
    struct trust_bytes whole;
    struct trust_bytes words[COVER_WORDS]; /* by row; empty: not there */
    struct trust_bytes id;                 /* $id */
    struct trust_bytes unknown;            /* the first keyword that is none, raw */
};

/* schema: an object in canonical form. */
void cover_schema_read(struct cover_schema *out_schema, struct trust_bytes schema);

/* The value of a keyword of the table. */
struct trust_bytes cover_schema_word(const struct cover_schema *schema, const char *name);

#endif
