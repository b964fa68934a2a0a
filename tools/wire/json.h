/*
 * JSON as spans of the bytes it came in: nothing is copied, allocated or built. A value is the
 * struct trust_bytes from its first byte to its last, without the white space around it; an empty
 * one is no value, so that a member that is not there needs no second word.
 *
 * json_check first, then walk and find. A walk scans what it passes again, so nothing here reads
 * beyond bytes that were never checked; it only answers TRUST_NO_SYNTAX later.
 */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "wire/json_text.h"

/* By its first byte. The names are not jansson's, which some files include as well. */
enum json_kind {
    JSON_KIND_NONE, /* no value */
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_NUMBER,
    JSON_KIND_STRING,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT,
};

/*
 * One value of RFC 8259 in valid UTF-8, with nothing but white space around it. TRUST_NO_SYNTAX: it
 * is not. TRUST_NO_RANGE: deeper than TRUST_WIRE_DEPTH_MAX. A lone surrogate as an escape is good
 * grammar and passes; decoding it is refused. So does a key twice: json_find refuses it.
 */
enum trust_error json_check(struct trust_bytes text) TRUST_MUST_USE;

/* text without white space around it; of a checked text, its value. */
struct trust_bytes json_trim(struct trust_bytes text);

enum json_kind json_kind(struct trust_bytes value);

/* Through the members of an object or the items of an array, in their order. */
struct json_walk {
    const uint8_t *at;
    const uint8_t *end;
    enum trust_error error; /* why it stopped; TRUST_OK: it goes on, or is at its end */
    bool is_first;
    bool is_done;
};

/* error is TRUST_NO_TYPE from the beginning if value is no object. */
struct json_walk json_walk_object(struct trust_bytes value);

/* Likewise, if value is no array. */
struct json_walk json_walk_array(struct trust_bytes value);

/* The next member; the key is raw (json_text.h). False at the end, and when error is set. */
bool json_next_member(struct json_walk *walk, struct trust_bytes *out_key,
                      struct trust_bytes *out_value);

/* The next item, likewise. */
bool json_next_item(struct json_walk *walk, struct trust_bytes *out_value);

/*
 * The value of the member name, ASCII; however the key is escaped. TRUST_NO_FOUND: there is none.
 * TRUST_NO_DUPLICATE: there are two, and two readers would take different ones. TRUST_NO_TYPE: no
 * object. Only members of the object itself are looked at.
 */
enum trust_error json_find(struct trust_bytes *out_value, struct trust_bytes object,
                           const char *name) TRUST_MUST_USE;

/* value is a string that means text, ASCII. */
bool json_is_string(struct trust_bytes value, const char *text);

/* TRUST_NO_TYPE: no number. TRUST_NO_RANGE: below zero, above UINT64_MAX, or written with a point
 * or an exponent. */
enum trust_error json_uint(uint64_t *out_number, struct trust_bytes value) TRUST_MUST_USE;

/* TRUST_NO_TYPE: neither true nor false. */
enum trust_error json_bool(bool *out_is_true, struct trust_bytes value) TRUST_MUST_USE;

#endif
