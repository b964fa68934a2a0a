/* gossip/gossip: whole machines over a lossy network in virtual time. */
#include "gossip/gossip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#define AUTHORS 12u

static void a_record_reaches_the_next_node_within_a_second(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(2, 1, true);
    connect(swarm, 0, 1);
    want(swarm, 0, 5, TRUST_WANT_NAMED);
    want(swarm, 1, 5, TRUST_WANT_WEIGHT);
    run(swarm, 3000);
    assert_int_equal(publish(swarm, 0, rate(5, 1, START_WALL_MS, 700)), TRUST_OK);
    run(swarm, 1000);
    assert_int_equal(head_at(swarm, 1, 5).count, 1);
    assert_int_equal(head_at(swarm, 1, 5).seq, START_WALL_MS);
    assert_int_equal(swarm->nodes[1].verified, 1);
    close_swarm(swarm);
}

static void everyone_wants(struct swarm *swarm, uint64_t authors)
{
    for (uint32_t at = 0; at < swarm->count; at++)
        for (uint64_t author = 0; author < authors; author++)
            want(swarm, at, author, author == at ? TRUST_WANT_NAMED : TRUST_WANT_WEIGHT);
}

/* Ratings of few servers, so that registers are set anew; now and then two of one seq, and the
 * revocation of author 0 at the end. */
static void publish_some(struct swarm *swarm, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = (uint32_t)trust_random_below(&swarm->random, swarm->count);
        uint64_t author = trust_random_below(&swarm->random, AUTHORS);
        uint64_t server = trust_random_below(&swarm->random, 40);
        uint64_t seq = START_WALL_MS + swarm->now_ms;
        uint16_t value = (uint16_t)trust_random_below(&swarm->random, 1000);
        (void)publish(swarm, at, rate(author, server, seq, value));
        if (i % 10 == 0)
            (void)publish(swarm, (at + 1) % swarm->count,
                          rate(author, server, seq, (uint16_t)(value + 1)));
        run(swarm, trust_random_below(&swarm->random, 300));
    }
}

static void assert_converges_after_partition(uint64_t seed)
{
    struct swarm *swarm = open_swarm(5, seed, true);
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (uint32_t at = 0; at < 5; at++)
        connect(swarm, at, (at + 1) % 5);
    everyone_wants(swarm, AUTHORS);
    run(swarm, 5000);
    swarm->loss_percent = 20;
    publish_some(swarm, 100);
    cut(swarm, 0, 1);
    cut(swarm, 2, 3);
    publish_some(swarm, 100);
    assert_int_equal(publish(swarm, 1, revoke(0, START_WALL_MS - 5)), TRUST_OK);
    run(swarm, 1000);
    heal(swarm, 0, 1);
    heal(swarm, 2, 3);
    swarm->loss_percent = 2;
    uint64_t took_ms = run_until_converged(swarm, AUTHORS, 900000);
    print_message("# converged after %llu ms\n", (unsigned long long)took_ms);
    assert_true(has_converged(swarm, AUTHORS));
    assert_true(took_ms <= 600000);
    assert_int_equal(head_at(swarm, 4, 0).count, 1);
    assert_true(head_at(swarm, 4, 1).count > 5);
    for (uint32_t at = 0; at < 5; at++) {
        const struct traffic *traffic = &swarm->traffic[at];
        assert_true(traffic->sync_out <=
                    TRUST_SYNC_FACTOR * traffic->sync_in +
                        (size_t)TRUST_SYNC_BASE_SIZE * traffic->sync_frames_out);
        assert_int_equal(traffic->records_unasked, 0);
        assert_int_equal(traffic->drops, 0);
    }
    close_swarm(swarm);
}

static void machines_converge_after_loss_and_partition(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++)
        assert_converges_after_partition(seed);
}

static void records_cross_nodes_whose_operators_do_not_care(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(6, 21, true);
    for (uint32_t at = 0; at + 1 < 6; at++)
        connect(swarm, at, at + 1);
    want(swarm, 0, 5, TRUST_WANT_WEIGHT);
    want(swarm, 5, 5, TRUST_WANT_NAMED);
    want(swarm, 0, 6, TRUST_WANT_WEIGHT);
    for (uint64_t i = 0; i < 20; i++)
        assert_int_equal(publish(swarm, 5, rate(5, i, START_WALL_MS + i, 500)), TRUST_OK);
    run(swarm, 60000);
    for (uint32_t at = 0; at < 6; at++)
        assert_int_equal(head_at(swarm, at, 5).count, 20);
    /* And a fresh one is pushed all the way. */
    assert_int_equal(publish(swarm, 5, rate(5, 30, START_WALL_MS + 30, 500)), TRUST_OK);
    run(swarm, 3000);
    assert_int_equal(head_at(swarm, 0, 5).count, 21);
    close_swarm(swarm);
}

