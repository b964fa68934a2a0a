/* See ledger_effect.h. */
#include "record/ledger_effect.h"

#include "base/assert.h"

static struct trust_effect *append(struct trust_effects *effects, enum trust_effect_kind kind,
                                   uint32_t author)
{
    assert(effects->count < TRUST_EFFECTS_MAX);
    struct trust_effect *effect = &effects->items[effects->count++];
    *effect = (struct trust_effect){.kind = kind, .author = author};
    return effect;
}

static uint32_t author_of(const struct trust_ledger *ledger, uint32_t slot)
{
    return ledger->authors[ledger->slots[slot].author].key;
}

static void append_record(struct trust_effects *effects, const struct trust_ledger *ledger,
                          enum trust_effect_kind kind, uint32_t slot, const struct trust_id *id)
{
    struct trust_effect *effect = append(effects, kind, author_of(ledger, slot));
    effect->slot = slot;
    effect->place = ledger->slots[slot].place;
    effect->seq = ledger->slots[slot].seq;
    effect->id = *id;
}

void trust_effect_store(struct trust_effects *effects, const struct trust_ledger *ledger,
                        uint32_t slot, const struct trust_claim *claim)
{
    assert(ledger->slots[slot].seq == claim->seq);
    append_record(effects, ledger, TRUST_EFFECT_STORE, slot, &claim->id);
}

void trust_effect_erase_all(struct trust_effects *effects, const struct trust_ledger *ledger,
                            uint32_t slot)
{
    append_record(effects, ledger, TRUST_EFFECT_ERASE, slot, &ledger->slots[slot].id);
    if (ledger->slots[slot].is_void)
        trust_effect_erase_pair(effects, ledger, slot);
}

void trust_effect_erase_pair(struct trust_effects *effects, const struct trust_ledger *ledger,
                             uint32_t slot)
{
    assert(ledger->slots[slot].is_void);
    append_record(effects, ledger, TRUST_EFFECT_ERASE, slot, &ledger->pairs[slot].id);
}

void trust_effect_erase_author(struct trust_effects *effects, uint32_t author,
                               const struct trust_ledger_slot *spared)
{
    struct trust_effect *effect = append(effects, TRUST_EFFECT_ERASE_AUTHOR, author);
    if (spared == NULL)
        return;
    effect->seq = spared->seq;
    effect->id = spared->id;
}

void trust_effect_slot(struct trust_effects *effects, const struct trust_ledger *ledger,
                       enum trust_effect_kind kind, uint32_t slot)
{
    append(effects, kind, author_of(ledger, slot))->slot = slot;
}

void trust_effect_silence(struct trust_effects *effects, uint32_t author, uint64_t seq,
                          uint64_t upto_seq)
{
    struct trust_effect *effect = append(effects, TRUST_EFFECT_SILENCE, author);
    effect->seq = seq;
    effect->upto_seq = upto_seq;
}
