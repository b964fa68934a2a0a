/*
 * Who leaves when there is no room: authors are kept in the order of their weight, ties by key, and
 * the least is dropped whole. The operator and those it named stay.
 */
#include <string.h>

#include "engine/engine.h"
#include "engine/state.h"
#include "record/key.h"

struct rank {
    double weight;
    struct trust_key key;
};

static struct rank rank_of(struct trust_engine *engine, uint32_t author)
{
    struct trust_weight weight = trust_scorer_weight(&engine->scorer, author);
    double greatest = weight.pi / TRUST_ENGINE_ALPHA;
    greatest = weight.t > greatest ? weight.t : greatest;
    greatest = weight.t_scan > greatest ? weight.t_scan : greatest;
    return (struct rank){.weight = greatest, .key = *trust_keys_at(&engine->keys, author)};
}

static bool is_below(const struct rank *a, const struct rank *b)
{
    if (a->weight < b->weight || a->weight > b->weight)
        return a->weight < b->weight;
    return trust_key_compare(&a->key, &b->key) < 0;
}

/* An author of which nothing but its revocation is held has nothing to give. */
static bool may_leave(const struct trust_engine *engine, uint32_t author)
{
    return author != engine->operator_key && !trust_wants_is_kept(engine, author) &&
           (trust_ledger_count(&engine->ledger, author, TRUST_REGISTER_VOUCHES) > 0 ||
            trust_ledger_count(&engine->ledger, author, TRUST_REGISTER_OTHERS) > 0);
}

static bool find_least(struct trust_engine *engine, struct rank *out_rank, uint32_t *out_author)
{
    bool is_found = false;
    uint32_t cursor = 0;
    uint32_t author = 0;
    while (trust_ledger_next_author(&engine->ledger, &cursor, &author)) {
        if (!may_leave(engine, author))
            continue;
        struct rank rank = rank_of(engine, author);
        if (!is_found || is_below(&rank, out_rank)) {
            *out_rank = rank;
            *out_author = author;
            is_found = true;
        }
    }
    return is_found;
}

bool trust_evict_least(struct trust_engine *engine, const struct trust_key *newcomer)
{
    struct rank least;
    uint32_t author = 0;
    if (!find_least(engine, &least, &author))
        return false;
    if (newcomer != NULL) {
        struct rank rank = {.key = *newcomer};
        uint32_t index = 0;
        if (trust_keys_find(&engine->keys, &index, newcomer))
            rank = rank_of(engine, index);
        if (!is_below(&least, &rank))
            return false;
    }
    trust_ledger_drop(&engine->ledger, &engine->effects, author);
    engine->evict_number = trust_join_follow(engine, NULL, TRUST_JOIN_LOADED, false);
    engine->evicted++;
    return true;
}

/* The room that the last one leaves shows in the store only when its erasure is durable. */
void trust_engine_handle_store_tight(struct trust_engine *engine, bool is_tight,
                                     struct trust_now now)
{
    (void)now;
    engine->is_tight = is_tight;
    if (is_tight && engine->stored >= engine->evict_number &&
        engine->queue.count < TRUST_ENGINE_SWEEP_ACTIONS)
        (void)trust_evict_least(engine, NULL);
}
