/*
 * What the gossip machine wants done: a bounded queue and one buffer for the frames in it.
 *
 * An event fills both, the caller polls until nothing is left, and the next event starts over from
 * an empty queue. So the bytes of an action are valid until the next event, and the most that one
 * event can make is known. A VERIFY action borrows the frame that brought the record.
 */
#ifndef TRUST_GOSSIP_ACTION_H
#define TRUST_GOSSIP_ACTION_H

#include <stdbool.h>

#include "trust/record.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "gossip/frame.h"
#include "record/claim.h"

enum trust_gossip_action_kind {
    TRUST_GOSSIP_SEND,   /* hand bytes to the link of peer; what does not fit there is lost */
    TRUST_GOSSIP_VERIFY, /* check the signature of bytes, then apply the claim; each is answered
                            with trust_gossip_handle_verdict, also when there is no room for it */
    TRUST_GOSSIP_READ,   /* read stored records; each is answered with trust_gossip_handle_loaded */
    TRUST_GOSSIP_DROP,   /* end the connection after what was sent before; the machine has already
                            forgotten it and needs no handle_down */
    TRUST_GOSSIP_NAMED,  /* an invited peer named its own key in its hello */
};

/* A question to the store, ordered by (seq, id). */
struct trust_gossip_read {
    uint32_t ticket;
    struct trust_pull_range range;
    uint32_t size_max; /* bytes of all records with two bytes of length each */
};

struct trust_gossip_drop {
    enum trust_bye_reason reason;
    bool by_peer;            /* the peer said bye */
    bool banned;             /* refuse the key for retry_after_ms */
    uint64_t retry_after_ms; /* do not dial, and do not let in, before */
};

struct trust_gossip_action {
    enum trust_gossip_action_kind kind;
    uint32_t peer;
    struct trust_bytes bytes; /* SEND: a frame; VERIFY: a record */
    union {
        struct trust_gossip_read read;
        struct trust_gossip_drop drop;
        struct trust_claim claim; /* VERIFY: the decoded record, for the ledger */
        struct trust_key key;     /* NAMED */
    };
};

struct trust_gossip_actions {
    struct trust_gossip_action *items;
    uint8_t *bytes;
    uint32_t first;
    uint32_t count;
    size_t size;
};

void trust_gossip_actions_init(struct trust_gossip_actions *actions, struct trust_arena *arena);

/* Forgets the bytes of the event before; its actions must have been polled. */
void trust_gossip_actions_start(struct trust_gossip_actions *actions);

/* True if another full frame has room. */
bool trust_gossip_actions_has_room(const struct trust_gossip_actions *actions);

/* Queues an action that is no frame; its bytes must outlive the event. There is room for as many
 * VERIFY as a frame has records, and for the end of every link. */
void trust_gossip_actions_add(struct trust_gossip_actions *actions,
                              const struct trust_gossip_action *action);

/* Encodes and queues a frame for a peer; false and nothing done when full. */
bool trust_gossip_actions_send(struct trust_gossip_actions *actions, uint32_t peer,
                               const struct trust_frame *frame);

bool trust_gossip_actions_poll(struct trust_gossip_actions *actions,
                               struct trust_gossip_action *out_action);

#endif
