/* See bucket.h. */
#include "base/bucket.h"

#include "base/assert.h"

#define SCALE 1000u

struct trust_bucket trust_bucket_init(uint32_t rate, uint32_t burst, struct trust_mono now)
{
    assert(rate > 0);
    assert(burst > 0);
    return (struct trust_bucket){
        .level = (uint64_t)burst * SCALE, .updated_ms = now.ms, .rate = rate, .burst = burst};
}

static void refill(struct trust_bucket *bucket, struct trust_mono now)
{
    if (now.ms <= bucket->updated_ms)
        return;
    uint64_t full = (uint64_t)bucket->burst * SCALE;
    uint64_t elapsed_ms = now.ms - bucket->updated_ms;
    bucket->updated_ms = now.ms;
    /* rate tokens a second are rate thousandths a millisecond. */
    if (elapsed_ms > (full - bucket->level) / bucket->rate)
        bucket->level = full;
    else
        bucket->level += elapsed_ms * bucket->rate;
}

static uint64_t cost(const struct trust_bucket *bucket, uint32_t amount)
{
    return (uint64_t)(amount < bucket->burst ? amount : bucket->burst) * SCALE;
}

bool trust_bucket_take(struct trust_bucket *bucket, uint32_t amount, struct trust_mono now)
{
    refill(bucket, now);
    uint64_t needed = cost(bucket, amount);
    if (bucket->level < needed)
        return false;
    bucket->level -= needed;
    return true;
}

uint64_t trust_bucket_wait_ms(struct trust_bucket *bucket, uint32_t amount, struct trust_mono now)
{
    refill(bucket, now);
    uint64_t needed = cost(bucket, amount);
    if (bucket->level >= needed)
        return 0;
    return (needed - bucket->level + bucket->rate - 1) / bucket->rate;
}
