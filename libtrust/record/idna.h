/*
 * Internationalised host labels ("xn--..."). Their ASCII form is the canonical one and is what
 * people see; this only refuses labels that mix scripts, the cheapest way to imitate a name.
 */
#ifndef TRUST_RECORD_IDNA_H
#define TRUST_RECORD_IDNA_H

#include "base/bytes.h"

/*
 * True if punycode (what follows "xn--" in a label of at most 63 characters, lower-case) decodes
 * (RFC 3492) to letters of one script, digits and hyphens, at least one beyond ASCII. Han may stand
 * with Hiragana and Katakana, or with Hangul.
 */
bool trust_idna_is_single_script(struct trust_bytes punycode);

#endif
