/* Joining a revocation: it silences what is above its last_seq, or erases its author. */
#ifndef TRUST_RECORD_LEDGER_REVOKE_H
#define TRUST_RECORD_LEDGER_REVOKE_H

#include "record/ledger_slot.h"

/* The claim is a revocation that won its judgement. */
void trust_ledger_revoke(struct trust_ledger *ledger, struct trust_effects *effects,
                         struct trust_ledger_author *author, const struct trust_claim *claim);

/* Lets go of every register of the author, and of its floors; its revocation stays. */
void trust_ledger_author_clear(struct trust_ledger *ledger, struct trust_ledger_author *author);

#endif
