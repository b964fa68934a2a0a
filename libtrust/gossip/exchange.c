/* What is pulled within sessions: which differences are worth a pull, asking, answering, taking in.
 */
#include "base/assert.h"
#include "base/limits.h"
#include "gossip/machine.h"
#include "record/life.h"
#include "record/verify.h"

/* A head of so few records is fetched whole at once, though it looks older than ours: a revocation
 * that erased all the rest looks like that. */
#define FEW_RECORDS 16
/* Signature checks that must be left before more records are asked for. */
#define CHECKS_LEAST 256
/* Work of answering a pull, in heads, for each of its ranges. */
#define RANGE_COST 64

/* Names of pairs of heads in the memory of futile pulls. */
enum memo_kind {
    MEMO_WHOLE,   /* a whole pull brought nothing */
    MEMO_PARTIAL, /* a partial pull brought nothing, or the peer was given time to catch up */
};

/* Holds for as long as what is futile is not tried again: what was early may have come of age. */
static uint64_t memo_name(const struct trust_gossip *gossip, uint32_t peer,
                          const struct trust_wire_head *theirs, const struct trust_head *ours,
                          struct trust_wall now)
{
    uint8_t bytes[1 + 8 + 32 + 2 * sizeof ours->digest];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_writer_put_be(&writer, peer, 1);
    trust_writer_put_be(&writer, now.ms / TRUST_FUTILE_MS, 8);
    trust_writer_put(&writer, (struct trust_bytes){theirs->author.bytes, 32});
    trust_writer_put(&writer, (struct trust_bytes){theirs->head.digest, sizeof ours->digest});
    trust_writer_put(&writer, (struct trust_bytes){ours->digest, sizeof ours->digest});
    return trust_memo_hash(&gossip->futile, trust_writer_bytes(&writer));
}

static uint64_t memo_of(uint64_t name, enum memo_kind kind)
{
    uint64_t memo = trust_random_mix(name + (uint64_t)kind);
    return memo == 0 ? 1 : memo;
}

/* protocol: pulled by sequence from where we stand when we are only behind, else whole */
static bool plan_pull(struct trust_gossip *gossip, struct trust_pull_task *out_task,
                      const struct trust_wire_head *theirs, const struct trust_head *ours)
{
    struct trust_pull_task task = *out_task;
    bool tried = trust_memo_has(&gossip->futile, memo_of(task.name, MEMO_PARTIAL));
    task.range = (struct trust_pull_range){.author = theirs->author, .to_seq = theirs->head.seq};
    bool is_ahead = theirs->head.seq > ours->seq;
    if (ours->count > 0 && is_ahead && theirs->head.count >= ours->count && !tried) {
        task.range.from_seq = ours->seq;
    } else if (ours->count > 0 && theirs->head.seq < ours->seq &&
               theirs->head.count > FEW_RECORDS && !tried) {
        /* It looks behind: it will pull from us, and what still differs then is pulled. */
        trust_memo_add(&gossip->futile, memo_of(task.name, MEMO_PARTIAL));
        return false;
    }
    task.is_whole = task.range.from_seq == 0;
    *out_task = task;
    return true;
}

static void compare_head(struct trust_gossip *gossip, struct trust_session *session,
                         const struct trust_wire_head *theirs, struct trust_now now)
{
    uint32_t entry;
    if (!trust_interest_find(&gossip->interest, &entry, &theirs->author) ||
        !trust_interest_is_wanted(&gossip->interest, entry, TRUST_KIND_VOUCH))
        return;
    struct trust_head ours = trust_walk_head(&session->walk, &theirs->author);
    if (memcmp(ours.digest, theirs->head.digest, sizeof ours.digest) == 0)
        return;
    struct trust_pull_task task = {.name =
                                       memo_name(gossip, session->peer, theirs, &ours, now.wall)};
    if (trust_memo_has(&gossip->futile, memo_of(task.name, MEMO_WHOLE)))
        return;
    session->has_lacked = true;
    if (trust_pulls_has(&session->pulls, &theirs->author))
        return;
    if (trust_pulls_is_full(&session->pulls) || !plan_pull(gossip, &task, theirs, &ours))
        session->has_missed = true;
    else
        trust_pulls_add(&session->pulls, &task);
}

