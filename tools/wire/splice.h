/*
 * Changes to a message on its way through, written in one pass: what is not named stays byte for
 * byte. Spans are those of message_read over the same bytes; every replacement is one JSON value,
 * borrowed until the write.
 */
#ifndef WIRE_SPLICE_H
#define WIRE_SPLICE_H

#include <stddef.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "base/writer.h"

struct splice_edit {
    const uint8_t *at;
    size_t cut; /* bytes dropped there */
    struct trust_bytes put;
};

struct splice {
    struct trust_bytes whole;
    size_t size; /* of what will be written */
    size_t
        count; /* edits, in the order of the text; those of one place in the order they were made */
    struct splice_edit edits[TRUST_WIRE_EDITS_MAX];
};

/* whole: the message, or any value; nothing is changed yet. */
void splice_init(struct splice *splice, struct trust_bytes whole);

/*
 * In place of span, which lies in whole, comes value. No two replacements overlap, and no member is
 * added to a value that is replaced: these are the caller's to keep.
 */
void splice_replace(struct splice *splice, struct trust_bytes span, struct trust_bytes value);

/* A member more at the front of object, which has no such key. key is ASCII without an escape; it
 * and value are borrowed too. */
void splice_add_member(struct splice *splice, struct trust_bytes object, const char *key,
                       struct trust_bytes value);

/*
 * The member key of the _meta of owner (params or result, an object) becomes value: replaced where
 * it stands, added where it does not, with a _meta of its own if owner has none (meta is empty) or
 * one that is no object; this last at most once an owner. TRUST_NO_DUPLICATE: the key stands there
 * twice.
 */
enum trust_error splice_set_meta(struct splice *splice, struct trust_bytes owner,
                                 struct trust_bytes meta, const char *key,
                                 struct trust_bytes value) TRUST_MUST_USE;

/* Exactly splice->size bytes; the writer says whether they fitted. */
void splice_write(const struct splice *splice, struct trust_writer *writer);

#endif
