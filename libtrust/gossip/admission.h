/*
 * Admission: everything about a foreign record that is cheaper than its signature, cheapest first:
 * size, canonical form, skew, interest, duplicate, quota. What passes is worth a verification; what
 * is refused costs its peer standing or nothing at all, but never a signature check of ours.
 */
#ifndef TRUST_GOSSIP_ADMISSION_H
#define TRUST_GOSSIP_ADMISSION_H

#include "trust/error.h"
#include "trust/record.h"
#include "trust/time.h"

#include "gossip/interest.h"
#include "gossip/memo.h"
#include "gossip/peer.h"
#include "record/ledger.h"

struct trust_admission {
    const struct trust_ledger *ledger;
    struct trust_network network;
    struct trust_interest *interest;
    struct trust_peer *peers; /* by index */
    struct trust_memo tried;  /* records at the verify pool */
};

/* One record on its way in. */
struct trust_applicant {
    struct trust_bytes bytes;
    struct trust_record record; /* borrows bytes */
    struct trust_claim claim;   /* filled in as far as the checks came */
    uint32_t entry;             /* of its author in the interest table */
};

/*
 * The checks that hold for every source: TRUST_NO_SIZE, _CANONICAL, _RANGE, _SUBJECT, _TIME,
 * _INTEREST, and the verdicts of trust_ledger_judge. out_applicant->record is whole once the
 * verdict is not one of the first four; claim and entry are whole on TRUST_OK.
 */
TRUST_MUST_USE enum trust_error trust_admission_judge(const struct trust_admission *admission,
                                                      struct trust_applicant *out_applicant,
                                                      struct trust_bytes bytes,
                                                      struct trust_now now);

/*
 * The same for a record that a peer brought, and its quotas: TRUST_NO_DUPLICATE also while a copy
 * is being verified, TRUST_NO_QUOTA for the peer's, the author's or the relay's. On TRUST_OK the
 * record counts as tried until trust_admission_settle.
 */
TRUST_MUST_USE enum trust_error trust_admission_admit(struct trust_admission *admission,
                                                      struct trust_applicant *out_applicant,
                                                      uint32_t peer, struct trust_bytes bytes,
                                                      struct trust_now now);

/* What a peer's wishes cost now, from the heads kept for them alone; admitting adds to it until the
 * next measurement. */
void trust_admission_measure(struct trust_admission *admission, uint32_t peer);

/* Days since 1970, modulo 2^16: what the quotas of authors count in. */
uint16_t trust_admission_day(struct trust_wall now);

/* The verification of these bytes ended. A forgery gives its author the day's quota back. */
void trust_admission_settle(struct trust_admission *admission, struct trust_bytes bytes,
                            enum trust_error verdict);

#endif
