/* See ledger_revoke.h. */
#include "record/ledger_revoke.h"

#include <string.h>

#include "base/assert.h"
#include "record/ledger_author.h"
#include "record/ledger_effect.h"

void trust_ledger_author_clear(struct trust_ledger *ledger, struct trust_ledger_author *author)
{
    for (int class_ = 0; class_ < TRUST_REGISTER_CLASSES; class_++) {
        while (author->roots[class_] != 0)
            trust_ledger_slot_leave(ledger, author->roots[class_] - 1);
        author->floors[class_] = (struct trust_ledger_floor){0};
    }
}

static bool has_registers(const struct trust_ledger_author *author)
{
    return author->counts[TRUST_REGISTER_VOUCHES] > 0 || author->counts[TRUST_REGISTER_OTHERS] > 0;
}

/* The author's first revocation. Returns its slot. */
static uint32_t revoke_first(struct trust_ledger *ledger, struct trust_effects *effects,
                             struct trust_ledger_author *author, const struct trust_claim *claim)
{
    uint32_t slot = trust_ledger_slot_open(ledger, author, claim);
    if (has_registers(author) && claim->reason != TRUST_REVOKED_COMPROMISED)
        trust_effect_silence(effects, author->key, claim->last_seq, UINT64_MAX);
    return slot;
}

/* A lesser revocation in place of the one held. */
static uint32_t revoke_again(struct trust_ledger *ledger, struct trust_effects *effects,
                             struct trust_ledger_author *author, const struct trust_claim *claim)
{
    uint32_t slot = author->revocation - 1;
    uint64_t last_seq = author->last_seq;
    assert(claim->last_seq <= last_seq);
    if (!has_registers(author) || claim->reason != TRUST_REVOKED_COMPROMISED)
        trust_effect_erase_all(effects, ledger, slot);
    trust_ledger_slot_replace(ledger, slot, claim);
    if (!has_registers(author) || claim->reason == TRUST_REVOKED_COMPROMISED)
        return slot;
    if (claim->last_seq < last_seq)
        trust_effect_silence(effects, author->key, claim->last_seq, last_seq);
    return slot;
}

void trust_ledger_revoke(struct trust_ledger *ledger, struct trust_effects *effects,
                         struct trust_ledger_author *author, const struct trust_claim *claim)
{
    uint32_t slot = author->revocation - 1;
    if (author->revocation != 0 &&
        memcmp(&ledger->slots[slot].id, &claim->id, sizeof claim->id) == 0) {
        trust_ledger_slot_join(ledger, slot, claim);
        trust_effect_store(effects, ledger, slot, claim);
        return;
    }
    slot = author->revocation == 0 ? revoke_first(ledger, effects, author, claim)
                                   : revoke_again(ledger, effects, author, claim);
    if (claim->reason == TRUST_REVOKED_COMPROMISED && has_registers(author)) {
        trust_ledger_author_clear(ledger, author);
        trust_effect_erase_author(effects, author->key, NULL);
    }
    trust_effect_store(effects, ledger, slot, claim);
    trust_effect_slot(effects, ledger, TRUST_EFFECT_REVOKE, slot);
}
