/*
 * What is known of servers: from the node, or without one from what it last left on this host, its
 * board and its list of withheld servers, as agents have it then too.
 */
#ifndef REPUTE_SCAN_STANDING_H
#define REPUTE_SCAN_STANDING_H

#include <jansson.h>

#include "repute/context.h"

/*
 * *out_standing: {"basis": {"kind", "age_s"}, "node": null or the error's name, "withheld_whole":
 * whether that list could be read, "servers": {SUBJECT: {"status", "score", "lower", "severity",
 * "flags": [class...], "breaker", "quarantine"}}}. What is not known is null; a server that
 * nothing is known of has no member. The caller releases it. A node that is away or refuses this
 * user is no error. TRUST_FAIL_*.
 */
TRUST_MUST_USE enum trust_error scan_standing_find(struct context *context, json_t **out_standing,
                                                   const json_t *subjects);

#endif
