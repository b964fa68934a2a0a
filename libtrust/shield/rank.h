/*
 * The last stage of a selection: the order of those that may serve, and the reason of each place.
 *
 * Under `best`, near equals are bands of lower bounds: the highest bound leads a band of all within
 * .05 of it, the highest below that the next, so that the bands depend on the set alone.
 */
#ifndef TRUST_SHIELD_RANK_H
#define TRUST_SHIELD_RANK_H

#include "shield/order.h"

/* One selection while it is made; choices[i] belongs to candidates[i]. */
struct trust_ranking {
    const struct trust_candidate *candidates;
    struct trust_choice *choices;
    const struct trust_request *request;
    uint64_t *items;   /* room for count */
    uint64_t *scratch; /* room for count */
    size_t count;
    uint32_t median_us; /* stands for a latency that nobody knows yet */
};

/* Orders items[0..item_count), whose index is set, and writes the why of their choices; item_count
 * is above 0. */
void trust_rank_places(const struct trust_ranking *ranking, size_t item_count);

/* Orders the refused: by position, then by text. */
void trust_rank_refused(const struct trust_ranking *ranking, uint64_t *items, size_t item_count);

/* The index of the item that `best` would put first; no why is written. item_count is above 0. */
uint32_t trust_rank_least_bad(const struct trust_ranking *ranking, size_t item_count);

#endif
