/* Joining one verified record: trust_ledger_apply of ledger.h. */
#include <string.h>

#include "base/assert.h"
#include "record/ledger_author.h"
#include "record/ledger_effect.h"
#include "record/ledger_judge.h"
#include "record/ledger_order.h"
#include "record/ledger_revoke.h"

/* A register that is not held; at the limit of its class the least one leaves for it. */
static void add(struct trust_ledger *ledger, struct trust_effects *effects,
                struct trust_ledger_author *author, const struct trust_claim *claim)
{
    enum trust_register_class class_ = trust_register_class(claim->kind);
    bool is_full = author->counts[class_] >= trust_ledger_class_limit(ledger, class_);
    uint32_t slot = trust_ledger_slot_open(ledger, author, claim);
    if (is_full) {
        uint32_t least = trust_order_least(ledger, author->roots[class_]);
        assert(least != slot);
        trust_effect_erase_all(effects, ledger, least);
        trust_ledger_slot_leave(ledger, least);
    }
    trust_effect_store(effects, ledger, slot, claim);
    if (trust_ledger_slot_counts(ledger, slot))
        trust_effect_slot(effects, ledger, TRUST_EFFECT_COUNT, slot);
}

/* A greater seq of a register that is held. */
static void replace(struct trust_ledger *ledger, struct trust_effects *effects, uint32_t slot,
                    const struct trust_claim *claim)
{
    bool counted = trust_ledger_slot_counts(ledger, slot);
    trust_effect_erase_all(effects, ledger, slot);
    trust_ledger_slot_replace(ledger, slot, claim);
    trust_effect_store(effects, ledger, slot, claim);
    if (trust_ledger_slot_counts(ledger, slot))
        trust_effect_slot(effects, ledger, TRUST_EFFECT_COUNT, slot);
    else if (counted)
        trust_effect_slot(effects, ledger, TRUST_EFFECT_IGNORE, slot);
}

/* The seq that is held: another signature, a second id, or a third that is less. */
static void join(struct trust_ledger *ledger, struct trust_effects *effects, uint32_t slot,
                 const struct trust_claim *claim)
{
    bool counted = trust_ledger_slot_counts(ledger, slot);
    bool was_void = ledger->slots[slot].is_void;
    bool is_held = memcmp(&claim->id, &ledger->slots[slot].id, sizeof claim->id) == 0 ||
                   (was_void && memcmp(&claim->id, &ledger->pairs[slot].id, sizeof claim->id) == 0);
    if (was_void && !is_held)
        trust_effect_erase_pair(effects, ledger, slot);
    trust_ledger_slot_join(ledger, slot, claim);
    trust_effect_store(effects, ledger, slot, claim);
    if (was_void || is_held)
        return;
    trust_effect_slot(effects, ledger, TRUST_EFFECT_VOID, slot);
    if (counted)
        trust_effect_slot(effects, ledger, TRUST_EFFECT_IGNORE, slot);
}

static void apply_register(struct trust_ledger *ledger, struct trust_effects *effects,
                           struct trust_ledger_author *author, const struct trust_claim *claim)
{
    enum trust_register_class class_ = trust_register_class(claim->kind);
    uint32_t slot;
    if (!trust_ledger_find_or_ready(ledger, &slot, &claim->place))
        add(ledger, effects, author, claim);
    else if (claim->seq > ledger->slots[slot].seq)
        replace(ledger, effects, slot, claim);
    else
        join(ledger, effects, slot, claim);
    trust_ledger_author_raise_floor(ledger, author, class_);
}

enum trust_error trust_ledger_apply(struct trust_ledger *ledger, struct trust_effects *out_effects,
                                    const struct trust_claim *claim)
{
    trust_ledger_settle(ledger);
    out_effects->count = 0;
    enum trust_error error = trust_ledger_judge_join(ledger, claim);
    if (error != TRUST_OK)
        return error;
    struct trust_ledger_author *author;
    error = trust_ledger_author_open(ledger, &author, &claim->author);
    if (error != TRUST_OK)
        return error;
    if (claim->kind == TRUST_KIND_REVOCATION)
        trust_ledger_revoke(ledger, out_effects, author, claim);
    else
        apply_register(ledger, out_effects, author, claim);
    assert(out_effects->count > 0);
    assert(out_effects->count <= TRUST_EFFECTS_APPLY_MAX);
    return TRUST_OK;
}
