/*
 * Measured ratings: what this host's own calls say of a server, ready for its operator to sign
 * (origin `measured`). The node offers them; only the command line can sign.
 */
#ifndef TRUST_ENGINE_MEASURED_H
#define TRUST_ENGINE_MEASURED_H

#include "engine/engine.h"

/* Calls behind a rating at least: at 20 a performance rating has its full weight. */
#define TRUST_MEASURED_CALLS_MIN 20

struct trust_measured {
    uint32_t server; /* see servers.h */
    uint16_t value;  /* permille: good calls of all */
    uint32_t calls;  /* decayed, rounded down */
};

/* Walks the servers with enough own calls: start with *cursor = 0; false at the end, and at once
 * while our own uplink is down: what is measured then says nothing of servers. */
bool trust_engine_next_measured(const struct trust_engine *engine, uint32_t *cursor,
                                struct trust_measured *out_measured, struct trust_now now);

#endif
