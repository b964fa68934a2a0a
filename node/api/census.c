/* See census.h. */
#include "node/api/census.h"

#include "engine/engine.h"

/* Registers that are counted in one go: a few milliseconds. */
#define AT_ONCE_MAX 32768
/* Registers of one step; an author is counted whole. */
#define STEP 8192
/* A large node's count is taken for good this long. */
#define FRESH_MS 60000

static uint32_t count_author(struct census *census, struct trust_engine *engine, uint32_t author,
                             struct trust_wall now)
{
    const struct trust_ledger *ledger = trust_engine_ledger(engine);
    struct trust_ledger_walk walk = trust_ledger_walk_init(author, 0, UINT64_MAX);
    uint32_t seen = 0;
    uint32_t slot = 0;
    while (trust_ledger_next_slot(ledger, &walk, &slot)) {
        struct trust_ledger_view view = trust_ledger_view(ledger, slot);
        seen++;
        if (view.kind == TRUST_KIND_REVOCATION)
            census->so_far++;
        else if (!view.is_void)
            census->so_far += trust_engine_is_live(engine, slot, now);
    }
    return seen;
}

static void count(struct census *census, struct trust_engine *engine, uint32_t budget,
                  struct trust_now now)
{
    uint32_t author = 0;
    for (uint32_t seen = 0; seen < budget;) {
        if (!trust_ledger_next_author(trust_engine_ledger(engine), &census->cursor, &author)) {
            census->live = census->so_far;
            census->counted = now.mono;
            census->is_known = true;
            census->is_counting = false;
            return;
        }
        seen += count_author(census, engine, author, now.wall);
    }
}

static void begin(struct census *census)
{
    census->is_counting = true;
    census->so_far = 0;
    census->cursor = 0;
}

uint64_t census_live(struct census *census, struct trust_engine *engine, struct trust_now now)
{
    struct trust_engine_stats stats;
    trust_engine_stats(engine, &stats);
    if (stats.registers <= AT_ONCE_MAX || !census->is_known) {
        begin(census);
        count(census, engine, UINT32_MAX, now);
    } else if (!census->is_counting && now.mono.ms >= census->counted.ms + FRESH_MS) {
        begin(census);
    }
    return census->live;
}

bool census_step(struct census *census, struct trust_engine *engine, struct trust_now now)
{
    if (census->is_counting)
        count(census, engine, STEP, now);
    return census->is_counting;
}
