/*
 * Whether what a tool answered conforms to the schema that its server declares for it. The answer
 * is no only where it is certain: a keyword that is not known, a pattern, a format, branches of
 * which more than one may fit, all accept. It is the opposite of cover.h, where what is not known
 * is never a yes: there a promise of ours depends on it, here the blame of a server.
 *
 * Values are spans of what the server sent, read once; nothing is built. The time is bounded by
 * TRUST_CONFORM_WORK_MAX: over it, the value is accepted.
 */
#ifndef GUARD_CONFORM_H
#define GUARD_CONFORM_H

#include <stdbool.h>

#include "base/bytes.h"
#include "guard/offer/conform_schema.h"

/* value: raw and checked; empty: there is none, which nothing accepts. */
bool conform_accepts(const struct conform *conform, struct trust_bytes value);

#endif
