/*
 * What happened lately, in a bounded ring: each event has a number, and a reader that resumes
 * behind a number is given what came later, or told of a gap.
 *
 * Numbers begin at the time the process started, in milliseconds, so that one of an earlier life of
 * the node is never taken for one of this life.
 */
#ifndef EVENTS_H
#define EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/time.h"

#include "base/limits.h"

enum events_type {
    EVENTS_BREAKER,
    EVENTS_QUARANTINE,
    EVENTS_PEER,
    EVENTS_IMPORT,
    EVENTS_STORE,
};
#define EVENTS_TYPE_COUNT 5

struct events_event {
    uint64_t seq;
    struct trust_wall time;
    enum events_type type;
    bool is_for_agents; /* it speaks of a server that the operator named */
    uint16_t size;
    char data[TRUST_EVENT_SIZE_MAX]; /* one JSON object, without the braces around it */
};

struct events {
    struct events_event *ring; /* TRUST_EVENTS_MAX */
    uint64_t first;            /* number of the oldest that is kept */
    uint64_t next;             /* number of the next one */
};

/* TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error events_open(struct events *events, struct trust_wall now);
void events_close(struct events *events);

/* An event to come: data is copied, and must fit. */
struct events_news {
    enum events_type type;
    bool is_for_agents;
    struct trust_bytes data;
};
void events_add(struct events *events, const struct events_news *news, struct trust_wall now);

/* What a reader asks for, and where it stands. */
struct events_cursor {
    uint64_t next;  /* number of the next event it has not seen */
    uint32_t types; /* bits 1 << enum events_type */
    bool agents_only;
};

/* A reader that has seen everything up to since; 0: one that wants what comes from now on. */
struct events_cursor events_cursor_init(const struct events *events, uint64_t since);

enum events_step { EVENTS_NONE, EVENTS_ONE, EVENTS_GAP };

/* The next event for the reader; EVENTS_GAP: out_gap_end is the first number behind what it can
 * not be given any more. The event is valid until the next events_add. */
enum events_step events_take(const struct events *events, struct events_cursor *cursor,
                             const struct events_event **out_event, uint64_t *out_gap_end);

/* "breaker", "quarantine", "peer", "import", "store". */
const char *events_type_name(enum events_type type);

#endif
