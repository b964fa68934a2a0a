/* Records that come in, and accepted ones that go on. */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/machine.h"

/* Records forced out of a full push queue at a time: what all links take of it fits one event. */
#define HURRY_COUNT 64

/* What one frame told about its sender's manners: each is noted once a frame. */
struct impression {
    bool is_bad; /* a record that no honest node passes on */
    bool is_over_quota;
    bool is_flood;
};

static void judge_manners(struct trust_peer *from, struct impression *impression,
                          enum trust_error verdict, struct trust_now now)
{
    if (verdict == TRUST_NO_SIZE || verdict == TRUST_NO_CANONICAL || verdict == TRUST_NO_RANGE ||
        verdict == TRUST_NO_SUBJECT)
        impression->is_bad = true;
    if (verdict == TRUST_NO_QUOTA)
        impression->is_over_quota = true;
    bool is_useless = verdict == TRUST_NO_DUPLICATE || verdict == TRUST_NO_OLDER ||
                      verdict == TRUST_NO_INTEREST || verdict == TRUST_NO_REVOKED;
    if (is_useless && !trust_peer_take(from, &from->buckets.duplicates, 1, now.mono))
        impression->is_flood = true;
}

static void note_impression(struct trust_gossip *gossip, uint32_t peer,
                            const struct impression *impression, struct trust_now now)
{
    if (impression->is_bad)
        trust_greet_note(gossip, peer, TRUST_MANNER_RECORD, now);
    if (impression->is_flood)
        trust_greet_note(gossip, peer, TRUST_MANNER_DUPLICATES, now);
    if (impression->is_over_quota) {
        trust_greet_note(gossip, peer, TRUST_MANNER_QUOTA, now);
        /* A quota delays: what was refused is asked for again. */
        trust_reconcile_soon(gossip, peer, TRUST_SYNC_SOON_MS, now);
    }
}

enum trust_error trust_deliver_record(struct trust_gossip *gossip, uint32_t peer,
                                      struct trust_bytes bytes, struct trust_now now)
{
    struct trust_peer *from = &gossip->peers[peer];
    from->counters.records_in++;
    struct trust_applicant applicant;
    enum trust_error verdict =
        trust_admission_admit(&gossip->admission, &applicant, peer, bytes, now);
    if (verdict != TRUST_OK) {
        trust_deliver_count(from, verdict);
        return verdict;
    }
    from->checking++;
    trust_gossip_actions_add(
        &gossip->actions,
        &(struct trust_gossip_action){
            .kind = TRUST_GOSSIP_VERIFY, .peer = peer, .bytes = bytes, .claim = applicant.claim});
    return TRUST_OK;
}

void trust_deliver_count(struct trust_peer *from, enum trust_error verdict)
{
    if (verdict > TRUST_OK && verdict < TRUST_PEER_VERDICTS)
        from->counters.refused[verdict]++;
}

void trust_deliver_push(struct trust_gossip *gossip, uint32_t peer,
                        const struct trust_list *records, struct trust_now now)
{
    struct impression impression = {0};
    struct trust_reader reader = trust_reader_init(records->packed);
    struct trust_bytes record;
    while (trust_list_next_record(&record, &reader)) {
        enum trust_error verdict = trust_deliver_record(gossip, peer, record, now);
        judge_manners(&gossip->peers[peer], &impression, verdict, now);
    }
    note_impression(gossip, peer, &impression, now);
}

void trust_deliver_proof(struct trust_gossip *gossip, uint32_t peer,
                         const struct trust_bytes proof[2], struct trust_now now)
{
    struct impression impression = {0};
    for (int half = 0; half < 2; half++) {
        enum trust_error verdict = trust_deliver_record(gossip, peer, proof[half], now);
        judge_manners(&gossip->peers[peer], &impression, verdict, now);
    }
    note_impression(gossip, peer, &impression, now);
}

void trust_deliver_verdict(struct trust_gossip *gossip, uint32_t peer, struct trust_bytes bytes,
                           enum trust_error verdict, struct trust_now now)
{
    assert(peer < TRUST_PEERS_MAX);
    struct trust_peer *from = &gossip->peers[peer];
    assert(from->checking > 0);
    from->checking--;
    trust_admission_settle(&gossip->admission, bytes, verdict);
    if (verdict == TRUST_OK) {
        from->counters.firsts++;
        trust_greet_note(gossip, peer, TRUST_MANNER_FIRST, now);
        return;
    }
    trust_deliver_count(from, verdict);
    if (verdict == TRUST_NO_SIGNATURE || verdict == TRUST_NO_KEY)
        trust_greet_forger(gossip, peer, now);
}

/* More came at once than pushing carries: the oldest leave early, and what is lost on the way is
 * made up for by reconciling soon. */
static void relieve(struct trust_gossip *gossip, struct trust_now now)
{
    trust_push_hurry(&gossip->push, HURRY_COUNT, now.mono);
    trust_push_flush(&gossip->push, &gossip->actions, gossip->peers, now.mono);
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        trust_reconcile_soon(gossip, peer, TRUST_SYNC_SOON_MS, now);
}

static uint64_t up_peers(const struct trust_gossip *gossip)
{
    uint64_t up = 0;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++)
        up |= (uint64_t)trust_peer_is_up(&gossip->peers[peer]) << peer;
    return up;
}

/* protocol: An accepted record goes to every link that asks for its author, but for the one that
 * brought it */
void trust_deliver_accepted(struct trust_gossip *gossip, const struct trust_accepted *accepted,
                            struct trust_now now)
{
    uint32_t entry;
    if (!trust_interest_find(&gossip->interest, &entry, &accepted->author))
        return;
    uint64_t targets = trust_interest_askers(&gossip->interest, entry) & up_peers(gossip);
    if (accepted->peer != TRUST_PEER_LOCAL)
        targets &= ~(UINT64_C(1) << accepted->peer);
    bool is_urgent = accepted->kind == TRUST_KIND_REVOCATION || accepted->rival.size > 0;
    struct trust_push_record record = {.bytes = accepted->bytes,
                                       .rival = accepted->rival,
                                       .place = accepted->place,
                                       .targets = targets,
                                       .is_urgent = is_urgent};
    if (trust_push_is_full(&gossip->push))
        relieve(gossip, now);
    trust_push_add(&gossip->push, &record, now.mono);
}
