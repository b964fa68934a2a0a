/*
 * What is kept of a server over a restart, as rows of the store's state table: its shared breaker
 * (in remaining times), its own calls, its quarantine, and what agents told of its manifest.
 *
 * No row is lost to a full ring: its server waits and is written as soon as there is room, with
 * what is true then. Who gave an order waits for the number that server_state_keep returned.
 */
#ifndef SERVER_STATE_H
#define SERVER_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

#include "base/limits.h"

struct core;

struct server_set {
    uint64_t words[TRUST_BOARD_SLOTS_MAX / 64];
};

struct server_state {
    uint64_t asked;                /* number of the last order */
    uint64_t durable;              /* every order up to here is on disk */
    struct server_set calls;       /* servers that may have a row of calls... */
    struct server_set quarantines; /* ...of quarantine... */
    struct server_set sights;      /* ...and of what agents told of its manifest */
    struct server_set waiting;     /* found no room in the store's ring */
    uint32_t waiting_count;
    bool is_round; /* all servers are being written, from cursor on */
    uint32_t cursor;
    struct trust_mono due; /* of the next round, or of its next step */
};

/* Watches every server that has rows and gives them to the engine. A row that does not read is left
 * where it is, and logged. TRUST_FAIL_IO, TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error server_state_load(struct core *core);

/* Writes the rows of one server; those without anything to keep are erased. */
void server_state_save(struct core *core, uint32_t server);

/* The same, at once, for somebody who waits: the rows are on disk when durable has come to the
 * number returned. */
uint64_t server_state_keep(struct core *core, uint32_t server);

/* Erases the rows that a server may have which is watched no longer. */
void server_state_forget(struct core *core, uint32_t server, const uint8_t digest[32]);

/* Every 30 s a round over all servers with calls, an open breaker or a quarantine, in steps that
 * leave the store room for records; and whatever waits. */
void server_state_tick(struct core *core);
struct trust_mono server_state_deadline(const struct server_state *state);

/* Before a clean stop: a whole round, as long as the store takes it. */
void server_state_flush(struct core *core);

#endif
