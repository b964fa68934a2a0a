/* See rank.h. */
#include "shield/rank.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/siphash.h"

#define BAND_PPM 50000u
#define BAND_SHIFT 24u
#define TIER_SHIFT 16u
/* Behind every bound, as a distance from 1. */
#define KEY_UNKNOWN ((UINT64_C(1) << 20) - 1)

static uint32_t lower_of(const struct trust_ranking *ranking, uint32_t index)
{
    const struct trust_board_cell *cell = ranking->candidates[index].cell;
    return cell == NULL ? TRUST_PPM_NONE : cell->lower_ppm;
}

static uint32_t tier(enum trust_why why)
{
    if (why == TRUST_WHY_PRIMARY || why == TRUST_WHY_STARTING)
        return 0;
    if (why == TRUST_WHY_VETTED)
        return 1;
    if (why == TRUST_WHY_NAMED)
        return 2;
    return why == TRUST_WHY_KNOWN ? 3 : 4;
}

static struct trust_bytes text_of(const struct trust_ranking *ranking, uint64_t item)
{
    return ranking->candidates[trust_order_index(item)].subject;
}

static void sort_by_text(const struct trust_ranking *ranking, uint64_t *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t item = items[i];
        struct trust_bytes text = text_of(ranking, item);
        size_t at = i;
        for (; at > 0; at--) {
            if (trust_bytes_compare(text_of(ranking, items[at - 1]), text) <= 0)
                break;
            items[at] = items[at - 1];
        }
        items[at] = item;
    }
}

/* The first i > start with another key than items[start]. */
static size_t run_end(const uint64_t *items, size_t start, size_t count)
{
    size_t end = start + 1;
    while (end < count && trust_order_key(items[end]) == trust_order_key(items[start]))
        end++;
    return end;
}

/* Sorts by key, and equal keys by text. */
static void sort_with_text(const struct trust_ranking *ranking, uint64_t *items, size_t count)
{
    trust_order_sort(items, ranking->scratch, count);
    for (size_t start = 0; start < count;) {
        size_t end = run_end(items, start, count);
        sort_by_text(ranking, items + start, end - start);
        start = end;
    }
}

/* The primary is held back only where something closed stands in for it. */
static void settle_held(const struct trust_ranking *ranking, size_t item_count)
{
    bool has_closed = false;
    struct trust_choice *held = NULL;
    for (size_t i = 0; i < item_count; i++) {
        struct trust_choice *choice = &ranking->choices[trust_order_index(ranking->items[i])];
        if (choice->why == TRUST_WHY_HELD_BACK)
            held = choice;
        else
            has_closed |= choice->leases == 0;
    }
    if (held != NULL && !has_closed)
        held->why = TRUST_WHY_PRIMARY;
}

static void rank_primary_first(const struct trust_ranking *ranking, size_t item_count)
{
    settle_held(ranking, item_count);
    for (size_t i = 0; i < item_count; i++) {
        uint32_t index = trust_order_index(ranking->items[i]);
        uint32_t tier_here = tier((enum trust_why)ranking->choices[index].why);
        uint64_t key = tier_here << TIER_SHIFT | ranking->candidates[index].position;
        ranking->items[i] = trust_order_item(key, index);
    }
    sort_with_text(ranking, ranking->items, item_count);
}

/* Turns a sorted key of lower bounds into one of bands and costs. The walk goes down the bounds, so
 * it meets each band's leader first; those without a bound come last, in a band of their own. */
static void key_by_cost(const struct trust_ranking *ranking, size_t item_count)
{
    uint64_t leader = trust_order_key(ranking->items[0]);
    uint64_t band = 0;
    for (size_t i = 0; i < item_count; i++) {
        uint64_t distance = trust_order_key(ranking->items[i]);
        uint32_t index = trust_order_index(ranking->items[i]);
        bool is_unknown = distance == KEY_UNKNOWN;
        if (distance - leader > BAND_PPM || (is_unknown && leader != KEY_UNKNOWN)) {
            leader = distance;
            band++;
        }
        const struct trust_candidate *candidate = &ranking->candidates[index];
        uint32_t latency_us = trust_candidate_latency_us(candidate);
        if (latency_us == 0)
            latency_us = ranking->median_us;
        uint32_t lower_ppm = is_unknown ? TRUST_PPM_NONE : (uint32_t)(TRUST_PPM - distance);
        uint32_t cost =
            trust_order_cost(latency_us, trust_candidate_fail_ppm(candidate), lower_ppm);
        ranking->items[i] = trust_order_item(band << BAND_SHIFT | cost, index);
    }
}

