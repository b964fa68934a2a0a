/*
 * Whose records this node wants: those of authors with weight, of keys the operator named, and
 * revocations of authors that it keeps one of. Gossip is told of changes only.
 *
 * wants[key] holds what gossip was told (enum trust_want) and the marks below; a key with
 * any bit set is held, so that its index stays its own.
 */
#include "engine/engine.h"
#include "engine/state.h"

#define TOLD (TRUST_WANT_WEIGHT | TRUST_WANT_NAMED | TRUST_WANT_REVOKED)
#define MARK_FORMER 0x10   /* the operator's own until the operator changed */
#define MARK_MUTED 0x20    /* by the operator */
#define MARK_NAMED 0x40    /* by the operator: wanted whatever its weight */
#define MARK_UNWANTED 0x80 /* nobody wanted the author at the last sweep */

/* Authors looked at, and dropped, in one sweep: a dropped author costs its registers. */
#define SWEEP_AUTHORS 4096
#define SWEEP_DROPS 16

static void set_wants(struct trust_engine *engine, uint32_t key, uint8_t wants)
{
    uint8_t before = engine->wants[key];
    if (before == wants)
        return;
    if (before == 0)
        trust_keys_hold_index(&engine->keys, key);
    engine->wants[key] = wants;
    if (wants == 0)
        trust_keys_release(&engine->keys, key);
}

static uint8_t wanted(struct trust_engine *engine, uint32_t key)
{
    uint8_t wants = 0;
    if (trust_scorer_weight(&engine->scorer, key).is_kept)
        wants |= TRUST_WANT_WEIGHT;
    if ((engine->wants[key] & MARK_NAMED) != 0)
        wants |= TRUST_WANT_NAMED;
    struct trust_ledger_revocation revocation;
    if (trust_ledger_find_revocation(&engine->ledger, &revocation, key))
        wants |= TRUST_WANT_REVOKED;
    return wants;
}

/* Tells gossip what is wanted of one key now. When its table is full it is asked again at the next
 * renewal: nothing is lost, the author only waits. */
static enum trust_error renew(struct trust_engine *engine, uint32_t key, struct trust_now now)
{
    uint8_t told = engine->wants[key] & TOLD;
    uint8_t wants = wanted(engine, key);
    if (wants == told)
        return TRUST_OK;
    struct trust_key bytes = *trust_keys_at(&engine->keys, key);
    enum trust_error error = trust_gossip_want(engine->gossip, &bytes, wants, now);
    if (error == TRUST_OK)
        set_wants(engine, key, (uint8_t)(wants | (engine->wants[key] & ~TOLD)));
    return error;
}

void trust_wants_renew(struct trust_engine *engine, struct trust_now now)
{
    uint32_t cursor = 0;
    uint32_t key = 0;
    while (trust_keys_next(&engine->keys, &cursor, &key))
        (void)renew(engine, key, now);
}

enum trust_error trust_wants_name(struct trust_engine *engine, uint32_t key, bool named,
                                  struct trust_now now)
{
    uint8_t before = engine->wants[key];
    set_wants(engine, key, (uint8_t)(named ? before | MARK_NAMED : before & ~MARK_NAMED));
    enum trust_error error = renew(engine, key, now);
    if (error != TRUST_OK)
        set_wants(engine, key, before);
    return error;
}

bool trust_wants_is_kept(const struct trust_engine *engine, uint32_t key)
{
    return (engine->wants[key] & (MARK_NAMED | MARK_FORMER)) != 0;
}

enum trust_error trust_engine_name(struct trust_engine *engine, const struct trust_key *key,
                                   bool named, struct trust_now now)
{
    uint32_t index = 0;
    enum trust_error error = trust_keys_hold(&engine->keys, &index, key);
    if (error != TRUST_OK)
        return error;
    error = trust_wants_name(engine, index, named, now);
    trust_keys_release(&engine->keys, index);
    return error;
}

enum trust_error trust_engine_keep(struct trust_engine *engine, const struct trust_key *key)
{
    uint32_t index = 0;
    enum trust_error error = trust_keys_hold(&engine->keys, &index, key);
    if (error != TRUST_OK)
        return error;
    set_wants(engine, index, engine->wants[index] | MARK_FORMER);
    engine->keeps_all = true;
    trust_keys_release(&engine->keys, index);
    return TRUST_OK;
}

enum trust_error trust_engine_mute(struct trust_engine *engine, const struct trust_key *key,
                                   bool muted)
{
    uint32_t index = 0;
    enum trust_error error = trust_keys_hold(&engine->keys, &index, key);
    if (error != TRUST_OK)
        return error;
    uint8_t before = engine->wants[index];
    set_wants(engine, index, (uint8_t)(muted ? before | MARK_MUTED : before & ~MARK_MUTED));
    trust_scorer_mute(&engine->scorer, index, muted);
    trust_keys_release(&engine->keys, index);
    return TRUST_OK;
}

/* True if the author went: nobody has wanted it at two sweeps in a row. Its revocation stays. */
static bool sweep_author(struct trust_engine *engine, uint32_t author)
{
    uint8_t wants = engine->wants[author];
    bool is_wanted = (wants & (TRUST_WANT_WEIGHT | TRUST_WANT_NAMED)) != 0 ||
                     trust_gossip_is_wanted(engine->gossip, trust_keys_at(&engine->keys, author));
    if (is_wanted) {
        set_wants(engine, author, (uint8_t)(wants & ~MARK_UNWANTED));
        return false;
    }
    if ((wants & MARK_UNWANTED) == 0) {
        set_wants(engine, author, wants | MARK_UNWANTED);
        return false;
    }
    set_wants(engine, author, (uint8_t)(wants & ~MARK_UNWANTED));
    trust_ledger_drop(&engine->ledger, &engine->effects, author);
    (void)trust_join_follow(engine, NULL, TRUST_JOIN_LOADED, false);
    engine->unwanted++;
    return true;
}

void trust_wants_sweep(struct trust_engine *engine, struct trust_now now)
{
    bool is_over = false;
    (void)trust_ledger_sweep(&engine->ledger, &engine->effects, &is_over, SWEEP_AUTHORS, now.wall);
    engine->swept += engine->ledger.left_count;
    (void)trust_join_follow(engine, NULL, TRUST_JOIN_LOADED, false);
    uint32_t drops = 0;
    if (engine->keeps_all)
        return;
    for (uint32_t i = 0; i < SWEEP_AUTHORS && drops < SWEEP_DROPS; i++) {
        uint32_t author = 0;
        if (!trust_ledger_next_author(&engine->ledger, &engine->sweep_cursor, &author)) {
            engine->sweep_cursor = 0;
            return;
        }
        drops += sweep_author(engine, author);
    }
}
