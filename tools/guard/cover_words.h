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

/* key is raw, of a canonical form. Never NULL. */
const struct cover_word_row *cover_word_find(struct trust_bytes key);

#endif
