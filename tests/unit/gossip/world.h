/* The clockwork around a swarm: opening, links, time, and what a test wants to know. */
#ifndef WORLD_H
#define WORLD_H

#include "swarm.h"

static inline struct swarm *open_swarm(uint32_t count, uint64_t seed, bool relays)
{
    assert_true(count <= SWARM_NODES);
    struct swarm *swarm = calloc(1, sizeof *swarm);
    assert_non_null(swarm);
    swarm->count = count;
    swarm->random = trust_random_init(seed);
    for (uint32_t i = 0; i < count; i++)
        open_node(&swarm->nodes[i], i, seed * 100 + i, relays, swarm_now(swarm));
    memset(swarm->peer_of, 0xff, sizeof swarm->peer_of);
    return swarm;
}

static inline void drop_messages(struct swarm *swarm)
{
    while (swarm->messages != NULL) {
        struct message *next = swarm->messages->next;
        free(swarm->messages);
        swarm->messages = next;
    }
}

static inline void close_swarm(struct swarm *swarm)
{
    drop_messages(swarm);
    for (uint32_t i = 0; i < swarm->count; i++)
        close_node(&swarm->nodes[i]);
    free(swarm);
}

static inline void introduce(struct swarm *swarm, uint32_t a, uint32_t b,
                             enum trust_peer_origin origin)
{
    assert_int_equal(trust_gossip_add_peer(swarm->nodes[a].gossip, &swarm->peer_of[a][b],
                                           &swarm->nodes[b].key, origin, swarm_now(swarm)),
                     TRUST_OK);
}

/* Peers of each other from now on, linked as soon as both may. */
static inline void connect(struct swarm *swarm, uint32_t a, uint32_t b)
{
    introduce(swarm, a, b, TRUST_PEER_CONFIGURED);
    introduce(swarm, b, a, TRUST_PEER_CONFIGURED);
    link_of(swarm, a, b)->is_wanted = true;
}

static inline void cut(struct swarm *swarm, uint32_t a, uint32_t b)
{
    link_of(swarm, a, b)->is_wanted = false;
    break_link(swarm, a, b, 0);
}

static inline void heal(struct swarm *swarm, uint32_t a, uint32_t b)
{
    link_of(swarm, a, b)->is_wanted = true;
}

/* Forgets all that a node knew but its key, as a lost disk would. */
static inline void wipe(struct swarm *swarm, uint32_t at, bool relays)
{
    for (uint32_t other = 0; other < swarm->count; other++)
        if (other != at)
            break_link(swarm, at, other, 0);
    struct message **place = &swarm->messages;
    while (*place != NULL) {
        struct message *message = *place;
        if (message->to != at || message->kind == TRUST_GOSSIP_SEND) {
            place = &message->next;
            continue;
        }
        *place = message->next;
        free(message);
    }
    close_node(&swarm->nodes[at]);
    open_node(&swarm->nodes[at], at, swarm->now_ms + at, relays, swarm_now(swarm));
    for (uint32_t other = 0; other < swarm->count; other++)
        if (swarm->peer_of[at][other] != NO_NODE)
            introduce(swarm, at, other, TRUST_PEER_CONFIGURED);
}

static inline void raise_links(struct swarm *swarm)
{
    for (uint32_t a = 0; a < swarm->count; a++) {
        for (uint32_t b = a + 1; b < swarm->count; b++) {
            struct link *link = &swarm->links[a][b];
            if (!link->is_wanted || link->is_up || link->retry_ms > swarm->now_ms)
                continue;
            link->is_up = true;
            link->generation++;
            link->busy_ms[0] = swarm->now_ms;
            link->busy_ms[1] = swarm->now_ms;
            trust_gossip_handle_up(swarm->nodes[a].gossip, swarm->peer_of[a][b], true,
                                   swarm_now(swarm));
            drain(swarm, a);
            trust_gossip_handle_up(swarm->nodes[b].gossip, swarm->peer_of[b][a], false,
                                   swarm_now(swarm));
            drain(swarm, b);
        }
    }
}

