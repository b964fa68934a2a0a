/*
 * A token bucket: what a peer may spend of bytes, records, signature checks or sync time.
 * Pure: the caller brings the time. Time that goes back refills nothing and loses nothing.
 */
#ifndef TRUST_BASE_BUCKET_H
#define TRUST_BASE_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/time.h"

struct trust_bucket {
    uint64_t level;      /* tokens x 1000, so that slow rates do not round to nothing */
    uint64_t updated_ms; /* monotonic */
    uint32_t rate;       /* tokens a second */
    uint32_t burst;      /* tokens at most */
};

/* Full at the start. rate and burst are above 0. */
struct trust_bucket trust_bucket_init(uint32_t rate, uint32_t burst, struct trust_mono now);

/* Takes amount tokens whole and returns true, or takes none and returns false. An amount above the
 * burst is taken when the bucket is full, leaving a debt of nothing: it empties the bucket. */
bool trust_bucket_take(struct trust_bucket *bucket, uint32_t amount, struct trust_mono now);

/* Milliseconds until amount tokens are there; 0 if they are. */
uint64_t trust_bucket_wait_ms(struct trust_bucket *bucket, uint32_t amount, struct trust_mono now);

#endif