/* Rendezvous hashing (Thaler and Ravishankar, 1998): each agent and group has its own order of the
 * servers, and losing one server moves nobody else. */
static void sort_by_hash(const struct trust_ranking *ranking, uint64_t *items, size_t count)
{
    const struct trust_request *request = ranking->request;
    struct trust_siphash_key key = {.low = request->seed, .high = request->agent.size};
    key.high = trust_siphash(&key, request->agent);
    key.low = trust_siphash(&key, request->group);
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = trust_siphash(&key, text_of(ranking, items[i]));
        items[i] = trust_order_item(hash, trust_order_index(items[i]));
    }
    sort_with_text(ranking, items, count);
}

static bool is_same_band(uint64_t a, uint64_t b)
{
    return trust_order_key(a) >> BAND_SHIFT == trust_order_key(b) >> BAND_SHIFT;
}

/* Why the items of one run of equal keys stand where they stand. */
static void explain_run(const struct trust_ranking *ranking, size_t start, size_t end,
                        size_t item_count)
{
    const uint64_t *items = ranking->items;
    bool is_alone = end - start == 1 &&
                    (start == 0 || !is_same_band(items[start - 1], items[start])) &&
                    (end == item_count || !is_same_band(items[start], items[end]));
    enum trust_why why = TRUST_WHY_COST;
    if (is_alone)
        why = TRUST_WHY_SCORE;
    else if (end - start > 1)
        why = TRUST_WHY_TIE;
    for (size_t i = start; i < end; i++) {
        uint32_t index = trust_order_index(items[i]);
        bool is_unknown = lower_of(ranking, index) == TRUST_PPM_NONE;
        ranking->choices[index].why = (uint8_t)(is_unknown ? TRUST_WHY_UNSCORED : why);
    }
}

/* Sorts by band and cost. */
static void sort_by_cost(const struct trust_ranking *ranking, size_t item_count)
{
    uint64_t *items = ranking->items;
    for (size_t i = 0; i < item_count; i++) {
        uint32_t index = trust_order_index(items[i]);
        uint32_t lower_ppm = lower_of(ranking, index);
        uint64_t distance = lower_ppm == TRUST_PPM_NONE ? KEY_UNKNOWN : TRUST_PPM - lower_ppm;
        items[i] = trust_order_item(distance, index);
    }
    trust_order_sort(items, ranking->scratch, item_count);
    key_by_cost(ranking, item_count);
    trust_order_sort(items, ranking->scratch, item_count);
}

static void break_ties(const struct trust_ranking *ranking, size_t item_count)
{
    for (size_t start = 0, end = 0; start < item_count; start = end) {
        end = run_end(ranking->items, start, item_count);
        if (end - start > 1)
            sort_by_hash(ranking, ranking->items + start, end - start);
    }
}

static void rank_best(const struct trust_ranking *ranking, size_t item_count)
{
    sort_by_cost(ranking, item_count);
    for (size_t start = 0, end = 0; start < item_count; start = end) {
        end = run_end(ranking->items, start, item_count);
        explain_run(ranking, start, end, item_count);
    }
    break_ties(ranking, item_count);
}

void trust_rank_places(const struct trust_ranking *ranking, size_t item_count)
{
    assert(item_count > 0);
    if (ranking->request->strategy == TRUST_STRATEGY_BEST)
        rank_best(ranking, item_count);
    else
        rank_primary_first(ranking, item_count);
}

uint32_t trust_rank_least_bad(const struct trust_ranking *ranking, size_t item_count)
{
    assert(item_count > 0);
    sort_by_cost(ranking, item_count);
    break_ties(ranking, item_count);
    return trust_order_index(ranking->items[0]);
}

void trust_rank_refused(const struct trust_ranking *ranking, uint64_t *items, size_t item_count)
{
    for (size_t i = 0; i < item_count; i++) {
        uint32_t index = trust_order_index(items[i]);
        items[i] = trust_order_item(ranking->candidates[index].position, index);
    }
    sort_with_text(ranking, items, item_count);
}
