/* See engine.h. This file only wires: memory, the queue of actions, time. */
#include "engine/engine.h"

#include <string.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "base/random.h"
#include "engine/state.h"

/* How soon a changed graph is solved: late enough to take a batch of vouches at once. */
#define TICK_MS 200
#define SWEEP_MS 60000

struct trust_engine_limits trust_engine_limits_default(void)
{
    return (struct trust_engine_limits){
        .keys = TRUST_ENGINE_KEYS_MAX,
        .authors = TRUST_AUTHORS_MAX,
        .registers = TRUST_ENGINE_REGISTERS_MAX,
        .servers = TRUST_SERVERS_MAX,
        .watched = TRUST_BOARD_SLOTS_MAX,
        .interest = TRUST_INTEREST_KEYS_MAX,
        .pending = TRUST_ENGINE_PENDING_MAX,
        .author_vouches = TRUST_AUTHOR_VOUCHES_MAX,
        .author_others = TRUST_AUTHOR_OTHERS_MAX,
    };
}

static struct trust_siphash_key seed_of(const struct trust_engine_config *config, uint64_t purpose)
{
    uint64_t words[4];
    memcpy(words, config->seed, sizeof words);
    return (struct trust_siphash_key){.low = trust_random_mix(words[0] ^ purpose) ^ words[2],
                                      .high = trust_random_mix(words[1] ^ purpose) ^ words[3]};
}

static struct trust_scorer_limits scorer_limits(const struct trust_engine_limits *limits)
{
    return (struct trust_scorer_limits){
        .keys = limits->keys,
        .slots = limits->registers,
        .vouches = limits->registers,
        .ratings = limits->registers,
        .flags = limits->registers,
        .aliases = limits->registers / 16 + 64,
        .servers = limits->servers,
        .targets = limits->servers * 2,
        .called = limits->servers / 16 + 64,
    };
}

/* The same cuts twice: measured, then real. */
static void cut(struct trust_engine *engine, struct trust_arena *arena,
                const struct trust_engine_config *config, struct trust_now now)
{
    const struct trust_engine_limits *limits = &config->limits;
    const struct trust_ledger_limits ledger = {.authors = limits->authors,
                                               .registers = limits->registers,
                                               .author_vouches = limits->author_vouches,
                                               .author_others = limits->author_others};
    const struct trust_scorer_limits scorer = scorer_limits(limits);
    const struct trust_siphash_key scorer_seed = seed_of(config, 3);
    trust_keys_init(&engine->keys, arena, limits->keys, seed_of(config, 1));
    trust_ledger_init(&engine->ledger, arena, &engine->keys, &ledger, seed_of(config, 2));
    trust_scorer_init(&engine->scorer, arena, &scorer, &engine->keys, &scorer_seed);
    const struct trust_gossip_config gossip = {.ledger = &engine->ledger,
                                               .network = config->network,
                                               .key = config->node_key,
                                               .seed = seed_of(config, 4).low,
                                               .relays = config->relays,
                                               .interest_max = limits->interest};
    engine->gossip = trust_gossip_init(arena, &gossip, now);
    trust_pending_init(&engine->pending, arena, limits->pending);
    trust_watchlist_init(&engine->watchlist, arena, limits, seed_of(config, 5), now.mono);
    trust_ignoring_init(&engine->ignoring, arena);
    /* A check and the changes of an apply for every pending record, a verdict each, and a sweep. */
    trust_queue_init(&engine->queue, arena,
                     limits->pending * (TRUST_EFFECTS_APPLY_MAX + 2) + TRUST_ENGINE_SWEEP_ACTIONS);
    trust_queue_init(&engine->notices, arena, TRUST_ENGINE_NOTICES_MAX);
    engine->targets = trust_arena_cut(arena, limits->registers, sizeof *engine->targets);
    engine->wants = trust_arena_cut(arena, limits->keys, sizeof *engine->wants);
}

size_t trust_engine_size(const struct trust_engine_config *config)
{
    struct trust_engine measured;
    memset(&measured, 0, sizeof measured);
    struct trust_arena arena = {0};
    (void)trust_arena_cut(&arena, 1, sizeof measured);
    cut(&measured, &arena, config, (struct trust_now){0});
    return arena.size;
}

enum trust_error trust_engine_new(struct trust_engine **out_engine,
                                  const struct trust_engine_config *config, struct trust_now now)
{
    size_t size = trust_engine_size(config);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return TRUST_FAIL_MEMORY;
    struct trust_arena arena = {.memory = memory, .capacity = size};
    struct trust_engine *engine = trust_arena_cut(&arena, 1, sizeof *engine);
    engine->map_size = size;
    engine->network = config->network;
    engine->operator_key = TRUST_SCORER_NONE;
    engine->next_number = 1;
    cut(engine, &arena, config, now);
    trust_scorer_set_operator(&engine->scorer, TRUST_SCORER_NONE);
    engine->tick_due = now.mono;
    engine->sweep_due = (struct trust_mono){.ms = now.mono.ms + SWEEP_MS};
    *out_engine = engine;
    return TRUST_OK;
}

