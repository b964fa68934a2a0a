/* UTF-8 (RFC 3629), one sequence at a time: shortest forms only, no surrogates, nothing beyond
 * U+10FFFF. */
#ifndef TRUST_BASE_UTF8_H
#define TRUST_BASE_UTF8_H

#include <stdbool.h>

#include "base/bytes.h"

/* The size of the sequence at the front of text, 1 to 4; 0: there is none. */
size_t trust_utf8_next(struct trust_bytes text);

/* The index of the first byte that belongs to no sequence; text.size if all do. */
size_t trust_utf8_span(struct trust_bytes text);

/* Whether text begins with a character that is not shown and turns the order in which others are:
 * what a terminal shows with it is not what stands there. */
bool trust_utf8_is_turning(struct trust_bytes text);

/* Makes text fit for terminals and for JSON, in place: a byte that is no UTF-8 becomes a question
 * mark, control characters but line feeds become spaces. */
void trust_utf8_make_plain(char *text);

#endif
