/* See ignoring.h. */
#include "engine/ignoring.h"

#include <string.h>

#include "base/limits.h"
#include "engine/state.h"

void trust_ignoring_init(struct trust_ignoring *ignoring, struct trust_arena *arena)
{
    ignoring->places = trust_arena_cut(arena, TRUST_IGNORED_FLAGS_MAX, sizeof *ignoring->places);
    ignoring->count = 0;
}

/* Where the register stands or would stand; true if it stands there. */
static bool find(const struct trust_ignoring *ignoring, uint32_t *out_at,
                 const struct trust_register *place)
{
    uint32_t low = 0;
    uint32_t high = ignoring->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (trust_register_compare(&ignoring->places[middle], place) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *out_at = low;
    return low < ignoring->count && trust_register_compare(&ignoring->places[low], place) == 0;
}

static enum trust_error note(struct trust_ignoring *ignoring, const struct trust_register *place,
                             bool ignored)
{
    uint32_t at = 0;
    if (find(ignoring, &at, place) == ignored)
        return TRUST_OK;
    struct trust_register *here = &ignoring->places[at];
    if (!ignored) {
        ignoring->count--;
        memmove(here, here + 1, (ignoring->count - at) * sizeof *here);
        return TRUST_OK;
    }
    if (ignoring->count == TRUST_IGNORED_FLAGS_MAX)
        return TRUST_NO_ROOM;
    memmove(here + 1, here, (ignoring->count - at) * sizeof *here);
    *here = *place;
    ignoring->count++;
    return TRUST_OK;
}

void trust_ignoring_apply(struct trust_engine *engine, uint32_t slot)
{
    struct trust_ledger_view view = trust_ledger_view(&engine->ledger, slot);
    uint32_t at = 0;
    if (find(&engine->ignoring, &at, &view.place))
        trust_scorer_ignore_flag(&engine->scorer, slot, true);
}

enum trust_error trust_engine_ignore_flag(struct trust_engine *engine,
                                          const struct trust_register *place, bool ignored)
{
    uint32_t slot = 0;
    enum trust_error error = note(&engine->ignoring, place, ignored);
    if (error == TRUST_OK && trust_ledger_find_slot(&engine->ledger, &slot, place))
        trust_scorer_ignore_flag(&engine->scorer, slot, ignored);
    return error;
}

static bool begins_with(const struct trust_id *id, const struct trust_id *prefix, uint32_t digits)
{
    uint32_t whole = digits / 2;
    if (memcmp(id->bytes, prefix->bytes, whole) != 0)
        return false;
    return digits % 2 == 0 || id->bytes[whole] >> 4 == prefix->bytes[whole] >> 4;
}

static bool has_id(const struct trust_engine *engine, uint32_t slot, const struct trust_id *prefix,
                   uint32_t digits)
{
    struct trust_ledger_view view = trust_ledger_view(&engine->ledger, slot);
    for (uint32_t i = 0; i < view.id_count; i++) {
        if (begins_with(view.ids[i], prefix, digits))
            return true;
    }
    return false;
}

enum trust_error trust_engine_find_flag(const struct trust_engine *engine, uint32_t *out_slot,
                                        const struct trust_id *prefix, uint32_t digits)
{
    const struct trust_facts *facts = &engine->scorer.state.facts;
    uint32_t found = 0;
    uint32_t count = 0;
    for (uint32_t slot = 0; slot < engine->ledger.slot_pool.fresh; slot++) {
        if (trust_fact_kind(facts, slot) != TRUST_FACT_FLAG ||
            !has_id(engine, slot, prefix, digits))
            continue;
        found = slot;
        count++;
    }
    if (count == 1)
        *out_slot = found;
    return count == 0 ? TRUST_NO_FOUND : count == 1 ? TRUST_OK : TRUST_NO_CONFLICT;
}
