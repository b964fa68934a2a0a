/*
 * What the router asks of the contract and the pins behind it: what is promised to the client, and
 * what a backend has of it. Whoever opens a router fills in the table; the router owns nothing of
 * what is behind it and calls from within its own calls, never the other way round.
 *
 * Every span handed out is good until the next call through the table.
 */
#ifndef GUARD_OFFER_H
#define GUARD_OFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

/* Whether a backend may serve a tool of the contract. */
enum offer_state {
    OFFER_COVERED,
    OFFER_NOT_COVERED,
    OFFER_CHANGED,     /* withheld by its pin: changed, pending or rejected */
    OFFER_UNKNOWN_YET, /* neither pinned nor learned: to be started before it can be judged */
};

/* Behaviour hints as the backend itself gives them; false where it says nothing. */
struct offer_hints {
    bool is_read_only;
    bool is_idempotent;
};

struct offer_route {
    enum offer_state state;
    struct offer_hints hints;
    struct trust_bytes name; /* of the tool on that backend, a JSON string; empty: the same */
    bool has_map;            /* its arguments go through map_arguments */
    bool has_output;         /* what it answers goes through conforms */
};

/* What is learned of a backend, a list a page at a time. */
enum offer_part {
    OFFER_SERVER,    /* the result of initialize, or of server/discover; always first */
    OFFER_TOOLS,     /* a result of tools/list */
    OFFER_PROMPTS,   /* prompts/list */
    OFFER_TEMPLATES, /* resources/templates/list */
};

enum offer_text {
    OFFER_TEXT_INITIALIZE, /* a result of initialize */
    OFFER_TEXT_DISCOVER,   /* a result of server/discover */
    OFFER_TEXT_TOOLS,      /* the array of tools/list */
};

struct offer_calls {
    /* A JSON value for the client out of what is pinned; empty: there is none yet. */
    struct trust_bytes (*text)(void *context, enum offer_text text);

    /* A number that changes whenever the tools that the client may see or use change. */
    uint64_t (*revision)(void *context);

    /* tool as it is called by the client, decoded. */
    struct offer_route (*route)(void *context, struct trust_bytes tool, uint32_t backend);

    /* Arguments (an object; empty: there are none) as that backend wants them. TRUST_NO_RANGE: the
     * map does not fit them. */
    enum trust_error (*map_arguments)(void *context, struct trust_bytes *out_arguments,
                                      struct trust_bytes tool, uint32_t backend,
                                      struct trust_bytes arguments);

    /* Whether structuredContent of an answer (empty: there is none) may be what that backend
     * declares for the tool. */
    bool (*conforms)(void *context, struct trust_bytes tool, uint32_t backend,
                     struct trust_bytes content);

    /* Whether what the backend has of this part (prompts or templates) is withheld by its pin: all
     * of them, since their digests are pinned together. */
    bool (*withholds)(void *context, enum offer_part part, uint32_t backend);

    /* Whether all that the backend lists here (a result of prompts/list or
     * resources/templates/list, for the client) was learned of it, word by word. If not, the part
     * is withheld until it is learned anew. */
    bool (*lists_known)(void *context, enum offer_part part, uint32_t backend,
                        struct trust_bytes result);

    /* One part of what a backend says of itself; OFFER_SERVER forgets what was learned before, but
     * routes and texts stay as they were judged until router_judged. Not
     * TRUST_OK: over a bound, or nothing that can be understood: the backend cannot be used. */
    enum trust_error (*learn)(void *context, uint32_t backend, enum offer_part part,
                              struct trust_bytes result);
};

struct offer {
    const struct offer_calls *calls;
    void *context;
};

#endif
