/* Appending to a list of effects: how the ledger's files say what they did. */
#ifndef TRUST_RECORD_LEDGER_EFFECT_H
#define TRUST_RECORD_LEDGER_EFFECT_H

#include "record/ledger_slot.h"

/* The claim, which the slot holds now, is to be stored. */
void trust_effect_store(struct trust_effects *effects, const struct trust_ledger *ledger,
                        uint32_t slot, const struct trust_claim *claim);

/* What the slot holds, one record or two, is to be erased. */
void trust_effect_erase_all(struct trust_effects *effects, const struct trust_ledger *ledger,
                            uint32_t slot);

/* The second of the slot's two records is to be erased. */
void trust_effect_erase_pair(struct trust_effects *effects, const struct trust_ledger *ledger,
                             uint32_t slot);

/* Everything of the slot's author is to be erased; spared: its revocation, or NULL. */
void trust_effect_erase_author(struct trust_effects *effects, uint32_t author,
                               const struct trust_ledger_slot *spared);

/* COUNT, IGNORE, VOID or REVOKE of a slot. */
void trust_effect_slot(struct trust_effects *effects, const struct trust_ledger *ledger,
                       enum trust_effect_kind kind, uint32_t slot);

/* Registers of the author with seq above seq and up to upto_seq count no longer. */
void trust_effect_silence(struct trust_effects *effects, uint32_t author, uint64_t seq,
                          uint64_t upto_seq);

#endif