void trust_exchange_compare(struct trust_gossip *gossip, struct trust_session *session,
                            const struct trust_list *heads, struct trust_now now)
{
    struct trust_reader reader = trust_reader_init(heads->packed);
    struct trust_wire_head head;
    while (trust_list_next_head(&head, &reader))
        compare_head(gossip, session, &head, now);
}

bool trust_exchange_ask(struct trust_gossip *gossip, struct trust_session *session,
                        struct trust_now now)
{
    struct trust_peer *at = &gossip->peers[session->peer];
    if (now.mono.ms < session->pull_ms || !trust_gossip_actions_has_room(&gossip->actions))
        return false;
    uint64_t wait_ms = trust_bucket_wait_ms(&at->buckets.checks, CHECKS_LEAST, now.mono);
    if (wait_ms > 0) {
        session->pull_ms = now.mono.ms + wait_ms;
        session->progress_ms = now.mono.ms;
        return false;
    }
    struct trust_writer buffer = trust_machine_buffer(gossip, session->peer);
    struct trust_frame frame = {.type = TRUST_FRAME_PULL, .pull = {.session = session->number}};
    trust_pulls_ask(&session->pulls, &frame.pull.ranges, &buffer);
    bool sent = trust_greet_send(gossip, session->peer, &frame);
    assert(sent);
    session->asked_ms = now.mono.ms;
    return true;
}

/* ---- answering ---- */

static void read_next(struct trust_gossip *gossip, struct trust_session *session,
                      struct trust_now now)
{
    struct trust_gossip_action action = {.kind = TRUST_GOSSIP_READ, .peer = session->peer};
    action.read.ticket = session->ticket;
    if (trust_serve_next(&session->serve, &action.read.range, &action.read.size_max))
        trust_gossip_actions_add(&gossip->actions, &action);
    else
        trust_exchange_serve(gossip, session, now);
}

void trust_exchange_pull(struct trust_gossip *gossip, uint32_t peer, const struct trust_pull *pull,
                         struct trust_now now)
{
    struct trust_peer *from = &gossip->peers[peer];
    struct trust_session *session = trust_sessions_find(&gossip->sessions, peer, pull->session);
    if (session == NULL || session->serve.state != TRUST_SERVE_IDLE)
        return;
    if (!trust_peer_take(from, &from->buckets.sync, pull->ranges.count * RANGE_COST, now.mono)) {
        trust_greet_note(gossip, peer, TRUST_MANNER_QUOTA, now);
        return;
    }
    size_t size_max = trust_machine_buffer(gossip, peer).capacity;
    if (size_max > TRUST_PULL_SIZE_MAX)
        size_max = TRUST_PULL_SIZE_MAX;
    trust_serve_start(&session->serve, gossip->config.ledger, pull, size_max);
    read_next(gossip, session, now);
}

void trust_exchange_loaded(struct trust_gossip *gossip, const struct trust_loaded *loaded,
                           struct trust_now now)
{
    struct trust_session *session = trust_sessions_find_read(&gossip->sessions, loaded->ticket);
    if (session == NULL)
        return;
    trust_serve_take(&session->serve, loaded->records, loaded->more);
    read_next(gossip, session, now);
}

/* protocol: Records are sent only for a pull and are charged to the byte bucket of the peer that
 * pulls */
void trust_exchange_serve(struct trust_gossip *gossip, struct trust_session *session,
                          struct trust_now now)
{
    struct trust_peer *to = &gossip->peers[session->peer];
    struct trust_serve *serve = &session->serve;
    assert(serve->state == TRUST_SERVE_READY);
    uint32_t size = (uint32_t)serve->packed.size + TRUST_FRAME_HEADER_SIZE_MAX;
    uint64_t wait_ms = trust_bucket_wait_ms(&to->buckets.served, size, now.mono);
    serve->due_ms = now.mono.ms + wait_ms;
    if (wait_ms > 0 || !trust_gossip_actions_has_room(&gossip->actions))
        return;
    (void)trust_bucket_take(&to->buckets.served, size, now.mono);
    struct trust_frame frame = {.type = TRUST_FRAME_RECORDS};
    frame.records = (struct trust_records){
        .session = session->number,
        .records = {.packed = trust_writer_bytes(&serve->packed), .count = serve->count},
        .more = serve->more};
    bool sent = trust_greet_send(gossip, session->peer, &frame);
    assert(sent);
    to->counters.records_out += serve->count;
    if (serve->count > 0)
        session->used_ms = now.mono.ms;
    serve->state = TRUST_SERVE_IDLE;
    session->progress_ms = now.mono.ms;
    trust_reconcile_advance(gossip, session, now);
}

