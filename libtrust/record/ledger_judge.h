/*
 * The verdict of the join on a claim, clock aside: what judge says before the signature check and
 * apply asks again after it.
 */
#ifndef TRUST_RECORD_LEDGER_JUDGE_H
#define TRUST_RECORD_LEDGER_JUDGE_H

#include "record/ledger_slot.h"

TRUST_MUST_USE enum trust_error trust_ledger_judge_join(const struct trust_ledger *ledger,
                                                        const struct trust_claim *claim);

#endif