static void without_relaying_nothing_crosses(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(3, 22, false);
    connect(swarm, 0, 1);
    connect(swarm, 1, 2);
    want(swarm, 0, 5, TRUST_WANT_WEIGHT);
    want(swarm, 2, 5, TRUST_WANT_NAMED);
    assert_int_equal(publish(swarm, 2, rate(5, 1, START_WALL_MS, 500)), TRUST_OK);
    run(swarm, 120000);
    assert_int_equal(head_at(swarm, 1, 5).count, 0);
    assert_int_equal(head_at(swarm, 0, 5).count, 0);
    close_swarm(swarm);
}

static uint32_t askers_of(const struct node *node, uint64_t author)
{
    struct trust_gossip_asked asked;
    struct trust_key key = key_of(author);
    uint32_t cursor = 0;
    uint32_t found = 0;
    while (trust_gossip_next_asked(node->gossip, &cursor, &asked)) {
        if (memcmp(&asked.key, &key, sizeof key) == 0)
            found = asked.peer_count;
    }
    return found;
}

static void a_node_knows_whom_its_peers_ask_for(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(3, 24, false);
    connect(swarm, 0, 1);
    connect(swarm, 1, 2);
    want(swarm, 0, 5, TRUST_WANT_WEIGHT);
    want(swarm, 2, 5, TRUST_WANT_NAMED);
    want(swarm, 2, 6, TRUST_WANT_WEIGHT);
    run(swarm, 20000);
    assert_int_equal(askers_of(&swarm->nodes[1], 5), 2);
    assert_int_equal(askers_of(&swarm->nodes[1], 6), 1);
    assert_int_equal(askers_of(&swarm->nodes[1], 7), 0);
    assert_int_equal(askers_of(&swarm->nodes[0], 6), 0);
    close_swarm(swarm);
}

static void a_forgotten_wish_leaves_every_node(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(4, 23, true);
    for (uint32_t at = 0; at < 4; at++)
        connect(swarm, at, (at + 1) % 4);
    want(swarm, 0, 5, TRUST_WANT_WEIGHT);
    run(swarm, 20000);
    struct trust_key key = key_of(5);
    for (uint32_t at = 0; at < 4; at++)
        assert_true(trust_gossip_is_wanted(swarm->nodes[at].gossip, &key));
    want(swarm, 0, 5, 0);
    run(swarm, 20000);
    for (uint32_t at = 0; at < 4; at++)
        assert_false(trust_gossip_is_wanted(swarm->nodes[at].gossip, &key));
    close_swarm(swarm);
}

static void an_equivocation_makes_a_proof_everywhere(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(3, 24, true);
    connect(swarm, 0, 1);
    connect(swarm, 1, 2);
    for (uint32_t at = 0; at < 3; at++)
        want(swarm, at, 5, TRUST_WANT_WEIGHT);
    run(swarm, 5000);
    assert_int_equal(publish(swarm, 0, rate(5, 1, START_WALL_MS, 500)), TRUST_OK);
    assert_int_equal(publish(swarm, 2, rate(5, 1, START_WALL_MS, 501)), TRUST_OK);
    run(swarm, 2000);
    for (uint32_t at = 0; at < 3; at++)
        assert_int_equal(head_at(swarm, at, 5).count, 2);
    /* A third of that seq is worth nothing, unless its id is less: then it replaces one. */
    (void)publish(swarm, 0, rate(5, 1, START_WALL_MS, 502));
    run(swarm, 20000);
    assert_true(has_converged(swarm, 6));
    assert_int_equal(head_at(swarm, 1, 5).count, 2);
    close_swarm(swarm);
}

