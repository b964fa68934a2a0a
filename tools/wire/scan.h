/*
 * The one scanner of JSON (RFC 8259) below everything that reads it here: grammar, valid UTF-8 and
 * depth in one pass over the bytes, without allocation or recursion. What is open is one bit a
 * level: an object or an array.
 */
#ifndef WIRE_SCAN_H
#define WIRE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"

#include "base/bytes.h"

/* After the first refusal error holds it, and where the scan stands says nothing any more. */
struct scan {
    const uint8_t *at;
    const uint8_t *end;
    enum trust_error error; /* TRUST_NO_SYNTAX; TRUST_NO_RANGE: nested too deeply */
};

static inline struct scan scan_init(struct trust_bytes text)
{
    return (struct scan){.at = text.data,
                         .end = text.size == 0 ? text.data : text.data + text.size};
}

static inline bool scan_refuse(struct scan *scan, enum trust_error error)
{
    scan->error = error;
    return false;
}

/* The next byte; 0, which begins nothing in JSON, at the end. */
static inline uint8_t scan_peek(const struct scan *scan)
{
    return scan->at < scan->end ? *scan->at : 0;
}

static inline void scan_space(struct scan *scan)
{
    /* Most texts have none, or one blank behind a colon or a comma. */
    while (scan->at < scan->end && *scan->at <= ' ' &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'))
        scan->at++;
}

/* Passes one UTF-8 sequence of two bytes or more; NULL if there is none. at is before end. */
const uint8_t *scan_multibyte(const uint8_t *at, const uint8_t *end);

/* From a quote to behind the quote that ends the string. */
bool scan_string(struct scan *scan);

/* White space, a string, a colon: out_key is what stands between the quotes, as it is written. */
bool scan_key(struct scan *scan, struct trust_bytes *out_key);

/* White space and one whole value, depth arrays and objects being open around it. */
bool scan_value(struct scan *scan, unsigned depth);

#endif
