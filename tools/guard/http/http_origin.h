/*
 * Which URLs the guard speaks to, and whether a redirect stays where it was: credentials go to one
 * origin only, and go there encrypted unless it is this very host.
 */
#ifndef GUARD_HTTP_ORIGIN_H
#define GUARD_HTTP_ORIGIN_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/export.h"

/*
 * TRUST_OK: https, or http on loopback (localhost, 127.0.0.0/8, ::1), which out_is_plain says.
 * TRUST_NO_SYNTAX: no such URL, or one with a user or password: credentials belong into headers.
 * TRUST_NO_PERMISSION: another scheme, or http to another host.
 */
TRUST_MUST_USE enum trust_error http_origin_check(bool *out_is_plain, const char *url);

/* Scheme, host and port are the same (RFC 6454). */
bool http_origin_is_same(const char *left, const char *right);

#endif
