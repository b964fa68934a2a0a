/*
 * Strings of JSON: compared, decoded and written. A raw string is what stands between the quotes,
 * escapes and all; it comes from a text that json_check or message_read has passed. Of any other
 * bytes nothing is said but that none beyond them are read.
 */
#ifndef WIRE_JSON_TEXT_H
#define WIRE_JSON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "base/writer.h"

/* The raw string means name, ASCII: "n\u0061me" means "name". */
bool json_raw_is(struct trust_bytes raw, const char *name);

/*
 * Takes one character off the front of a raw string, decoding escapes and surrogate pairs.
 * TRUST_NO_FOUND: the string has ended. TRUST_NO_RANGE: half of a surrogate pair alone, which no
 * UTF-8 can say. TRUST_NO_SYNTAX: no string of JSON.
 */
enum trust_error json_take_character(struct trust_bytes *raw,
                                     uint32_t *out_character) TRUST_MUST_USE;

/*
 * Decodes a string value, quotes and all, into UTF-8; no NUL is added, and the text may hold some.
 * TRUST_NO_TYPE: no string. TRUST_NO_ROOM: longer than room. Else as json_take_character. out_text
 * is written as far as it went; the decoded text is never longer than the value.
 */
enum trust_error json_string_copy(char *out_text, size_t room, size_t *out_size,
                                  struct trust_bytes value) TRUST_MUST_USE;

/*
 * Writes UTF-8 as a string with its quotes, with no escape but those that JSON demands (RFC 8785,
 * section 3.2.2.2). What is no UTF-8 becomes U+FFFD, a character for each byte.
 */
void json_put_string(struct trust_writer *writer, struct trust_bytes text);

/* The characters of a raw string written again, likewise and without quotes; errors as above. */
enum trust_error json_put_raw(struct trust_writer *writer, struct trust_bytes raw) TRUST_MUST_USE;

#endif
