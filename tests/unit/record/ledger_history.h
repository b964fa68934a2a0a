/*
 * Generated histories for the property of the ledger: what a few authors might sign, with
 * equivocations, third ids, other signatures on one id, revocations, floors and ended places.
 */
#ifndef LEDGER_HISTORY_H
#define LEDGER_HISTORY_H

#include "base/random.h"
#include "fixture.h"

#define AUTHORS 3u
#define CLAIMS_MAX 200u
#define MIDNIGHT_S UINT64_C(1795132800)
#define DAY_S UINT64_C(86400)

static const struct trust_ledger_limits limits = {
    .authors = 8, .registers = 64, .author_vouches = 4, .author_others = 6};

struct history {
    struct trust_claim claims[CLAIMS_MAX];
    uint32_t count;
    struct trust_wall now;
};

/* Few seqs, registers and ids, so that all of them meet; seqs spread over days, of which the first
 * have ended. */
static inline uint64_t some_seq(struct trust_random *random)
{
    uint64_t n = trust_random_below(random, 24);
    return (MIDNIGHT_S + n / 6 * DAY_S) * 1000 + n % 6;
}

/* The id tells the body, so equal ids come with equal fields. */
static inline struct trust_id some_id(struct trust_random *random, const struct trust_claim *claim)
{
    uint64_t salt = trust_random_below(random, 4);
    uint64_t parts[4] = {claim->seq, claim->last_seq, claim->place.digest[0],
                         claim->place.digest[1]};
    struct trust_id id = {{0}};
    for (size_t i = 0; i < 4; i++)
        salt = trust_random_mix(salt ^ trust_random_mix(parts[i] + i));
    salt = trust_random_mix(salt ^ claim->author.bytes[0] ^ (uint64_t)claim->reason << 32);
    memcpy(id.bytes, &salt, sizeof salt);
    return id;
}

static inline struct trust_claim some_claim(struct trust_random *random, uint64_t revocations)
{
    uint8_t author = (uint8_t)(1 + trust_random_below(random, AUTHORS));
    uint64_t seq = some_seq(random);
    struct trust_claim claim = rating_of(author, (uint8_t)trust_random_below(random, 9), seq, 0);
    if (trust_random_below(random, 3) == 0)
        claim = vouch_of(author, (uint8_t)trust_random_below(random, 6), seq, 0);
    if (trust_random_below(random, 100) < revocations) {
        bool is_compromised = trust_random_below(random, 4) == 0;
        claim = revocation_of(author, is_compromised ? 0 : some_seq(random), seq, 0);
        if (!is_compromised && trust_random_below(random, 2) == 0)
            claim.reason = TRUST_REVOKED_SUPERSEDED;
    }
    claim.id = some_id(random, &claim);
    claim.expires = claim.kind == TRUST_KIND_REVOCATION ? 0 : seq / 1000 + claim.id.bytes[3];
    claim.signature = signature_of((uint8_t)trust_random_below(random, 3));
    return claim;
}

static inline void make_history(struct history *out_history, struct trust_random *random)
{
    /* A third of the histories has no revocation: one compromised author hides much. */
    uint64_t revocations = trust_random_below(random, 3) * 2;
    out_history->count = (uint32_t)trust_random_below(random, CLAIMS_MAX) + 1;
    out_history->now = (struct trust_wall){
        .ms = (MIDNIGHT_S + (760 + trust_random_below(random, 3)) * DAY_S) * 1000};
    for (uint32_t i = 0; i < out_history->count; i++)
        out_history->claims[i] = some_claim(random, revocations);
}

#endif