/* Frames that are none, and valid frames with some bytes changed. */
static void garbage_changes_nothing_and_ends_the_link(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(2, 25, true);
    connect(swarm, 0, 1);
    want(swarm, 0, 5, TRUST_WANT_WEIGHT);
    want(swarm, 1, 5, TRUST_WANT_WEIGHT);
    assert_int_equal(publish(swarm, 0, rate(5, 1, START_WALL_MS, 500)), TRUST_OK);
    run(swarm, 5000);
    struct trust_head before = head_at(swarm, 1, 5);
    uint32_t drops = 0;
    for (uint32_t i = 0; i < 3000; i++) {
        uint8_t garbage[200];
        for (size_t at = 0; at < sizeof garbage; at += 8) {
            uint64_t word = trust_random_next(&swarm->random);
            memcpy(garbage + at, &word, 8);
        }
        garbage[0] = (uint8_t)(0x90 | garbage[0] % 16);
        garbage[1] %= 16;
        uint32_t dropped = swarm->traffic[1].drops;
        struct trust_bytes bytes = {.data = garbage, .size = 1 + garbage[2] % sizeof garbage};
        trust_gossip_handle_bytes(swarm->nodes[1].gossip, swarm->peer_of[1][0], bytes,
                                  swarm_now(swarm));
        drain(swarm, 1);
        if (swarm->traffic[1].drops > dropped) {
            drops++;
            link_of(swarm, 0, 1)->retry_ms = swarm->now_ms;
            run(swarm, TRUST_RETRY_MS_MAX);
        }
    }
    assert_true(drops > 2500);
    assert_int_equal(swarm->nodes[1].verified, 1);
    assert_memory_equal(head_at(swarm, 1, 5).digest, before.digest, 32);
    /* The link is as good as before. */
    link_of(swarm, 0, 1)->retry_ms = swarm->now_ms;
    run(swarm, TRUST_RETRY_MS_MAX);
    assert_int_equal(publish(swarm, 0, rate(5, 2, START_WALL_MS + 1, 500)), TRUST_OK);
    run(swarm, 5000);
    assert_int_equal(head_at(swarm, 1, 5).count, 2);
    close_swarm(swarm);
}

static void a_forger_is_banned_and_harms_nobody_else(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(3, 26, true);
    connect(swarm, 0, 1);
    connect(swarm, 1, 2);
    for (uint32_t at = 0; at < 3; at++)
        want(swarm, at, 5, TRUST_WANT_WEIGHT);
    run(swarm, 5000);
    for (uint64_t i = 0; i < 3; i++) {
        struct statement forged = forge(rate(5, i, START_WALL_MS + i, 500));
        uint8_t packed[TRUST_RECORD_SIZE_MAX + 3];
        uint8_t data[TRUST_RECORD_SIZE_MAX + 16];
        struct trust_writer list = trust_writer_init(packed, sizeof packed);
        trust_list_put_record(&list, bytes_of(&forged));
        struct trust_frame frame = {.type = TRUST_FRAME_PUSH,
                                    .push = {.packed = trust_writer_bytes(&list), .count = 1}};
        struct trust_writer writer = trust_writer_init(data, sizeof data);
        trust_frame_encode(&writer, &frame);
        trust_gossip_handle_bytes(swarm->nodes[1].gossip, swarm->peer_of[1][0],
                                  trust_writer_bytes(&writer), swarm_now(swarm));
        drain(swarm, 1);
        run(swarm, 100000);
    }
    assert_true(swarm->last_banned);
    assert_int_equal(trust_gossip_peer(swarm->nodes[1].gossip, swarm->peer_of[1][0])->state,
                     TRUST_PEER_BANNED);
    assert_int_equal(head_at(swarm, 2, 5).count, 0);
    assert_int_equal(publish(swarm, 2, rate(5, 1, START_WALL_MS, 500)), TRUST_OK);
    run(swarm, 2000);
    assert_int_equal(head_at(swarm, 1, 5).count, 1);
    assert_int_equal(head_at(swarm, 0, 5).count, 0);
    close_swarm(swarm);
}

static void peers_are_bounded_and_newcomers_make_room(void **state)
{
    (void)state;
    struct node node;
    struct trust_now now = {.mono = {1000}};
    uint32_t peer;
    open_node(&node, 0, 1, true, now);
    for (uint64_t i = 0; i < TRUST_PEERS_MAX; i++) {
        struct trust_key key = key_of(100 + i);
        enum trust_peer_origin origin = i < 2 ? TRUST_PEER_NEWCOMER : TRUST_PEER_CONFIGURED;
        assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &key, origin, now), TRUST_OK);
        assert_int_equal(peer, i);
    }
    struct trust_key known = key_of(103);
    assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &known, TRUST_PEER_CONFIGURED, now),
                     TRUST_OK);
    assert_int_equal(peer, 3);
    assert_true(trust_gossip_find_peer(node.gossip, &peer, &known));
    trust_gossip_handle_up(node.gossip, 0, true, now);
    struct trust_gossip_action action;
    while (trust_gossip_poll(node.gossip, &action))
        continue;
    struct trust_key next = key_of(1);
    assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &next, TRUST_PEER_NEWCOMER, now),
                     TRUST_OK);
    assert_int_equal(peer, 1);
    trust_gossip_handle_up(node.gossip, 1, true, now);
    while (trust_gossip_poll(node.gossip, &action))
        continue;
    next = key_of(2);
    assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &next, TRUST_PEER_NEWCOMER, now),
                     TRUST_NO_ROOM);
    close_node(&node);
}

