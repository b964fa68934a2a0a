/* gossip/greet: hello, its refusals, liveness, bye, bans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake.h"
#include "gossip/gossip.h"

#define OTHER 77u

static void hello_brings_a_link_up(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_CONNECTING);
    trust_gossip_handle_up(fake->node.gossip, peer, true, fake_now(fake));
    see(fake);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_HELLO);
    const struct trust_hello *ours = &fake->last[TRUST_FRAME_HELLO].hello;
    assert_int_equal(fake->said[TRUST_FRAME_HELLO], 1);
    assert_memory_equal(ours->key.bytes, fake->node.key.bytes, 32);
    assert_int_equal(ours->clock.ms, START_WALL_MS);
    struct trust_frame frame = hello_of(fake, OTHER);
    frame.hello.clock.ms -= 400000;
    say(fake, peer, &frame);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_UP);
    assert_int_equal(peer_at(fake, peer)->version, 1);
    assert_int_equal(peer_at(fake, peer)->skew_ms, -400000);
    assert_int_equal(fake->drop_count, 0);
    close_fake(fake);
}

static void assert_refused(const struct trust_frame *hello, enum trust_bye_reason reason)
{
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    trust_gossip_handle_up(fake->node.gossip, peer, true, fake_now(fake));
    see(fake);
    say(fake, peer, hello);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_WAITING);
    assert_int_equal(fake->said[TRUST_FRAME_BYE], 1);
    assert_int_equal(fake->last[TRUST_FRAME_BYE].bye.reason, reason);
    assert_int_equal(fake->last[TRUST_FRAME_BYE].bye.retry_after_s, TRUST_RETRY_MS / 1000);
    assert_int_equal(fake->drop_count, 1);
    assert_int_equal(fake->drop.reason, reason);
    assert_int_equal(fake->drop.retry_after_ms, TRUST_RETRY_MS);
    /* Before its time it may not come back. */
    trust_gossip_handle_up(fake->node.gossip, peer, true, fake_now(fake));
    see(fake);
    assert_int_equal(fake->drop_count, 2);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_WAITING);
    fake->now_ms += TRUST_RETRY_MS;
    trust_gossip_handle_up(fake->node.gossip, peer, true, fake_now(fake));
    see(fake);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_HELLO);
    close_fake(fake);
}

static void another_network_version_or_key_is_refused(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    struct trust_frame good = hello_of(fake, OTHER);
    struct trust_frame own_key = hello_of(fake, OTHER);
    own_key.hello.key = fake->node.key;
    close_fake(fake);
    struct trust_frame hello = good;
    hello.hello.network.bytes[7] ^= 1;
    assert_refused(&hello, TRUST_BYE_NETWORK);
    hello = good;
    hello.hello.version_min = 2;
    hello.hello.version_max = 3;
    assert_refused(&hello, TRUST_BYE_VERSION);
    hello = good;
    hello.hello.key = key_of(OTHER + 1);
    assert_refused(&hello, TRUST_BYE_KEY);
    assert_refused(&own_key, TRUST_BYE_KEY);
}

static void a_frame_out_of_turn_is_refused(void **state)
{
    (void)state;
    static const struct trust_frame ping = {.type = TRUST_FRAME_PING, .nonce = 5};
    assert_refused(&ping, TRUST_BYE_MALFORMED);
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    link_up(fake, peer, OTHER);
    struct trust_frame again = hello_of(fake, OTHER);
    say(fake, peer, &again);
    assert_int_equal(fake->drop.reason, TRUST_BYE_MALFORMED);
    close_fake(fake);
}

static void an_invited_peer_names_its_key_and_comes_back_under_it(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t invited = add_peer(fake, OTHER, TRUST_PEER_INVITED);
    link_up(fake, invited, OTHER + 1);
    assert_int_equal(fake->named_count, 1);
    struct trust_key own = key_of(OTHER + 1);
    assert_memory_equal(fake->named.bytes, own.bytes, 32);
    assert_int_equal(fake->drop_count, 1);
    assert_int_equal(fake->drop.retry_after_ms, TRUST_RETRY_PLAIN_MS);
    uint32_t peer = add_peer(fake, OTHER + 1, TRUST_PEER_CONFIGURED);
    link_up(fake, peer, OTHER + 1);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_UP);
    close_fake(fake);
}

static void a_peer_without_hello_or_voice_is_left(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    trust_gossip_handle_up(fake->node.gossip, peer, true, fake_now(fake));
    see(fake);
    pass(fake, TRUST_HELLO_MS - 1);
    assert_int_equal(fake->drop_count, 0);
    pass(fake, 1);
    assert_int_equal(fake->drop.reason, TRUST_BYE_SILENT);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_CONNECTING);
    link_up(fake, peer, OTHER);
    pass(fake, TRUST_SILENCE_MS - 1);
    assert_int_equal(fake->drop_count, 1);
    pass(fake, 1);
    assert_int_equal(fake->drop_count, 2);
    close_fake(fake);
}

