/*
 * Nodes on a seeded network in memory: each direction of a link delivers in order, late, and
 * sometimes not at all. Virtual time jumps from event to event; the same seed gives the same run.
 */
#ifndef SWARM_H
#define SWARM_H

#include "node.h"

#define SWARM_NODES 6u
#define NO_NODE UINT32_MAX

/* A frame on its way to another node, or work that a node does for its machine. */
struct message {
    struct message *next;
    uint64_t at_ms;
    enum trust_gossip_action_kind kind; /* SEND, VERIFY or READ */
    uint32_t from;                      /* of a frame */
    uint32_t to;
    uint32_t link; /* generation of the link: what was on a broken one is lost */
    struct trust_gossip_action action;
    size_t size;
    uint8_t data[];
};

struct link {
    bool is_wanted; /* the test wants it */
    bool is_up;
    uint64_t retry_ms; /* when it may come up again */
    uint32_t generation;
    uint64_t busy_ms[2]; /* last delivery each way, from the lesser node and from the greater */
};

/* What a test may count of a node's traffic. */
struct traffic {
    size_t sync_out;
    size_t sync_in;
    uint32_t sync_frames_out;
    uint32_t records_unasked; /* records frames without a pull before them */
    uint32_t pulls_in;
    uint32_t records_out;
    uint32_t drops;
};

struct swarm {
    struct node nodes[SWARM_NODES];
    uint32_t count;
    uint32_t peer_of[SWARM_NODES][SWARM_NODES]; /* [a][b]: what a calls b */
    struct link links[SWARM_NODES][SWARM_NODES];
    struct message *messages; /* by at_ms */
    struct trust_random random;
    uint32_t loss_percent;
    uint64_t now_ms;
    struct traffic traffic[SWARM_NODES];
    enum trust_bye_reason last_drop;
    bool last_banned;
    uint8_t buffer[TRUST_PULL_SIZE_MAX];
};

static inline struct trust_now swarm_now(const struct swarm *swarm)
{
    return (struct trust_now){.wall = {.ms = START_WALL_MS + swarm->now_ms},
                              .mono = {.ms = 1000 + swarm->now_ms}};
}

static inline struct link *link_of(struct swarm *swarm, uint32_t a, uint32_t b)
{
    return a < b ? &swarm->links[a][b] : &swarm->links[b][a];
}

static inline void drain(struct swarm *swarm, uint32_t at);

static inline struct message *make_message(enum trust_gossip_action_kind kind, uint32_t to,
                                           const struct trust_gossip_action *action)
{
    struct message *message = calloc(1, sizeof *message + action->bytes.size);
    assert_non_null(message);
    message->kind = kind;
    message->to = to;
    message->action = *action;
    message->size = action->bytes.size;
    if (message->size > 0)
        memcpy(message->data, action->bytes.data, message->size);
    return message;
}

static inline void post(struct swarm *swarm, struct message *message, uint64_t at_ms)
{
    message->at_ms = at_ms;
    struct message **place = &swarm->messages;
    while (*place != NULL && (*place)->at_ms <= at_ms)
        place = &(*place)->next;
    message->next = *place;
    *place = message;
}

static inline void post_frame(struct swarm *swarm, uint32_t from, uint32_t to,
                              const struct trust_gossip_action *action)
{
    struct link *link = link_of(swarm, from, to);
    if (!link->is_up || trust_random_below(&swarm->random, 100) < swarm->loss_percent)
        return;
    struct message *message = make_message(TRUST_GOSSIP_SEND, to, action);
    message->from = from;
    message->link = link->generation;
    uint64_t *busy_ms = &link->busy_ms[from < to ? 0 : 1];
    uint64_t at_ms = swarm->now_ms + 1 + trust_random_below(&swarm->random, 40);
    *busy_ms = at_ms > *busy_ms ? at_ms : *busy_ms;
    post(swarm, message, *busy_ms);
}

static inline uint32_t node_of(const struct swarm *swarm, uint32_t at, uint32_t peer)
{
    for (uint32_t other = 0; other < swarm->count; other++)
        if (other != at && swarm->peer_of[at][other] == peer)
            return other;
    return NO_NODE;
}

static inline void break_link(struct swarm *swarm, uint32_t a, uint32_t b, uint64_t retry_ms)
{
    struct link *link = link_of(swarm, a, b);
    if (link->retry_ms < swarm->now_ms + retry_ms)
        link->retry_ms = swarm->now_ms + retry_ms;
    if (!link->is_up)
        return;
    link->is_up = false;
    uint32_t ends[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        trust_gossip_handle_down(swarm->nodes[ends[i]].gossip,
                                 swarm->peer_of[ends[i]][ends[1 - i]]);
        drain(swarm, ends[i]);
    }
}