/* Adds newcomers that each say one byte of nonsense; returns how many found a place. */
static uint32_t add_rude(struct node *node, uint64_t first, uint32_t count, struct trust_now now)
{
    static const uint8_t nonsense = 0xff;
    uint32_t added = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct trust_key key = key_of(first + i);
        uint32_t peer;
        struct trust_gossip_action action;
        if (trust_gossip_add_peer(node->gossip, &peer, &key, TRUST_PEER_NEWCOMER, now) != TRUST_OK)
            continue;
        added++;
        trust_gossip_handle_up(node->gossip, peer, false, now);
        while (trust_gossip_poll(node->gossip, &action))
            continue;
        trust_gossip_handle_bytes(node->gossip, peer, (struct trust_bytes){&nonsense, 1}, now);
        while (trust_gossip_poll(node->gossip, &action))
            continue;
        assert_int_equal(trust_gossip_peer(node->gossip, peer)->state, TRUST_PEER_WAITING);
    }
    return added;
}

static uint32_t peers_of(const struct node *node, enum trust_peer_origin origin)
{
    uint32_t count = 0;
    for (uint32_t peer = 0; peer < TRUST_PEERS_MAX; peer++) {
        const struct trust_peer *at = trust_gossip_peer(node->gossip, peer);
        count += at != NULL && at->origin == origin;
    }
    return count;
}

static void newcomers_that_were_sent_away_keep_nobody_out(void **state)
{
    (void)state;
    struct node node;
    struct trust_now now = {.mono = {1000}};
    uint32_t peer;
    open_node(&node, 0, 1, true, now);
    assert_int_equal(add_rude(&node, 100, 3 * TRUST_PEERS_MAX, now), 3 * TRUST_PEERS_MAX);
    assert_int_equal(peers_of(&node, TRUST_PEER_NEWCOMER), TRUST_PEERS_NEWCOMERS_MAX);
    for (uint64_t i = 0; i < TRUST_PEERS_MAX; i++) {
        struct trust_key key = key_of(1000 + i);
        enum trust_peer_origin origin = i % 2 == 0 ? TRUST_PEER_CONFIGURED : TRUST_PEER_INVITED;
        assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &key, origin, now), TRUST_OK);
    }
    assert_int_equal(peers_of(&node, TRUST_PEER_NEWCOMER), 0);
    close_node(&node);
}

static void whose_wait_ends_soonest_makes_room_first(void **state)
{
    (void)state;
    struct node node;
    struct trust_now now = {.mono = {1000}};
    struct trust_now earlier = {.mono = {900}};
    uint32_t peer;
    open_node(&node, 0, 1, true, earlier);
    assert_int_equal(add_rude(&node, 100, 5, now), 5);
    assert_int_equal(add_rude(&node, 105, 1, earlier), 1);
    assert_int_equal(add_rude(&node, 106, TRUST_PEERS_NEWCOMERS_MAX - 7, now),
                     TRUST_PEERS_NEWCOMERS_MAX - 7);
    struct trust_key idle = key_of(200);
    assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &idle, TRUST_PEER_NEWCOMER, now),
                     TRUST_OK);
    struct trust_key key = key_of(201);
    assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &key, TRUST_PEER_NEWCOMER, now),
                     TRUST_OK);
    /* First who does not wait at all. */
    assert_int_equal(peer, TRUST_PEERS_NEWCOMERS_MAX - 1);
    assert_false(trust_gossip_find_peer(node.gossip, &peer, &idle));
    trust_gossip_handle_up(node.gossip, TRUST_PEERS_NEWCOMERS_MAX - 1, false, now);
    struct trust_gossip_action action;
    while (trust_gossip_poll(node.gossip, &action))
        continue;
    key = key_of(202);
    assert_int_equal(trust_gossip_add_peer(node.gossip, &peer, &key, TRUST_PEER_NEWCOMER, now),
                     TRUST_OK);
    assert_int_equal(peer, 5);
    close_node(&node);
}

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_reaches_the_next_node_within_a_second),
        cmocka_unit_test(machines_converge_after_loss_and_partition),
        cmocka_unit_test(records_cross_nodes_whose_operators_do_not_care),
        cmocka_unit_test(without_relaying_nothing_crosses),
        cmocka_unit_test(a_node_knows_whom_its_peers_ask_for),
        cmocka_unit_test(a_forgotten_wish_leaves_every_node),
        cmocka_unit_test(an_equivocation_makes_a_proof_everywhere),
        cmocka_unit_test(garbage_changes_nothing_and_ends_the_link),
        cmocka_unit_test(a_forger_is_banned_and_harms_nobody_else),
        cmocka_unit_test(peers_are_bounded_and_newcomers_make_room),
        cmocka_unit_test(newcomers_that_were_sent_away_keep_nobody_out),
        cmocka_unit_test(whose_wait_ends_soonest_makes_room_first),
    };
    return cmocka_run_group_tests_name("gossip/gossip", tests, NULL, NULL);
}
