/* engine/peers: a record published at one node reaches another that wants its author. */
#include "records.h"

static void deliver(struct rig *to)
{
    for (size_t i = 0; i < to->inbox_count; i++) {
        trust_engine_handle_bytes(
            to->engine, 0,
            (struct trust_bytes){.data = to->inbox[i].bytes, .size = to->inbox[i].size}, to->now);
        rig_run(to);
    }
    to->inbox_count = 0;
}

static void run_both(struct rig *a, struct rig *b, int turns)
{
    for (int i = 0; i < turns; i++) {
        rig_pass(a, 100);
        rig_pass(b, 100);
        deliver(a);
        deliver(b);
    }
}

static void connect_both(struct rig *a, struct rig *b)
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
    a->peer = b;
    b->peer = a;
    trust_engine_handle_peer_up(a->engine, 0, true, a->now);
    rig_run(a);
    trust_engine_handle_peer_up(b->engine, 0, false, b->now);
    rig_run(b);
}

static void what_one_publishes_the_other_scores(void **state)
{
    (void)state;
    struct trust_secret *alice = rig_secret(10);
    struct trust_secret *bob = rig_secret(11);
    struct trust_key alice_key;
    struct trust_key bob_key;
    trust_secret_key(&alice_key, alice);
    trust_secret_key(&bob_key, bob);
    struct rig *a = rig_open(&alice_key, 1);
    struct rig *b = rig_open(&bob_key, 2);
    struct trust_signed early =
        rig_sign(a, alice, rig_rating("mcp:io.example/early", 900, RIG_START_MS));
    assert_int_equal(rig_publish(a, &early), TRUST_OK);
    struct trust_signed vouch = rig_sign(b, bob, rig_vouch(alice, 1000, RIG_START_MS));
    assert_int_equal(rig_publish(b, &vouch), TRUST_OK);
    connect_both(a, b);
    run_both(a, b, 100);
    struct trust_signed late =
        rig_sign(a, alice, rig_rating("mcp:io.example/late", 100, RIG_START_MS + 1));
    assert_int_equal(rig_publish(a, &late), TRUST_OK);
    run_both(a, b, 20);
    assert_int_equal(b->count, 3);
    struct trust_score score;
    const struct trust_question question = {.subject = trust_bytes_text("mcp:io.example/late")};
    assert_int_equal(
        trust_scorer_score(trust_engine_scorer(b->engine, b->now), &score, &question, b->now.wall),
        TRUST_OK);
    assert_int_equal(score.raters, 1);
    assert_int_equal(a->count, 2); /* Bob asks Alice for himself; she asks nobody else */
    trust_engine_handle_peer_down(b->engine, 0);
    rig_run(b);
    trust_engine_remove_peer(b->engine, 0);
    rig_run(b);
    assert_null(trust_gossip_peer(trust_engine_gossip(b->engine), 0));
    rig_close(a);
    rig_close(b);
    trust_secret_close(alice);
    trust_secret_close(bob);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_publishes_the_other_scores),
    };
    return cmocka_run_group_tests_name("engine/peers", tests, NULL, NULL);
}
