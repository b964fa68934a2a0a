/* See probe.h. */
#include "shield/probe.h"

#include "base/assert.h"
#include "shield/latency.h"
#include "shield/lease.h"
#include "shield/transition.h"

/* Half-open must be able to fail: with the failure rate switched off, half of the probes do. */
#define FAIL_PCT_WHEN_OFF 50u

static void note_asker(struct trust_breaker *breaker, uint64_t agent)
{
    if ((breaker->flags & TRUST_BREAKER_ASKED) == 0) {
        breaker->flags |= TRUST_BREAKER_ASKED;
        breaker->mark_ms = agent;
    } else if (breaker->mark_ms != agent) {
        breaker->flags |= TRUST_BREAKER_OTHERS;
    }
}

bool trust_probe_ask(struct trust_breaker *breaker, struct trust_permit *out_permit, uint64_t agent,
                     const struct trust_breaker_context *context)
{
    note_asker(breaker, agent);
    if ((breaker->flags & TRUST_BREAKER_OTHERS) != 0 && trust_lease_is_held(breaker, agent))
        return false;
    if (trust_lease_count(breaker) + breaker->calls >= context->policy->probes &&
        !trust_lease_remove_spare(breaker, agent))
        return false;
    uint64_t life_ms = trust_latency_lease_ms(breaker, context->policy);
    *out_permit = trust_lease_add(breaker, agent, (struct trust_mono){context->now.ms + life_ms});
    return true;
}

static uint32_t permille(uint32_t part, uint32_t whole)
{
    return (uint32_t)((uint64_t)part * 1000 / whole);
}

/* Opens or closes as soon as no result that may still come could change the verdict. */
static void judge(struct trust_breaker *breaker, uint64_t at_ms,
                  const struct trust_breaker_context *context)
{
    uint32_t probes = context->policy->probes;
    uint32_t slow_pct = context->policy->slow_pct;
    uint32_t fail_pct =
        context->policy->fail_pct > 0 ? context->policy->fail_pct : FAIL_PCT_WHEN_OFF;
    uint32_t left = breaker->calls < probes ? probes - breaker->calls : 0;
    struct trust_breaker_step step = {.at_ms = at_ms, .until_ms = TRUST_MONO_NEVER};
    if (breaker->half_failures * 100 >= fail_pct * 2 * probes) {
        step.reason = TRUST_BREAKER_BY_PROBES_FAILED;
        step.threshold = fail_pct * 10;
        step.observed = permille(breaker->half_failures, 2 * probes);
        trust_breaker_open(breaker, step, 0, context);
        return;
    }
    if (slow_pct > 0 && breaker->slow * 100 >= slow_pct * probes) {
        step.reason = TRUST_BREAKER_BY_PROBES_SLOW;
        step.threshold = slow_pct * 10;
        step.observed = permille(breaker->slow, probes);
        trust_breaker_open(breaker, step, 0, context);
        return;
    }
    if ((breaker->half_failures + 2 * left) * 100 >= fail_pct * 2 * probes)
        return;
    if (slow_pct > 0 && (breaker->slow + left) * 100 >= slow_pct * probes)
        return;
    step.to = TRUST_BREAKER_CLOSED;
    step.reason = TRUST_BREAKER_BY_PROBES_PASSED;
    step.threshold = fail_pct * 10;
    step.observed = permille(breaker->half_failures, 2 * probes);
    trust_breaker_move(breaker, &step, context);
}

void trust_probe_count(struct trust_breaker *breaker, struct trust_window_call call, uint64_t at_ms,
                       const struct trust_breaker_context *context)
{
    assert(breaker->state == TRUST_BREAKER_HALF_OPEN);
    breaker->calls++;
    breaker->half_failures += call.half_failures;
    breaker->slow += call.slow;
    judge(breaker, at_ms, context);
}

void trust_probe_lose(struct trust_breaker *breaker, const struct trust_breaker_context *context)
{
    uint64_t at_ms = breaker->until_ms;
    if (trust_lease_remove_first(breaker))
        return;
    trust_probe_count(breaker, (struct trust_window_call){.half_failures = 2}, at_ms, context);
}
