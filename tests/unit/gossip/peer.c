/* gossip/peer: standing, waiting, bans, states. */
#include "gossip/peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct trust_mono at(uint64_t ms)
{
    return (struct trust_mono){.ms = ms};
}

static struct trust_peer new_peer(enum trust_peer_origin origin)
{
    struct trust_peer peer;
    struct trust_key key = {{7}};
    trust_peer_init(&peer, &key, origin, at(1000));
    trust_peer_connect(&peer, true, at(1000));
    peer.state = TRUST_PEER_UP;
    return peer;
}

static void bad_manners_throttle_and_time_forgives(void **state)
{
    (void)state;
    struct trust_peer peer = new_peer(TRUST_PEER_CONFIGURED);
    for (int i = 0; i < 9; i++)
        assert_false(trust_peer_note(&peer, TRUST_MANNER_QUOTA, at(1000)));
    assert_int_equal(peer.state, TRUST_PEER_UP);
    assert_false(trust_peer_note(&peer, TRUST_MANNER_QUOTA, at(1000)));
    assert_int_equal(peer.state, TRUST_PEER_THROTTLED);
    assert_int_equal(trust_peer_standing(&peer, at(1000)), -200);
    assert_int_equal(trust_peer_standing(&peer, at(51000)), -100);
    trust_peer_settle(&peer, at(51000));
    assert_int_equal(peer.state, TRUST_PEER_UP);
    assert_int_equal(trust_peer_standing(&peer, at(101000)), 0);
    assert_int_equal(trust_peer_standing(&peer, at(UINT64_MAX)), 0);
}

static void a_throttled_peer_pays_four_times(void **state)
{
    (void)state;
    struct trust_peer peer = new_peer(TRUST_PEER_CONFIGURED);
    peer.buckets.checks = trust_bucket_init(1, 100, at(1000));
    assert_true(trust_peer_take(&peer, &peer.buckets.checks, 20, at(1000)));
    peer.state = TRUST_PEER_THROTTLED;
    assert_true(trust_peer_take(&peer, &peer.buckets.checks, 20, at(1000)));
    assert_false(trust_peer_take(&peer, &peer.buckets.checks, 1, at(1000)));
}

static void only_newcomers_are_sent_away_for_manners(void **state)
{
    (void)state;
    struct trust_peer newcomer = new_peer(TRUST_PEER_NEWCOMER);
    struct trust_peer configured = new_peer(TRUST_PEER_CONFIGURED);
    for (int i = 1; i <= 10; i++) {
        assert_int_equal(trust_peer_note(&newcomer, TRUST_MANNER_RECORD, at(1000)), i >= 10);
        assert_false(trust_peer_note(&configured, TRUST_MANNER_RECORD, at(1000)));
    }
    for (int i = 0; i < 20; i++)
        (void)trust_peer_note(&configured, TRUST_MANNER_RECORD, at(1000));
    assert_int_equal(trust_peer_standing(&configured, at(1000)), -1000);
}

static void good_records_bring_a_little(void **state)
{
    (void)state;
    struct trust_peer peer = new_peer(TRUST_PEER_CONFIGURED);
    for (int i = 0; i < 150; i++)
        assert_false(trust_peer_note(&peer, TRUST_MANNER_FIRST, at(1000)));
    assert_int_equal(trust_peer_standing(&peer, at(1000)), 100);
    assert_int_equal(trust_peer_standing(&peer, at(26000)), 50);
}

static void the_third_bad_signature_within_a_day_bans(void **state)
{
    (void)state;
    struct trust_peer peer = new_peer(TRUST_PEER_CONFIGURED);
    assert_false(trust_peer_note_signature(&peer, at(1000)));
    assert_false(trust_peer_note_signature(&peer, at(2000)));
    /* The first is a day old: two within the day. */
    assert_false(trust_peer_note_signature(&peer, at(TRUST_BAN_MS + 1000)));
    assert_true(trust_peer_note_signature(&peer, at(TRUST_BAN_MS + 1500)));
    assert_int_equal(trust_peer_send_away(&peer, true, at(5000)), TRUST_BAN_MS);
    assert_int_equal(peer.state, TRUST_PEER_BANNED);
    assert_false(trust_peer_may_connect(&peer, at(TRUST_BAN_MS + 4999)));
    assert_true(trust_peer_may_connect(&peer, at(TRUST_BAN_MS + 5000)));
    assert_int_equal(peer.state, TRUST_PEER_CONNECTING);
}

static void each_time_sent_away_is_longer_until_a_connection_lasts(void **state)
{
    (void)state;
    static const uint64_t waits[] = {10000, 20000, 40000, 80000, 160000, 320000, 600000, 600000};
    struct trust_peer peer = new_peer(TRUST_PEER_CONFIGURED);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        assert_int_equal(trust_peer_send_away(&peer, false, at(1000)), waits[i]);
        assert_int_equal(peer.state, TRUST_PEER_WAITING);
        assert_false(trust_peer_may_connect(&peer, at(1000 + waits[i] - 1)));
        assert_true(trust_peer_may_connect(&peer, at(1000 + waits[i])));
        trust_peer_connect(&peer, true, at(1000));
    }
    peer.state = TRUST_PEER_UP;
    assert_int_equal(trust_peer_send_away(&peer, false, at(1000 + TRUST_RETRY_MS_MAX + 1)), 10000);
}

static void every_state_has_its_name(void **state)
{
    (void)state;
    assert_string_equal(trust_peer_state_name(TRUST_PEER_FREE), "free");
    assert_string_equal(trust_peer_state_name(TRUST_PEER_CONNECTING), "connecting");
    assert_string_equal(trust_peer_state_name(TRUST_PEER_HELLO), "hello");
    assert_string_equal(trust_peer_state_name(TRUST_PEER_UP), "up");
    assert_string_equal(trust_peer_state_name(TRUST_PEER_THROTTLED), "throttled");
    assert_string_equal(trust_peer_state_name(TRUST_PEER_WAITING), "waiting");
    assert_string_equal(trust_peer_state_name(TRUST_PEER_BANNED), "banned");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_manners_throttle_and_time_forgives),
        cmocka_unit_test(a_throttled_peer_pays_four_times),
        cmocka_unit_test(only_newcomers_are_sent_away_for_manners),
        cmocka_unit_test(good_records_bring_a_little),
        cmocka_unit_test(the_third_bad_signature_within_a_day_bans),
        cmocka_unit_test(each_time_sent_away_is_longer_until_a_connection_lasts),
        cmocka_unit_test(every_state_has_its_name),
    };
    return cmocka_run_group_tests_name("gossip/peer", tests, NULL, NULL);
}
