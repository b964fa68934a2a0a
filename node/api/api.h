/*
 * The local API as the core sees it: opened last, closed first, and given a turn whenever something
 * happened. What its resources share lives here.
 */
#ifndef API_API_H
#define API_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/time.h"

#include "node/agents.h"
#include "node/api/backup.h"
#include "node/api/census.h"
#include "node/api/keeping.h"
#include "node/api/leases.h"
#include "node/api/ping.h"
#include "node/api/pins.h"
#include "node/api/stream.h"
#include "node/api/tickets.h"
#include "node/challenge.h"
#include "node/keybook.h"

struct core;
struct http;
struct import;

struct api {
    struct core *core;
    struct http *agents;    /* agent.sock */
    struct http *operators; /* operator.sock */
    bool is_stopping;
    uint32_t held_count;             /* calls that wait */
    uint64_t connections;            /* since start: the number of the last one */
    uint64_t crowded;                /* since start: connections closed for want of room */
    uint64_t slow_bodies;            /* since start: connections closed because of their bodies */
    struct trust_mono crowded_until; /* one of them was closed shortly before */
    uint64_t answers[6];             /* since start, by the first digit of their status */
    struct census census;
    struct tickets tickets;
    struct pings pings;
    struct backup backup;
    struct import *import; /* the one that is received or runs; NULL: none */
    struct keybook names;  /* of operators: the home's `names` */
    struct agents identities;
    struct challenge challenge;
    struct stream_readers readers;
    struct keeping keeping;
    struct leases_book leases;
    struct pins_tellers tellers;
};

/* Makes it and reads the names and mutes. What names_open says; TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error api_make(struct core *core);

/* Listens on both sockets of the home. TRUST_NO_CONFLICT, TRUST_NO_SIZE, TRUST_FAIL_*. */
TRUST_MUST_USE enum trust_error api_open(struct core *core);

/* Answers what is held, closes all connections, removes the sockets. */
void api_close(struct core *core);

/* Work that is due though no descriptor says so. */
void api_turn(struct core *core);
struct trust_mono api_deadline(const struct core *core);

#endif
