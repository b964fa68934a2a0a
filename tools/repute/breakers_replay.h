/*
 * `repute breakers replay [--policy FILE] EVENTS`: leads an event list, JSON lines, through a
 * breaker policy and prints the state after each event. It needs no node, no key and no clock.
 */
#ifndef REPUTE_BREAKERS_REPLAY_H
#define REPUTE_BREAKERS_REPLAY_H

#include <stdio.h>

#include "trust/error.h"

struct breakers_replay {
    FILE *policy;            /* NULL: the defaults */
    const char *policy_name; /* for messages */
    FILE *events;
    const char *events_name; /* for messages */
    FILE *out;               /* one JSON line an event */
    FILE *err;               /* what is wrong and where, in one to three lines */
};

/*
 * Runs the list to its end or to its first fault. TRUST_NO_SYNTAX, TRUST_NO_TYPE, TRUST_NO_OPTION,
 * TRUST_NO_RANGE, TRUST_NO_SIZE, TRUST_NO_ROOM: the fault was written to err, and the lines before
 * it to out. TRUST_FAIL_IO, TRUST_FAIL_MEMORY. The streams stay open.
 */
TRUST_MUST_USE enum trust_error breakers_replay_run(const struct breakers_replay *replay);

#endif
