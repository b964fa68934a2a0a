/* See lease.h. */
#include "shield/lease.h"

#include "base/assert.h"
#include "base/random.h"

#define END_MS_MAX ((UINT64_C(1) << 48) - 1)

static uint64_t end_of(const struct trust_breaker_lease *lease)
{
    return (uint64_t)lease->end_high << 32 | lease->end_low;
}

static uint32_t agent_hash(uint64_t agent)
{
    return (uint32_t)trust_random_mix(agent);
}

uint32_t trust_lease_count(const struct trust_breaker *breaker)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++)
        count += end_of(&breaker->room.lease[i]) != 0;
    return count;
}

bool trust_lease_is_held(const struct trust_breaker *breaker, uint64_t agent)
{
    for (uint32_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++) {
        const struct trust_breaker_lease *lease = &breaker->room.lease[i];
        if (end_of(lease) != 0 && lease->agent == agent_hash(agent) &&
            !trust_lease_is_spare(breaker, (uint8_t)i))
            return true;
    }
    return false;
}

bool trust_lease_is_live(const struct trust_breaker *breaker, const struct trust_permit *permit)
{
    if (breaker->state != TRUST_BREAKER_HALF_OPEN || permit->generation != breaker->generation)
        return false;
    if (permit->slot >= TRUST_BREAKER_PROBES_MAX)
        return false;
    const struct trust_breaker_lease *lease = &breaker->room.lease[permit->slot];
    return end_of(lease) != 0 && lease->check == permit->check;
}

bool trust_lease_is_of(const struct trust_breaker *breaker, const struct trust_permit *permit,
                       uint64_t agent)
{
    return trust_lease_is_live(breaker, permit) &&
           breaker->room.lease[permit->slot].agent == agent_hash(agent);
}

/* Consecutive leases of a generation differ, whatever the seed. */
static uint16_t next_check(struct trust_breaker *breaker)
{
    uint64_t base = trust_random_mix(breaker->seed ^ (uint64_t)breaker->generation << 32);
    return (uint16_t)(base + breaker->bucket_end_ms++);
}

struct trust_permit trust_lease_add(struct trust_breaker *breaker, uint64_t agent,
                                    struct trust_mono end)
{
    assert(breaker->state == TRUST_BREAKER_HALF_OPEN);
    uint8_t slot = 0;
    while (end_of(&breaker->room.lease[slot]) != 0) {
        slot++;
        assert(slot < TRUST_BREAKER_PROBES_MAX);
    }
    uint64_t end_ms = end.ms < END_MS_MAX ? end.ms : END_MS_MAX;
    assert(end_ms > 0);
    breaker->room.lease[slot] = (struct trust_breaker_lease){
        .agent = agent_hash(agent),
        .end_low = (uint32_t)end_ms,
        .end_high = (uint16_t)(end_ms >> 32),
        .check = next_check(breaker),
    };
    if (end_ms < breaker->until_ms)
        breaker->until_ms = end_ms;
    return (struct trust_permit){
        .generation = breaker->generation, .check = breaker->room.lease[slot].check, .slot = slot};
}

void trust_lease_remove(struct trust_breaker *breaker, uint8_t slot)
{
    assert(slot < TRUST_BREAKER_PROBES_MAX);
    assert(end_of(&breaker->room.lease[slot]) != 0);
    breaker->room.lease[slot] = (struct trust_breaker_lease){0};
    breaker->at &= (uint16_t) ~(1u << slot);
    breaker->until_ms = TRUST_MONO_NEVER;
    for (uint32_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++) {
        uint64_t end_ms = end_of(&breaker->room.lease[i]);
        if (end_ms != 0 && end_ms < breaker->until_ms)
            breaker->until_ms = end_ms;
    }
}

void trust_lease_spare(struct trust_breaker *breaker, uint8_t slot)
{
    assert(slot < TRUST_BREAKER_PROBES_MAX);
    assert(end_of(&breaker->room.lease[slot]) != 0);
    breaker->at |= (uint16_t)(1u << slot);
}

bool trust_lease_is_spare(const struct trust_breaker *breaker, uint8_t slot)
{
    return (breaker->at >> slot & 1u) != 0;
}

bool trust_lease_remove_spare(struct trust_breaker *breaker, uint64_t agent)
{
    for (uint8_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++) {
        if (trust_lease_is_spare(breaker, i) && breaker->room.lease[i].agent != agent_hash(agent)) {
            trust_lease_remove(breaker, i);
            return true;
        }
    }
    return false;
}

bool trust_lease_remove_first(struct trust_breaker *breaker)
{
    uint8_t first = TRUST_BREAKER_PROBES_MAX;
    uint64_t first_end_ms = TRUST_MONO_NEVER;
    for (uint8_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++) {
        uint64_t end_ms = end_of(&breaker->room.lease[i]);
        if (end_ms != 0 && end_ms < first_end_ms) {
            first_end_ms = end_ms;
            first = i;
        }
    }
    bool was_spare = first < TRUST_BREAKER_PROBES_MAX && trust_lease_is_spare(breaker, first);
    trust_lease_remove(breaker, first);
    return was_spare;
}

void trust_lease_cancel_all(struct trust_breaker *breaker)
{
    while (breaker->state == TRUST_BREAKER_HALF_OPEN && trust_lease_count(breaker) > 0)
        (void)trust_lease_remove_first(breaker);
}
