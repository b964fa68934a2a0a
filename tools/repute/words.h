/* The words that people, drafts and documents use for the numbers of records. */
#ifndef REPUTE_WORDS_H
#define REPUTE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/record.h"

/* NULL-terminated, in the order of the enum that they name, which begins with 1... */
extern const char *const words_categories[];
extern const char *const words_origins[];
extern const char *const words_classes[];
extern const char *const words_reasons[];
/* ...or 0. */
extern const char *const words_severities[];

/* Room for every scope with commas between. */
#define WORDS_SCOPES_SIZE 24

/* "rate,introduce,scan" from scope bits 1..7, and back: each word once, in this order or another.
 * False: a word that is none, or none at all. */
void words_put_scopes(char out_text[WORDS_SCOPES_SIZE], uint8_t scopes);
bool words_take_scopes(uint8_t *out_scopes, const char *text);

/* The place of a word in a table; false: it is not there. */
bool words_find(size_t *out_index, const char *const *table, struct trust_bytes word);

/* "vouch", "rating", "flag", "alias", "revocation". Static. */
const char *words_kind(enum trust_kind kind);

#endif