static void pings_measure_the_way_there_and_back(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    link_up(fake, peer, OTHER);
    pass(fake, TRUST_PING_MS);
    assert_int_equal(fake->said[TRUST_FRAME_PING], 1);
    struct trust_frame pong = {.type = TRUST_FRAME_PONG,
                               .nonce = fake->last[TRUST_FRAME_PING].nonce + 1};
    fake->now_ms += 123;
    say(fake, peer, &pong);
    assert_int_equal(peer_at(fake, peer)->link.rtt_ms, 0);
    pong.nonce--;
    say(fake, peer, &pong);
    assert_int_equal(peer_at(fake, peer)->link.rtt_ms, 123);
    struct trust_frame ping = {.type = TRUST_FRAME_PING, .nonce = 99};
    say(fake, peer, &ping);
    assert_int_equal(fake->last[TRUST_FRAME_PONG].nonce, 99);
    close_fake(fake);
}

static void a_peer_that_is_up_is_pinged_when_asked(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    assert_false(trust_gossip_ping(fake->node.gossip, peer, fake_now(fake)));
    link_up(fake, peer, OTHER);
    pass(fake, 1000);
    assert_true(trust_gossip_ping(fake->node.gossip, peer, fake_now(fake)));
    see(fake);
    assert_int_equal(fake->said[TRUST_FRAME_PING], 1);
    assert_true(peer_at(fake, peer)->link.nonce != 0);
    fake->now_ms += 7;
    struct trust_frame pong = {.type = TRUST_FRAME_PONG,
                               .nonce = fake->last[TRUST_FRAME_PING].nonce};
    say(fake, peer, &pong);
    assert_true(peer_at(fake, peer)->link.nonce == 0);
    assert_int_equal(peer_at(fake, peer)->link.rtt_ms, 7);
    close_fake(fake);
}

static void a_bye_of_the_peer_ends_the_link_without_reproach(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    link_up(fake, peer, OTHER);
    struct trust_frame bye = {.type = TRUST_FRAME_BYE,
                              .bye = {.reason = TRUST_BYE_FLOOD, .retry_after_s = 4000000}};
    say(fake, peer, &bye);
    assert_true(fake->drop.by_peer);
    assert_int_equal(fake->drop.reason, TRUST_BYE_FLOOD);
    assert_int_equal(fake->drop.retry_after_ms, 3600000);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_CONNECTING);
    link_up(fake, peer, OTHER);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_UP);
    close_fake(fake);
}

static void three_forgeries_within_a_day_ban(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    wish(fake, 1, TRUST_WANT_WEIGHT);
    for (uint64_t i = 1; i <= 3; i++) {
        link_up(fake, peer, OTHER);
        struct statement forged = forge(rate(1, i, START_WALL_MS, 500));
        push_one(fake, peer, &forged);
        assert_int_equal(fake->verify_count, i);
        settle(fake, peer, TRUST_NO_SIGNATURE);
        assert_int_equal(fake->drop_count, i);
        assert_int_equal(fake->drop.banned, i == 3);
        fake->now_ms += fake->drop.retry_after_ms;
    }
    assert_int_equal(fake->drop.reason, TRUST_BYE_BANNED);
    assert_int_equal(fake->drop.retry_after_ms, TRUST_BAN_MS);
    assert_int_equal(peer_at(fake, peer)->state, TRUST_PEER_BANNED);
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_SIGNATURE], 3);
    close_fake(fake);
}

static void a_node_that_stops_says_bye_to_all(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    for (uint64_t i = 0; i < TRUST_PEERS_MAX; i++)
        link_up(fake, add_peer(fake, OTHER + i, TRUST_PEER_CONFIGURED), OTHER + i);
    trust_gossip_close(fake->node.gossip);
    see(fake);
    assert_int_equal(fake->said[TRUST_FRAME_BYE], TRUST_PEERS_MAX);
    assert_int_equal(fake->drop_count, TRUST_PEERS_MAX);
    close_fake(fake);
}

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_brings_a_link_up),
        cmocka_unit_test(another_network_version_or_key_is_refused),
        cmocka_unit_test(a_frame_out_of_turn_is_refused),
        cmocka_unit_test(an_invited_peer_names_its_key_and_comes_back_under_it),
        cmocka_unit_test(a_peer_without_hello_or_voice_is_left),
        cmocka_unit_test(pings_measure_the_way_there_and_back),
        cmocka_unit_test(a_peer_that_is_up_is_pinged_when_asked),
        cmocka_unit_test(a_bye_of_the_peer_ends_the_link_without_reproach),
        cmocka_unit_test(three_forgeries_within_a_day_ban),
        cmocka_unit_test(a_node_that_stops_says_bye_to_all),
    };
    return cmocka_run_group_tests_name("gossip/greet", tests, NULL, NULL);
}
