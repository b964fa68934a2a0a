/*
 * How a server introduces itself: the result of initialize in the legacy era, of server/discover in
 * the modern one. What is pinned of a server is one of them; a client of the other era gets it in
 * its own words, with nothing in it that the server did not say.
 */
#ifndef GUARD_GREETING_H
#define GUARD_GREETING_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "wire/splice.h"

/* A greeting in the other words is at most so much longer. */
#define GREETING_EXTRA 512

/* It is a result of initialize. */
bool greeting_is_legacy(struct trust_bytes greeting);

/* A result of server/discover as one of initialize. */
void greeting_write_legacy(struct trust_writer *writer, struct trust_bytes greeting);

/* The other way round. */
void greeting_write_modern(struct trust_writer *writer, struct trust_bytes greeting);

/* Edits what a server says in _meta under the guard's own name out of its greeting. */
void greeting_take_out_own(struct splice *splice, struct trust_bytes greeting);

#endif
