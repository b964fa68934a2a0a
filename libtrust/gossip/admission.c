/* See admission.h. */
#include "gossip/admission.h"

#include "base/assert.h"
#include "base/limits.h"
#include "record/claim.h"
#include "record/life.h"
#include "record/verify.h"

#define DAY_MS UINT64_C(86400000)

/* Nobody wants records of a compromised author, and its name says why better than that. */
static enum trust_error refuse_unwanted(const struct trust_admission *admission,
                                        const struct trust_key *author)
{
    uint32_t key;
    struct trust_ledger_revocation revocation;
    if (trust_keys_find(admission->ledger->keys, &key, author) &&
        trust_ledger_find_revocation(admission->ledger, &revocation, key) &&
        revocation.reason == TRUST_REVOKED_COMPROMISED)
        return TRUST_NO_REVOKED;
    return TRUST_NO_INTEREST;
}

/* protocol: refused in this order: size, canonical form, skew, interest, duplicate, quota */
enum trust_error trust_admission_judge(const struct trust_admission *admission,
                                       struct trust_applicant *out_applicant,
                                       struct trust_bytes bytes, struct trust_now now)
{
    out_applicant->bytes = bytes;
    enum trust_error error = trust_record_decode(&out_applicant->record, bytes);
    if (error != TRUST_OK)
        return error;
    const struct trust_record *record = &out_applicant->record;
    if (trust_record_is_ahead(record, now.wall))
        return TRUST_NO_TIME;
    const struct trust_interest *interest = admission->interest;
    if (!trust_interest_find(interest, &out_applicant->entry, &record->author) ||
        !trust_interest_is_wanted(interest, out_applicant->entry, record->kind))
        return refuse_unwanted(admission, &record->author);
    struct trust_id id;
    trust_record_id(&id, bytes, &admission->network);
    trust_claim_init(&out_applicant->claim, record, &id, trust_record_signature(bytes));
    return trust_ledger_judge(admission->ledger, &out_applicant->claim, now.wall);
}

/* protocol: at most 64 MiB are kept for the wishes of one configured peer, each record counted as
 * 512 bytes and charged to every peer that asks for its author */
static bool take_relay(struct trust_admission *admission, uint32_t entry)
{
    uint64_t askers = trust_interest_relayed_for(admission->interest, entry);
    bool has_room = askers == 0;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        if ((askers >> peer & 1) != 0 &&
            admission->peers[peer].relay_size + TRUST_RECORD_SIZE_MAX <= TRUST_RELAY_SIZE_MAX)
            has_room = true;
    if (!has_room)
        return false;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        if ((askers >> peer & 1) != 0)
            admission->peers[peer].relay_size += TRUST_RECORD_SIZE_MAX;
    return true;
}

enum trust_error trust_admission_admit(struct trust_admission *admission,
                                       struct trust_applicant *out_applicant, uint32_t peer,
                                       struct trust_bytes bytes, struct trust_now now)
{
    assert(peer < TRUST_PEERS_MAX);
    struct trust_peer *from = &admission->peers[peer];
    if (!trust_peer_take(from, &from->buckets.records, 1, now.mono))
        return TRUST_NO_QUOTA;
    enum trust_error error = trust_admission_judge(admission, out_applicant, bytes, now);
    if (error != TRUST_OK)
        return error;
    uint64_t hash = trust_memo_hash(&admission->tried, bytes);
    if (trust_memo_has(&admission->tried, hash))
        return TRUST_NO_DUPLICATE;
    uint32_t entry = out_applicant->entry;
    uint16_t day = trust_admission_day(now.wall);
    if (trust_interest_is_day_used_up(admission->interest, entry, day))
        return TRUST_NO_QUOTA;
    if (!trust_peer_take(from, &from->buckets.checks, 1, now.mono))
        return TRUST_NO_QUOTA;
    if (!take_relay(admission, entry))
        return TRUST_NO_QUOTA;
    bool taken = trust_interest_take_day(admission->interest, entry, day);
    assert(taken);
    trust_memo_add(&admission->tried, hash);
    return TRUST_OK;
}

void trust_admission_measure(struct trust_admission *admission, uint32_t peer)
{
    uint64_t size = 0;
    uint32_t cursor = 0;
    uint32_t entry;
    while (trust_interest_next_asked(admission->interest, &entry, &cursor, peer)) {
        uint64_t askers = trust_interest_relayed_for(admission->interest, entry);
        uint32_t author;
        if ((askers >> peer & 1) != 0 && trust_keys_find(admission->ledger->keys, &author,
                                                         &admission->interest->entries[entry].key))
            size += (uint64_t)trust_ledger_head(admission->ledger, author).count *
                    TRUST_RECORD_SIZE_MAX;
    }
    admission->peers[peer].relay_size = size;
}

uint16_t trust_admission_day(struct trust_wall now)
{
    return (uint16_t)(now.ms / DAY_MS);
}

void trust_admission_settle(struct trust_admission *admission, struct trust_bytes bytes,
                            enum trust_error verdict)
{
    trust_memo_remove(&admission->tried, trust_memo_hash(&admission->tried, bytes));
    if (verdict == TRUST_OK)
        return;
    struct trust_record record;
    uint32_t entry;
    if (trust_record_decode(&record, bytes) == TRUST_OK &&
        trust_interest_find(admission->interest, &entry, &record.author))
        trust_interest_give_day(admission->interest, entry);
}
