/*
 * Exact versions. A range or a moving tag names different code at different times, so nothing can
 * be said about it that stays true.
 */
#ifndef TRUST_RECORD_VERSION_H
#define TRUST_RECORD_VERSION_H

#include "base/bytes.h"

/* True unless version is "latest" in any case, or has a wildcard ("x") among its numbers. The
 * alphabet is the caller's to check: it keeps the operators of ranges out. */
bool trust_version_is_exact(struct trust_bytes version);

#endif
