/*
 * Percent-encoding in normal form (RFC 3986 section 6.2.2): a character that may stand bare is
 * bare, every other one is "%" and two upper-case hex digits, so that one name has one text.
 *
 * Only printable ASCII can be named, and never "/" or "\", bare or encoded: servers and proxies do
 * not agree on what those mean inside a segment.
 */
#ifndef TRUST_RECORD_PERCENT_H
#define TRUST_RECORD_PERCENT_H

#include "base/writer.h"

/* True if segment is in normal form, where the characters of the set bare may stand bare. */
bool trust_percent_is_normal(struct trust_bytes segment, unsigned bare);

/* Appends the normal form of segment. False: it has none, and what was appended is to be dropped.
 */
bool trust_percent_normalise(struct trust_writer *writer, struct trust_bytes segment,
                             unsigned bare);

#endif
