/* Two rigs whose frames go to each other. */
#ifndef TESTS_UNIT_ENGINE_PAIR_H
#define TESTS_UNIT_ENGINE_PAIR_H

#include "records.h"

static inline void pair_deliver(struct rig *to)
{
    for (size_t i = 0; i < to->inbox_count; i++) {
        trust_engine_handle_bytes(
            to->engine, 0,
            (struct trust_bytes){.data = to->inbox[i].bytes, .size = to->inbox[i].size}, to->now);
        rig_run(to);
    }
    to->inbox_count = 0;
}

static inline void pair_run(struct rig *a, struct rig *b, int turns)
{
    for (int i = 0; i < turns; i++) {
        rig_pass(a, 100);
        rig_pass(b, 100);
        pair_deliver(a);
        pair_deliver(b);
    }
}

static inline void pair_link(struct rig *a, struct rig *b)
{
    a->peer = b;
    b->peer = a;
    trust_engine_handle_peer_up(a->engine, 0, true, a->now);
    rig_run(a);
    trust_engine_handle_peer_up(b->engine, 0, false, b->now);
    rig_run(b);
}

static inline void pair_disconnect(struct rig *a, struct rig *b)
{
    trust_engine_handle_peer_down(a->engine, 0);
    rig_run(a);
    trust_engine_handle_peer_down(b->engine, 0);
    rig_run(b);
}

static inline void pair_connect(struct rig *a, struct rig *b)
{
    struct trust_key keys[2];
    memset(keys[0].bytes, 1, 32);
    memset(keys[1].bytes, 2, 32);
    uint32_t peer = 99;
    assert_int_equal(
        trust_engine_add_peer(a->engine, &peer, &keys[1], TRUST_PEER_CONFIGURED, a->now), TRUST_OK);
    assert_int_equal(peer, 0);
    assert_int_equal(
        trust_engine_add_peer(b->engine, &peer, &keys[0], TRUST_PEER_CONFIGURED, b->now), TRUST_OK);
    assert_int_equal(peer, 0);
    pair_link(a, b);
}

/* Alice's node and Bob's, not connected; Bob vouches for Alice, so he wants what she writes. */
struct couple {
    struct trust_secret *alice, *bob;
    struct rig *a, *b;
};

static inline struct couple couple_open(void)
{
    struct couple couple = {.alice = rig_secret(10), .bob = rig_secret(11)};
    struct trust_key alice_key;
    struct trust_key bob_key;
    trust_secret_key(&alice_key, couple.alice);
    trust_secret_key(&bob_key, couple.bob);
    couple.a = rig_open(&alice_key, 1);
    couple.b = rig_open(&bob_key, 2);
    struct trust_signed vouch =
        rig_sign(couple.b, couple.bob, rig_vouch(couple.alice, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(couple.b, &vouch), TRUST_OK);
    return couple;
}

static inline void couple_close(const struct couple *couple)
{
    rig_close(couple->a);
    rig_close(couple->b);
    trust_secret_close(couple->alice);
    trust_secret_close(couple->bob);
}

#endif