/* The next instant at which something happens, not after end_ms. */
static inline uint64_t next_ms(const struct swarm *swarm, uint64_t end_ms)
{
    uint64_t next = end_ms;
    if (swarm->messages != NULL && swarm->messages->at_ms < next)
        next = swarm->messages->at_ms;
    for (uint32_t a = 0; a < swarm->count; a++) {
        uint64_t due_ms = trust_gossip_deadline(swarm->nodes[a].gossip).ms;
        due_ms = due_ms < 1000 ? 0 : due_ms - 1000;
        next = due_ms < next ? due_ms : next;
        for (uint32_t b = a + 1; b < swarm->count; b++) {
            const struct link *link = &swarm->links[a][b];
            if (link->is_wanted && !link->is_up && link->retry_ms < next)
                next = link->retry_ms;
        }
    }
    return next > swarm->now_ms ? next : swarm->now_ms;
}

static inline void step(struct swarm *swarm)
{
    raise_links(swarm);
    while (swarm->messages != NULL && swarm->messages->at_ms <= swarm->now_ms) {
        struct message *message = swarm->messages;
        swarm->messages = message->next;
        do_message(swarm, message);
        free(message);
    }
    for (uint32_t at = 0; at < swarm->count; at++) {
        if (trust_gossip_deadline(swarm->nodes[at].gossip).ms > swarm_now(swarm).mono.ms)
            continue;
        trust_gossip_handle_time(swarm->nodes[at].gossip, swarm_now(swarm));
        drain(swarm, at);
    }
}

/* Lets time pass; a machine that is always due without ever being done fails. */
static inline void run(struct swarm *swarm, uint64_t ms)
{
    uint64_t end_ms = swarm->now_ms + ms;
    uint32_t standstill = 0;
    while (swarm->now_ms < end_ms) {
        uint64_t next = next_ms(swarm, end_ms);
        standstill = next == swarm->now_ms ? standstill + 1 : 0;
        assert_true(standstill < 200);
        swarm->now_ms = next;
        step(swarm);
    }
}

static inline void want(struct swarm *swarm, uint32_t at, uint64_t author, uint8_t wants)
{
    struct trust_key key = key_of(author);
    assert_int_equal(trust_gossip_want(swarm->nodes[at].gossip, &key, wants, swarm_now(swarm)),
                     TRUST_OK);
}

/* The operator of a node publishes; its machine must want the author. */
static inline enum trust_error publish(struct swarm *swarm, uint32_t at, struct statement statement)
{
    struct node *node = &swarm->nodes[at];
    struct trust_claim claim;
    enum trust_error verdict =
        trust_gossip_admit(node->gossip, &claim, bytes_of(&statement), swarm_now(swarm));
    if (verdict != TRUST_OK)
        return verdict;
    struct trust_accepted accepted;
    verdict = apply(node, &accepted, &claim, &statement);
    if (verdict != TRUST_OK)
        return verdict;
    accepted.peer = TRUST_PEER_LOCAL;
    trust_gossip_handle_accepted(node->gossip, &accepted, swarm_now(swarm));
    drain(swarm, at);
    return TRUST_OK;
}

static inline struct trust_head head_at(const struct swarm *swarm, uint32_t at, uint64_t author)
{
    struct trust_key key = key_of(author);
    const struct node *node = &swarm->nodes[at];
    uint32_t index;
    if (!trust_keys_find(&node->keys, &index, &key))
        return (struct trust_head){0};
    return trust_ledger_head(&node->ledger, index);
}

/* True if all nodes hold the same of the authors 0..authors-1. */
static inline bool has_converged(const struct swarm *swarm, uint64_t authors)
{
    for (uint64_t author = 0; author < authors; author++) {
        struct trust_head first = head_at(swarm, 0, author);
        for (uint32_t at = 1; at < swarm->count; at++) {
            struct trust_head head = head_at(swarm, at, author);
            if (memcmp(first.digest, head.digest, sizeof head.digest) != 0 ||
                first.count != head.count || first.seq != head.seq)
                return false;
        }
    }
    return true;
}

static inline uint64_t run_until_converged(struct swarm *swarm, uint64_t authors, uint64_t max_ms)
{
    uint64_t start_ms = swarm->now_ms;
    while (swarm->now_ms < start_ms + max_ms && !has_converged(swarm, authors))
        run(swarm, 500);
    return swarm->now_ms - start_ms;
}

#endif