/* ---- taking in ---- */

static bool is_news(enum trust_error verdict)
{
    return verdict == TRUST_OK || verdict == TRUST_NO_QUOTA || verdict == TRUST_NO_ROOM;
}

/* True if a record that is too far ahead now will be allowed before long. */
static bool is_due_soon(const struct trust_record *record, struct trust_wall now)
{
    struct trust_wall later = {.ms = now.ms + TRUST_FUTILE_MS};
    return !trust_record_is_ahead(record, later);
}

static void end_tasks(struct trust_gossip *gossip, struct trust_session *session, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct trust_pull_task task = trust_pulls_pop(&session->pulls);
        if (task.has_news) {
            session->has_news = true;
            continue;
        }
        /* What is early is asked for again by the next session, whenever that comes. */
        if (task.has_early)
            continue;
        trust_memo_add(&gossip->futile,
                       memo_of(task.name, task.is_whole ? MEMO_WHOLE : MEMO_PARTIAL));
        if (!task.is_whole)
            session->has_missed = true;
    }
}

/* Where an answer stands: its last record that was asked for. */
struct cut {
    bool is_there;
    uint32_t at; /* of the asked tasks */
    struct trust_record record;
    struct trust_bytes bytes;
};

static void take_record(struct trust_gossip *gossip, struct trust_session *session, struct cut *cut,
                        struct trust_bytes bytes, struct trust_now now)
{
    struct trust_record record;
    uint32_t at;
    struct trust_pull_task *task = NULL;
    if (trust_record_decode(&record, bytes) == TRUST_OK)
        task = trust_pulls_find_asked(&session->pulls, &at, &record.author);
    if (task == NULL) {
        trust_deliver_count(&gossip->peers[session->peer], TRUST_NO_INTEREST);
        cut->is_there = false;
        return;
    }
    enum trust_error verdict = trust_deliver_record(gossip, session->peer, bytes, now);
    if (is_news(verdict))
        task->has_news = true;
    if (verdict == TRUST_NO_TIME && is_due_soon(&record, now.wall))
        task->has_early = true;
    if (verdict == TRUST_OK) {
        session->brought++;
        gossip->peers[session->peer].given_up = 0;
        session->news_ms = now.mono.ms;
        session->used_ms = now.mono.ms;
    }
    *cut = (struct cut){.is_there = true, .at = at, .record = record, .bytes = bytes};
}

/* The answer goes on in the next one, behind its last record; false: that is no progress. */
static bool resume(struct trust_gossip *gossip, struct trust_session *session,
                   const struct cut *cut)
{
    if (!cut->is_there)
        return false;
    struct trust_id id;
    trust_record_id(&id, cut->bytes, &gossip->config.network);
    end_tasks(gossip, session, cut->at);
    return trust_pulls_resume(&session->pulls, cut->record.seq, &id);
}

void trust_exchange_records(struct trust_gossip *gossip, uint32_t peer,
                            const struct trust_records *records, struct trust_now now)
{
    struct trust_session *session = trust_sessions_find(&gossip->sessions, peer, records->session);
    if (session == NULL || session->pulls.asked == 0)
        return;
    struct cut cut = {0};
    struct trust_reader reader = trust_reader_init(records->records.packed);
    struct trust_bytes record;
    while (trust_list_next_record(&record, &reader))
        take_record(gossip, session, &cut, record, now);
    bool goes_on = true;
    if (records->more)
        goes_on = resume(gossip, session, &cut);
    else
        end_tasks(gossip, session, session->pulls.asked);
    if (!goes_on) {
        trust_reconcile_break(gossip, session);
        trust_greet_note(gossip, peer, TRUST_MANNER_IDLE_SYNC, now);
        return;
    }
    session->progress_ms = now.mono.ms;
    trust_reconcile_advance(gossip, session, now);
}
