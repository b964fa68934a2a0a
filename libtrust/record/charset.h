/*
 * Sets of ASCII characters, as bits of one table: the alphabets of subjects, hosts and rules are
 * unions of these. Nothing beyond ASCII is in any of them, and no locale is asked.
 */
#ifndef TRUST_RECORD_CHARSET_H
#define TRUST_RECORD_CHARSET_H

#include "base/bytes.h"

#define TRUST_CHARSET_LOWER 1u
#define TRUST_CHARSET_UPPER 2u
#define TRUST_CHARSET_DIGIT 4u
#define TRUST_CHARSET_HYPHEN 8u
#define TRUST_CHARSET_DOT 16u
#define TRUST_CHARSET_UNDERSCORE 32u
#define TRUST_CHARSET_PLUS 64u
#define TRUST_CHARSET_COLON 128u
#define TRUST_CHARSET_TILDE 256u
#define TRUST_CHARSET_AT 512u

#define TRUST_CHARSET_ALNUM (TRUST_CHARSET_LOWER | TRUST_CHARSET_UPPER | TRUST_CHARSET_DIGIT)
/* What RFC 3986 calls unreserved. */
#define TRUST_CHARSET_UNRESERVED                                                                   \
    (TRUST_CHARSET_ALNUM | TRUST_CHARSET_HYPHEN | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE |   \
     TRUST_CHARSET_TILDE)

extern const uint16_t trust_charset[256];

static inline bool trust_charset_has(unsigned set, uint8_t c)
{
    return (trust_charset[c] & set) != 0;
}

static inline bool trust_charset_has_four(unsigned set, const uint8_t *at)
{
    return trust_charset_has(set, at[0]) && trust_charset_has(set, at[1]) &&
           trust_charset_has(set, at[2]) && trust_charset_has(set, at[3]);
}

/* The first index at or behind from (at most text.size) whose character is not in set; text.size if
 * all are. */
static inline size_t trust_charset_span(unsigned set, struct trust_bytes text, size_t from)
{
    while (text.size - from >= 4 && trust_charset_has_four(set, text.data + from))
        from += 4;
    while (from < text.size && trust_charset_has(set, text.data[from]))
        from++;
    return from;
}

static inline bool trust_charset_covers(unsigned set, struct trust_bytes text)
{
    return trust_charset_span(set, text, 0) == text.size;
}

static inline uint8_t trust_charset_fold(uint8_t c)
{
    return trust_charset_has(TRUST_CHARSET_UPPER, c) ? (uint8_t)(c + ('a' - 'A')) : c;
}

/* The bytes from..to-1 of text; from <= to <= text.size. */
static inline struct trust_bytes trust_bytes_cut(struct trust_bytes text, size_t from, size_t to)
{
    return (struct trust_bytes){.data = text.data + from, .size = to - from};
}

/* True if text is word, which is lower-case, whatever the case of text. */
static inline bool trust_charset_is_word(struct trust_bytes text, const char *word)
{
    if (text.size != strlen(word))
        return false;
    for (size_t i = 0; i < text.size; i++) {
        if (trust_charset_fold(text.data[i]) != (uint8_t)word[i])
            return false;
    }
    return true;
}

/* True if text begins with prefix, which is lower-case, whatever the case of text. */
static inline bool trust_charset_has_prefix(struct trust_bytes text, const char *prefix)
{
    size_t size = strlen(prefix);
    return text.size >= size && trust_charset_is_word(trust_bytes_cut(text, 0, size), prefix);
}

/* The index of the first c at or behind from, or text.size. */
static inline size_t trust_charset_find(struct trust_bytes text, size_t from, uint8_t c)
{
    if (from >= text.size)
        return text.size;
    const uint8_t *found = memchr(text.data + from, c, text.size - from);
    return found == NULL ? text.size : (size_t)(found - text.data);
}

/* The index of the last c in text, or text.size. */
size_t trust_charset_find_last(struct trust_bytes text, uint8_t c);

#endif