void trust_engine_free(struct trust_engine *engine)
{
    if (engine != NULL)
        (void)munmap(engine, engine->map_size);
}

static void solve(struct trust_engine *engine, struct trust_now now)
{
    if (trust_scorer_tick(&engine->scorer, now))
        engine->has_new_weights = true;
}

static void tell_wants(struct trust_engine *engine, struct trust_now now)
{
    if (engine->has_new_weights)
        trust_wants_renew(engine, now);
    engine->has_new_weights = false;
}

static void tick(struct trust_engine *engine, struct trust_now now)
{
    engine->tick_due = (struct trust_mono){.ms = now.mono.ms + TICK_MS};
    solve(engine, now);
    if (!engine->is_in_batch)
        tell_wants(engine, now);
    trust_cells_tick(engine, now);
}

bool trust_engine_can_tell(const struct trust_engine *engine, uint32_t count)
{
    return engine->notices.capacity - engine->notices.count >= count;
}

void trust_engine_settle(struct trust_engine *engine, struct trust_now now)
{
    solve(engine, now);
    tell_wants(engine, now);
}

void trust_engine_handle_time(struct trust_engine *engine, struct trust_now now)
{
    trust_gossip_handle_time(engine->gossip, now);
    if (now.mono.ms >= engine->tick_due.ms)
        tick(engine, now);
    if (now.mono.ms < engine->sweep_due.ms)
        return;
    /* A shell that is behind has no room for what a sweep drops, and in a batch nobody leaves: it
     * comes later. */
    bool has_room = engine->queue.count == 0 && !engine->is_in_batch;
    engine->sweep_due = (struct trust_mono){.ms = now.mono.ms + (has_room ? SWEEP_MS : TICK_MS)};
    if (has_room && !engine->holds_sweeps)
        trust_wants_sweep(engine, now);
}

void trust_engine_hold_sweeps(struct trust_engine *engine, bool held)
{
    engine->holds_sweeps = held;
}

struct trust_mono trust_engine_next_deadline(const struct trust_engine *engine)
{
    struct trust_mono deadline = trust_gossip_deadline(engine->gossip);
    uint64_t due_ms =
        engine->tick_due.ms < engine->sweep_due.ms ? engine->tick_due.ms : engine->sweep_due.ms;
    return deadline.ms < due_ms ? deadline : (struct trust_mono){.ms = due_ms};
}

struct trust_scorer *trust_engine_scorer(struct trust_engine *engine, struct trust_now now)
{
    if (trust_scorer_is_unsolved(&engine->scorer))
        tick(engine, now);
    return &engine->scorer;
}

enum trust_error trust_engine_set_operator(struct trust_engine *engine, const struct trust_key *key,
                                           struct trust_now now)
{
    uint32_t index = TRUST_SCORER_NONE;
    if (key != NULL) {
        enum trust_error error = trust_keys_hold(&engine->keys, &index, key);
        if (error != TRUST_OK)
            return error;
    }
    if (engine->operator_key != TRUST_SCORER_NONE) {
        enum trust_error error = trust_wants_name(engine, engine->operator_key, false, now);
        assert(error == TRUST_OK);
        trust_keys_release(&engine->keys, engine->operator_key);
    }
    engine->operator_key = index;
    trust_scorer_set_operator(&engine->scorer, index);
    return index == TRUST_SCORER_NONE ? TRUST_OK : trust_wants_name(engine, index, true, now);
}

const struct trust_keys *trust_engine_keys(const struct trust_engine *engine)
{
    return &engine->keys;
}

const struct trust_ledger *trust_engine_ledger(const struct trust_engine *engine)
{
    return &engine->ledger;
}

const struct trust_gossip *trust_engine_gossip(const struct trust_engine *engine)
{
    return engine->gossip;
}

bool trust_engine_is_live(const struct trust_engine *engine, uint32_t slot, struct trust_wall now)
{
    return trust_scorer_is_live(&engine->scorer, slot, now);
}

void trust_engine_stats(const struct trust_engine *engine, struct trust_engine_stats *out_stats)
{
    *out_stats = (struct trust_engine_stats){.authors = engine->ledger.author_pool.count,
                                             .registers = engine->ledger.slot_pool.count,
                                             .pending = engine->pending.pool.count,
                                             .accepted = engine->accepted,
                                             .refused = engine->refused,
                                             .unscored = engine->unscored,
                                             .evicted = engine->evicted,
                                             .swept = engine->swept,
                                             .unwanted = engine->unwanted,
                                             .verifying = engine->pending.verifying,
                                             .fault = engine->fault};
}
