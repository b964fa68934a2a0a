/* Pins as the text of their file: JSON, described in docs/reference/pins.md. */
#ifndef GUARD_PINS_TEXT_H
#define GUARD_PINS_TEXT_H

#include "guard/offer/pins_book.h"

#define PINS_TEXT_VERSION 1
#define PINS_PLACE_SIZE 160

/* Where a text is wrong and why: "12:7: ..." or "pins[2].tools[0].digest: ...", plain UTF-8. */
struct pins_place {
    char text[PINS_PLACE_SIZE];
};

/*
 * Reads a text; all or nothing. TRUST_NO_SYNTAX: no JSON; TRUST_NO_VERSION; TRUST_NO_TYPE: a member
 * is missing or of another type; TRUST_NO_OPTION: one that is not known; TRUST_NO_RANGE: a value
 * that it cannot have; TRUST_NO_ROOM: more entries or tools than there may be; TRUST_NO_DUPLICATE:
 * an entry or a tool twice; TRUST_FAIL_CORRUPT: a definition is not that of its digest. These have
 * a place. TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error
pins_text_read(struct pins_book *out_book, struct pins_place *out_place, struct trust_bytes text);

/* The text, with a NUL behind it, which the caller frees. TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error pins_text_write(char **out_text, size_t *out_size,
                                                const struct pins_book *book);

#endif
