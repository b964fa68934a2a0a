/*
 * The verify workers: threads that do nothing but check Ed25519 signatures, in jobs of up to 32
 * records. They never see the engine: a job's bytes are copied in, its verdicts copied out.
 *
 * Jobs may end in another order than they were submitted.
 * Threads: open, close, submit and poll belong to one thread, the core's.
 */
#ifndef VERIFY_POOL_H
#define VERIFY_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/record.h"

#include "base/limits.h"

struct verify_pool;

/* A record to verify: whole, as received. */
struct verify_item {
    uint64_t token; /* the caller's, comes back with the verdict */
    struct trust_bytes bytes;
    bool check_key; /* the author is new: its key must also be a point of prime order */
};

struct verify_verdict {
    uint64_t token;
    enum trust_error error; /* TRUST_OK: the signature holds; else TRUST_NO_KEY or
                               trust_record_verify's verdict */
    struct trust_id id;     /* set with TRUST_OK */
};

/* workers >= 1. TRUST_FAIL_MEMORY, TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error verify_pool_open(struct verify_pool **out_pool, uint32_t workers,
                                                 const struct trust_network *network);

/* Joins the workers; jobs that were not begun are dropped, verdicts not polled are lost. */
void verify_pool_close(struct verify_pool *pool);

/* Readable while there are verdicts to poll. */
int verify_pool_fd(const struct verify_pool *pool);

/* Queues a job of 1 to TRUST_VERIFY_BATCH items. TRUST_NO_BUSY: every job is taken, stop reading
 * your source until a verdict was polled. */
TRUST_MUST_USE enum trust_error verify_pool_submit(struct verify_pool *pool,
                                                   const struct verify_item *items, uint32_t count);

/* Writes the verdicts of one ended job and returns how many; 0: none has ended. */
uint32_t verify_pool_poll(struct verify_pool *pool,
                          struct verify_verdict out_verdicts[TRUST_VERIFY_BATCH]);

#endif