static inline void count_frame(struct swarm *swarm, uint32_t from, uint32_t to,
                               struct trust_bytes bytes)
{
    struct trust_frame frame;
    assert_int_equal(trust_frame_decode(&frame, bytes), TRUST_OK);
    if (frame.type == TRUST_FRAME_SYNC) {
        swarm->traffic[from].sync_out += bytes.size;
        swarm->traffic[from].sync_frames_out++;
        swarm->traffic[to].sync_in += bytes.size;
    }
    if (frame.type == TRUST_FRAME_PULL)
        swarm->traffic[to].pulls_in++;
    if (frame.type == TRUST_FRAME_RECORDS) {
        swarm->traffic[from].records_out++;
        if (swarm->traffic[from].records_out > swarm->traffic[from].pulls_in)
            swarm->traffic[from].records_unasked++;
    }
}

/* Does what a machine wants done: frames travel, verifying and reading take a few ms. */
static inline void drain(struct swarm *swarm, uint32_t at)
{
    struct node *node = &swarm->nodes[at];
    struct trust_gossip_action action;
    uint32_t drops = 0;
    uint32_t dropped[TRUST_PEERS_MAX];
    uint64_t retry_ms[TRUST_PEERS_MAX];
    while (trust_gossip_poll(node->gossip, &action)) {
        uint32_t other = node_of(swarm, at, action.peer);
        uint64_t work_ms = swarm->now_ms + 1 + trust_random_below(&swarm->random, 5);
        if (action.kind == TRUST_GOSSIP_SEND && other != NO_NODE) {
            count_frame(swarm, at, other, action.bytes);
            post_frame(swarm, at, other, &action);
        } else if (action.kind == TRUST_GOSSIP_DROP && other != NO_NODE) {
            swarm->last_drop = action.drop.reason;
            swarm->last_banned = action.drop.banned;
            swarm->traffic[at].drops++;
            retry_ms[drops] = action.drop.retry_after_ms;
            dropped[drops++] = other;
        } else if (action.kind == TRUST_GOSSIP_VERIFY || action.kind == TRUST_GOSSIP_READ) {
            post(swarm, make_message(action.kind, at, &action), work_ms);
        }
    }
    for (uint32_t i = 0; i < drops; i++)
        break_link(swarm, at, dropped[i], retry_ms[i]);
}

static inline void work_verify(struct swarm *swarm, const struct message *message)
{
    struct node *node = &swarm->nodes[message->to];
    const struct trust_claim *claim = &message->action.claim;
    struct statement statement = {
        .size = message->size, .author = claim->author, .seq = claim->seq};
    memcpy(statement.data, message->data, message->size);
    struct trust_accepted accepted = {0};
    enum trust_error verdict = TRUST_NO_SIGNATURE;
    node->verified++;
    if (!is_forged(bytes_of(&statement)))
        verdict = apply(node, &accepted, claim, &statement);
    trust_gossip_handle_verdict(node->gossip, message->action.peer, bytes_of(&statement), verdict,
                                swarm_now(swarm));
    drain(swarm, message->to);
    if (verdict != TRUST_OK)
        return;
    accepted.peer = message->action.peer;
    trust_gossip_handle_accepted(node->gossip, &accepted, swarm_now(swarm));
    drain(swarm, message->to);
}

static inline void work_read(struct swarm *swarm, const struct message *message)
{
    struct node *node = &swarm->nodes[message->to];
    struct trust_writer buffer = trust_writer_init(swarm->buffer, sizeof swarm->buffer);
    struct trust_loaded loaded = load(node, &message->action.read, &buffer);
    trust_gossip_handle_loaded(node->gossip, &loaded, swarm_now(swarm));
    drain(swarm, message->to);
}

static inline void deliver(struct swarm *swarm, const struct message *message)
{
    struct link *link = link_of(swarm, message->from, message->to);
    if (!link->is_up || link->generation != message->link)
        return;
    struct trust_bytes bytes = {.data = message->data, .size = message->size};
    trust_gossip_handle_bytes(swarm->nodes[message->to].gossip,
                              swarm->peer_of[message->to][message->from], bytes, swarm_now(swarm));
    drain(swarm, message->to);
}

static inline void do_message(struct swarm *swarm, const struct message *message)
{
    if (message->kind == TRUST_GOSSIP_VERIFY)
        work_verify(swarm, message);
    else if (message->kind == TRUST_GOSSIP_READ)
        work_read(swarm, message);
    else
        deliver(swarm, message);
}

#endif
