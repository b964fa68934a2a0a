/*
 * Carries the engine's actions to store, workers, link and whoever waits for a verdict, and brings
 * their results back. When the store or the workers are behind, their source is what stops: actions
 * keep their order and wait, and no link is read meanwhile.
 */
#ifndef PUMP_H
#define PUMP_H

#include <stdbool.h>

#include "engine/engine.h"
#include "node/verify_pool.h"

struct core;

/* Reads that one event of gossip can ask for: one for each session of every peer, with room. */
#define PUMP_READS_MAX 64

typedef void pump_verdict(void *context, const struct trust_verdict_action *verdict);

struct pump {
    struct verify_item jobs[TRUST_VERIFY_BATCH]; /* being gathered */
    uint32_t job_count;
    bool is_job_stuck;        /* the workers took no more */
    bool is_store_tight;      /* the store is close to its limit */
    bool is_store_over;       /* its records are over their limit */
    bool is_store_stuck;      /* held waits for room in the store's ring */
    struct trust_action held; /* the store change that waits */
    struct trust_gossip_read reads[PUMP_READS_MAX];
    uint32_t read_count;
    uint8_t *loaded;         /* buffer of one read */
    uint64_t frames_dropped; /* to connections that were gone */
    pump_verdict *verdict;   /* told of every VERDICT; NULL: nobody waits */
    void *verdict_context;
};

/* TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error pump_open(struct pump *pump);
void pump_close(struct pump *pump);

/* Carries out what the engine wants until it wants nothing or must wait. */
void pump_run(struct core *core);

/* True while frames of the link may be read. */
bool pump_has_room(const struct core *core);

/* Sources: verdicts of the workers, progress of the store. */
void pump_take_verdicts(struct core *core);
void pump_take_progress(struct core *core);

#endif
