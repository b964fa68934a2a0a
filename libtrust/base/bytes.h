/*
 * A borrowed view of bytes, the form of every unverified input. It never owns what it shows: it is
 * valid as long as the caller's buffer is.
 */
#ifndef TRUST_BASE_BYTES_H
#define TRUST_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "trust/bytes.h"

static inline bool trust_bytes_equal(struct trust_bytes a, struct trust_bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* Order of byte strings: by memcmp, a prefix first. Below, equal or above zero. */
static inline int trust_bytes_compare(struct trust_bytes a, struct trust_bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

static inline struct trust_bytes trust_bytes_text(const char *text)
{
    return (struct trust_bytes){.data = (const uint8_t *)text, .size = strlen(text)};
}

#endif
