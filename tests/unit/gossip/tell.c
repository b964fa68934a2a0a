/* gossip/tell: when interest is told, resets on both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake.h"
#include "gossip/gossip.h"

#define OTHER 77u

static const struct trust_frame reset = {.type = TRUST_FRAME_INTEREST_RESET};

static void wants_are_told_on_connecting_and_within_a_second(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    wish(fake, 1, TRUST_WANT_NAMED);
    link_up(fake, peer, OTHER);
    pass(fake, 0);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST], 1);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.count, 1);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.added.size, 33);
    pass(fake, 5000);
    uint32_t said = fake->said[TRUST_FRAME_INTEREST];
    wish(fake, 2, TRUST_WANT_WEIGHT);
    wish(fake, 1, 0);
    pass(fake, 999);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST], said);
    pass(fake, 1);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST], said + 1);
    const struct trust_interest_delta *delta = &fake->last[TRUST_FRAME_INTEREST].interest;
    struct trust_key first = key_of(1);
    struct trust_key second = key_of(2);
    assert_int_equal(delta->count, 1);
    assert_int_equal(delta->added.size, 33);
    assert_memory_equal(delta->added.data, second.bytes, 32);
    assert_int_equal(delta->removed.size, 32);
    assert_memory_equal(delta->removed.data, first.bytes, 32);
    close_fake(fake);
}

static void a_long_list_takes_frames_that_are_paced(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    for (uint64_t author = 0; author < 3000; author++)
        wish(fake, author, TRUST_WANT_WEIGHT);
    link_up(fake, peer, OTHER);
    pass(fake, 0);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST], 1);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.count, 1982);
    pass(fake, TRUST_INTEREST_PACE_MS);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST], 2);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.count, 3000);
    close_fake(fake);
}

static void a_peer_that_could_not_follow_is_told_all_but_not_too_often(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    wish(fake, 1, TRUST_WANT_NAMED);
    link_up(fake, peer, OTHER);
    pass(fake, 15000);
    uint64_t epoch = fake->last[TRUST_FRAME_INTEREST].interest.epoch;
    say(fake, peer, &reset);
    pass(fake, 0);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.epoch, epoch + 1);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.added.size, 33);
    for (uint32_t i = 0; i < 10; i++)
        say(fake, peer, &reset);
    pass(fake, TRUST_INTEREST_RETELL_MS - 1);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.epoch, epoch + 1);
    pass(fake, 1);
    assert_int_equal(fake->last[TRUST_FRAME_INTEREST].interest.epoch, epoch + 2);
    close_fake(fake);
}

static void interest_that_does_not_match_is_answered_with_a_reset(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    link_up(fake, peer, OTHER);
    pass(fake, 0);
    uint8_t item[33] = {0};
    struct trust_key key = key_of(9);
    memcpy(item, key.bytes, 32);
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST,
                                .interest = {.epoch = 3, .count = 1, .added = {item, 33}}};
    say(fake, peer, &frame);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST_RESET], 1);
    assert_false(peer_at(fake, peer)->link.has_heard);
    say(fake, peer, &frame);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST_RESET], 1);
    fake->now_ms += TRUST_INTEREST_RESET_MS;
    say(fake, peer, &frame);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST_RESET], 2);
    static const struct trust_frame nothing = {.type = TRUST_FRAME_INTEREST,
                                               .interest = {.epoch = 4}};
    say(fake, peer, &nothing);
    assert_int_equal(fake->said[TRUST_FRAME_INTEREST_RESET], 2);
    assert_true(peer_at(fake, peer)->link.has_heard);
    close_fake(fake);
}

static void the_sum_of_a_set_is_the_one_of_the_protocol(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    wish(fake, 1, TRUST_WANT_NAMED);
    wish(fake, 2, TRUST_WANT_NAMED);
    link_up(fake, peer, OTHER);
    pass(fake, 0);
    uint8_t expected[16];
    struct trust_writer writer = trust_writer_init(expected, sizeof expected);
    for (uint64_t lane = 0; lane < 2; lane++) {
        struct trust_siphash_key seed = {.low = 0, .high = lane};
        uint64_t sum = 0;
        for (uint64_t author = 1; author <= 2; author++) {
            uint8_t item[33] = {0};
            struct trust_key key = key_of(author);
            memcpy(item, key.bytes, 32);
            sum += trust_siphash(&seed, (struct trust_bytes){item, sizeof item});
        }
        trust_writer_put_be(&writer, sum, 8);
    }
    assert_memory_equal(fake->last[TRUST_FRAME_INTEREST].interest.digest, expected, 16);
    close_fake(fake);
}

static void wishes_are_passed_on_to_the_other_peers(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t asker = add_peer(fake, OTHER, TRUST_PEER_CONFIGURED);
    uint32_t other = add_peer(fake, OTHER + 1, TRUST_PEER_CONFIGURED);
    link_up(fake, asker, OTHER);
    pass(fake, 5000);
    uint8_t item[33] = {0};
    struct trust_key key = key_of(9);
    memcpy(item, key.bytes, 32);
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST,
                                .interest = {.epoch = 3, .count = 1, .added = {item, 33}}};
    say(fake, asker, &frame);
    link_up(fake, other, OTHER + 1);
    pass(fake, 0);
    const struct trust_interest_delta *delta = &fake->last[TRUST_FRAME_INTEREST].interest;
    assert_int_equal(delta->added.size, 33);
    assert_int_equal(delta->added.data[32], 1);
    assert_true(trust_gossip_is_wanted(fake->node.gossip, &key));
    struct trust_gossip_why why = trust_gossip_why(fake->node.gossip, other, &key, fake_now(fake));
    assert_int_equal(why.wants, 0);
    assert_int_equal(why.asked, 0);
    assert_int_equal(why.told, 2);
    assert_true(why.is_relayed);
    trust_gossip_remove_peer(fake->node.gossip, asker);
    see(fake);
    assert_false(trust_gossip_is_wanted(fake->node.gossip, &key));
    close_fake(fake);
}

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wants_are_told_on_connecting_and_within_a_second),
        cmocka_unit_test(a_long_list_takes_frames_that_are_paced),
        cmocka_unit_test(a_peer_that_could_not_follow_is_told_all_but_not_too_often),
        cmocka_unit_test(interest_that_does_not_match_is_answered_with_a_reset),
        cmocka_unit_test(the_sum_of_a_set_is_the_one_of_the_protocol),
        cmocka_unit_test(wishes_are_passed_on_to_the_other_peers),
    };
    return cmocka_run_group_tests_name("gossip/tell", tests, NULL, NULL);
}
