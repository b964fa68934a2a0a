/* What happens in the node as events for those who listen (events.h), each as its JSON members. */
#ifndef ANNOUNCE_H
#define ANNOUNCE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/key.h"

#include "engine/action.h"

struct core;

/* A transition of a server's shared breaker. */
void announce_breaker(struct core *core, uint32_t server, const struct trust_breaker_event *event);

/* A transition of a server's quarantine. */
void announce_quarantine(struct core *core, uint32_t server,
                         const struct trust_quarantine_change *change);

/* A peer's connection came or went. */
void announce_peer(struct core *core, const struct trust_key *key, bool is_up);

/* How far an import is. */
struct announce_import {
    uint64_t ticket; /* which import, where several run */
    uint64_t records;
    uint64_t accepted;
    uint64_t duplicate;
    uint64_t refused;
    bool is_done;
};
void announce_import(struct core *core, const struct announce_import *import);

/* The store can not write; TRUST_OK: it can again. */
void announce_store(struct core *core, enum trust_error fault);

#endif
