/*
 * Ordering of up to 1,024 candidates by 48-bit keys, least first, within fixed scratch: insertion
 * for few, LSD radix (Knuth, TAOCP 5.2.5, algorithm R) for many, which skips the digits that do not
 * differ.
 */
#ifndef TRUST_SHIELD_ORDER_H
#define TRUST_SHIELD_ORDER_H

#include "trust/select.h"

#include "base/limits.h"

/* An item is one word: 48 bits of key above 16 of the caller's index. */
#define TRUST_ORDER_KEY_BITS 48u
#define TRUST_ORDER_INDEX_BITS 16u

static inline uint64_t trust_order_item(uint64_t key, uint32_t index)
{
    return key << TRUST_ORDER_INDEX_BITS | index;
}

static inline uint64_t trust_order_key(uint64_t item)
{
    return item >> TRUST_ORDER_INDEX_BITS;
}

static inline uint32_t trust_order_index(uint64_t item)
{
    return (uint32_t)(item & ((1u << TRUST_ORDER_INDEX_BITS) - 1));
}

/* Sorts items[0..count) by their keys. scratch has room for count items. */
void trust_order_sort(uint64_t *items, uint64_t *scratch, size_t count);

/* Median of the latencies that are known (the lower of two); 0 if none is. scratch and other have
 * room for count items. */
uint32_t trust_order_median_us(uint64_t *scratch, uint64_t *other,
                               const struct trust_candidate *candidates, size_t count);

/*
 * The place of a candidate in near equals of one cost order: (ewma_ms + 20)(1 + 4 fail rate) /
 * lower^2 as a number whose order is the cost's, in steps of about 1/8,000 of itself, below 2^24.
 * lower_ppm TRUST_PPM_NONE counts as 1.
 */
uint32_t trust_order_cost(uint32_t latency_us, uint32_t fail_ppm, uint32_t lower_ppm);

/* The agent's own latency, else the board's; 0: nobody knows. */
static inline uint32_t trust_candidate_latency_us(const struct trust_candidate *candidate)
{
    if (candidate->ewma_us != 0 || candidate->cell == NULL)
        return candidate->ewma_us;
    return candidate->cell->ewma_us;
}

/* The failures that belong to that latency. */
uint32_t trust_candidate_fail_ppm(const struct trust_candidate *candidate);

#endif
