/* See transition.h. */
#include "shield/transition.h"

#include <string.h>

#include "base/assert.h"
#include "base/random.h"

#define MILLION UINT64_C(1000000)

static void tell(const struct trust_breaker *breaker, enum trust_breaker_state from,
                 const struct trust_breaker_step *step, const struct trust_breaker_context *context)
{
    struct trust_breaker_events *events = context->events;
    if (events == NULL || events->count >= TRUST_BREAKER_EVENTS_MAX)
        return;
    events->event[events->count++] = (struct trust_breaker_event){
        .seq = breaker->generation,
        .key = context->key,
        .time = {step->at_ms},
        .until = {step->until_ms},
        .from = from,
        .to = step->to,
        .reason = step->reason,
        .threshold = step->threshold,
        .observed = step->observed,
        .note = step->note,
    };
}

void trust_breaker_move(struct trust_breaker *breaker, const struct trust_breaker_step *step,
                        const struct trust_breaker_context *context)
{
    assert(breaker->state <= TRUST_BREAKER_METRICS_ONLY);
    enum trust_breaker_state from = (enum trust_breaker_state)breaker->state;
    if (from != step->to) {
        breaker->k = (uint8_t)trust_breaker_k(breaker, context->policy, step->at_ms);
        breaker->since_ms = step->at_ms;
    }
    breaker->state = (uint8_t)step->to;
    breaker->reason = (uint8_t)step->reason;
    breaker->until_ms = step->until_ms;
    breaker->note = step->note;
    breaker->generation++;
    breaker->calls = 0;
    breaker->half_failures = 0;
    breaker->slow = 0;
    breaker->streak = 0;
    breaker->mark_ms = 0;
    breaker->bucket_end_ms = 0;
    breaker->at = 0;
    breaker->flags &= (uint8_t)~TRUST_BREAKER_COUNTER_FLAGS;
    memset(&breaker->room, 0, sizeof breaker->room);
    tell(breaker, from, step, context);
}

uint32_t trust_breaker_k(const struct trust_breaker *breaker,
                         const struct trust_breaker_policy *policy, uint64_t now_ms)
{
    if (breaker->state != TRUST_BREAKER_CLOSED || breaker->k == 0 || now_ms <= breaker->since_ms)
        return breaker->k;
    uint64_t windows = (now_ms - breaker->since_ms) / policy->window_ms;
    return windows < breaker->k ? (uint32_t)(breaker->k - windows) : 0;
}

/* open x backoff^k in microseconds, not above open_max. No product reaches 2^60: a day has fewer
 * than 2^37 microseconds, and no factor is above four millions or 25 bits. */
static uint64_t backoff_us(const struct trust_breaker_policy *policy, uint32_t k)
{
    uint64_t most = policy->open_max_ms * UINT64_C(1000);
    uint64_t length = policy->open_ms * UINT64_C(1000);
    for (uint32_t i = 0; i < k && length < most && policy->backoff_ppm > MILLION; i++)
        length = length * policy->backoff_ppm / MILLION;
    return length < most ? length : most;
}

/* A length in milliseconds, jittered by a draw that the cell's seed and generation fix. */
static uint64_t opening_ms(const struct trust_breaker *breaker,
                           const struct trust_breaker_policy *policy, uint32_t k)
{
    uint64_t length = backoff_us(policy, k);
    uint64_t spread = length * policy->jitter_ppm / MILLION;
    uint64_t draw = trust_random_mix(breaker->seed ^ trust_random_mix(breaker->generation)) >> 40;
    length = length - spread + (spread * 2 * draw >> 24);
    uint64_t rounded_ms = (length + 500) / 1000;
    return rounded_ms < policy->open_max_ms ? rounded_ms : policy->open_max_ms;
}

void trust_breaker_open(struct trust_breaker *breaker, struct trust_breaker_step step,
                        uint32_t wait_ms, const struct trust_breaker_context *context)
{
    assert(wait_ms <= TRUST_RETRY_AFTER_MS_MAX);
    uint32_t k = trust_breaker_k(breaker, context->policy, step.at_ms);
    uint64_t length_ms = opening_ms(breaker, context->policy, k);
    step.to = TRUST_BREAKER_OPEN;
    step.until_ms = step.at_ms + (length_ms > wait_ms ? length_ms : wait_ms);
    assert(step.until_ms > step.at_ms);
    trust_breaker_move(breaker, &step, context);
    breaker->k = (uint8_t)(k < UINT8_MAX ? k + 1 : k);
}
