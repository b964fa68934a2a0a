/* See order.h. */
#include "shield/order.h"

#include <string.h>

#include "base/assert.h"

#define RADIX_BITS 10u
#define RADIX (1u << RADIX_BITS)
#define ITEM_BITS (TRUST_ORDER_KEY_BITS + TRUST_ORDER_INDEX_BITS)
#define BASE_LATENCY_US 20000u
/* Bits of a double's 52-bit mantissa that are dropped, so that sign, exponent and 13 bits are left;
 * the sign is 0. */
#define COST_SHIFT 39u

static_assert(TRUST_SELECT_MAX == TRUST_CANDIDATES_MAX, "one bound, in public and in base");

static void sort_few(uint64_t *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1] > item; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

static void scatter(uint64_t *to, const uint64_t *from, size_t count, unsigned shift)
{
    uint16_t starts[RADIX] = {0};
    for (size_t i = 0; i < count; i++)
        starts[from[i] >> shift & (RADIX - 1)]++;
    uint16_t start = 0;
    for (unsigned digit = 0; digit < RADIX; digit++) {
        uint16_t here = starts[digit];
        starts[digit] = start;
        start = (uint16_t)(start + here);
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i] >> shift & (RADIX - 1)]++] = from[i];
}

void trust_order_sort(uint64_t *items, uint64_t *scratch, size_t count)
{
    assert(count <= TRUST_SELECT_MAX);
    if (count <= TRUST_SELECT_SMALL) {
        sort_few(items, count);
        return;
    }
    uint64_t differing = 0;
    for (size_t i = 1; i < count; i++)
        differing |= items[i] ^ items[0];
    uint64_t *from = items;
    uint64_t *to = scratch;
    for (unsigned shift = TRUST_ORDER_INDEX_BITS; shift < ITEM_BITS; shift += RADIX_BITS) {
        if ((differing >> shift & (RADIX - 1)) == 0)
            continue;
        scatter(to, from, count, shift);
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}

uint32_t trust_candidate_fail_ppm(const struct trust_candidate *candidate)
{
    uint32_t fail_ppm = 0;
    if (candidate->ewma_us != 0)
        fail_ppm = candidate->fail_ppm;
    else if (candidate->cell != NULL)
        fail_ppm = candidate->cell->fail_ppm;
    return fail_ppm < TRUST_PPM ? fail_ppm : TRUST_PPM;
}

uint32_t trust_order_median_us(uint64_t *scratch, uint64_t *other,
                               const struct trust_candidate *candidates, size_t count)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t latency_us = trust_candidate_latency_us(&candidates[i]);
        if (latency_us != 0)
            scratch[known++] = trust_order_item(latency_us, 0);
    }
    if (known == 0)
        return 0;
    trust_order_sort(scratch, other, known);
    return (uint32_t)trust_order_key(scratch[(known - 1) / 2]);
}

uint32_t trust_order_cost(uint32_t latency_us, uint32_t fail_ppm, uint32_t lower_ppm)
{
    /* One division of two whole numbers: the same bits on every machine. At most
     * (2^32 + 20,000) x 5,000,000 above the line, 10^12 below. */
    uint64_t lower = lower_ppm == TRUST_PPM_NONE ? TRUST_PPM : lower_ppm;
    uint64_t above =
        ((uint64_t)latency_us + BASE_LATENCY_US) * (TRUST_PPM + UINT64_C(4) * fail_ppm);
    uint64_t below = lower == 0 ? 1 : lower * lower;
    double cost = (double)above / (double)below;
    uint64_t bits;
    memcpy(&bits, &cost, sizeof bits);
    return (uint32_t)(bits >> COST_SHIFT);
}
