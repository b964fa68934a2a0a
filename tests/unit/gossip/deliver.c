/* gossip/deliver: records in by every door, verdicts, and on to the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake.h"
#include "gossip/gossip.h"

#define OTHER 77u

/* A peer that is up and asks for author 1, whom we want. */
static uint32_t open_asker(struct fake *fake, uint64_t number, enum trust_peer_origin origin)
{
    uint32_t peer = add_peer(fake, number, origin);
    link_up(fake, peer, number);
    uint8_t item[33] = {0};
    struct trust_key key = key_of(1);
    memcpy(item, key.bytes, 32);
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST,
                                .interest = {.epoch = 3, .count = 9, .added = {item, 33}}};
    say(fake, peer, &frame);
    wish(fake, 1, TRUST_WANT_WEIGHT);
    return peer;
}

static struct trust_accepted accepted_of(const struct statement *statement, uint32_t peer)
{
    struct trust_accepted accepted = {.bytes = bytes_of(statement),
                                      .author = statement->author,
                                      .kind = TRUST_KIND_RATING,
                                      .peer = peer};
    accepted.place.digest[0] = (uint8_t)statement->seq;
    return accepted;
}

static void a_good_record_leaves_for_its_signature_check(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    struct statement statement = rate(1, 1, START_WALL_MS, 500);
    push_one(fake, peer, &statement);
    assert_int_equal(fake->verify_count, 1);
    assert_int_equal(fake->verify.peer, peer);
    assert_int_equal(fake->verify.claim.seq, START_WALL_MS);
    assert_memory_equal(fake->verify.claim.author.bytes, statement.author.bytes, 32);
    assert_int_equal(fake->verify_bytes.size, statement.size);
    assert_memory_equal(fake->verify_bytes.data, statement.data, statement.size);
    push_one(fake, peer, &statement);
    assert_int_equal(fake->verify_count, 1);
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_DUPLICATE], 1);
    settle(fake, peer, TRUST_OK);
    assert_int_equal(peer_at(fake, peer)->counters.firsts, 1);
    assert_int_equal(peer_at(fake, peer)->counters.records_in, 2);
    assert_int_equal(trust_peer_standing(peer_at(fake, peer), fake_now(fake).mono), 1);
    close_fake(fake);
}

static void each_refusal_is_counted_under_its_name(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    struct statement statement = rate(2, 1, START_WALL_MS, 500);
    push_one(fake, peer, &statement);
    statement = rate(1, 1, START_WALL_MS + 700000, 500);
    push_one(fake, peer, &statement);
    statement = rate(1, 1, START_WALL_MS, 500);
    statement.data[1] = 2;
    push_one(fake, peer, &statement);
    const uint64_t *refused = peer_at(fake, peer)->counters.refused;
    assert_int_equal(refused[TRUST_NO_INTEREST], 1);
    assert_int_equal(refused[TRUST_NO_TIME], 1);
    assert_int_equal(refused[TRUST_NO_CANONICAL], 1);
    assert_int_equal(fake->verify_count, 0);
    assert_int_equal(trust_peer_standing(peer_at(fake, peer), fake_now(fake).mono), -50);
    close_fake(fake);
}

static void both_halves_of_a_proof_are_verified(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    struct statement one = rate(1, 1, START_WALL_MS, 500);
    struct statement two = rate(1, 1, START_WALL_MS, 501);
    struct trust_frame frame = {.type = TRUST_FRAME_PROOF,
                                .proof = {bytes_of(&one), bytes_of(&two)}};
    say(fake, peer, &frame);
    assert_int_equal(fake->verify_count, 2);
    close_fake(fake);
}

static void what_was_not_tried_may_come_again(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    struct statement statement = rate(1, 1, START_WALL_MS, 500);
    push_one(fake, peer, &statement);
    settle(fake, peer, TRUST_NO_ROOM);
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_ROOM], 1);
    push_one(fake, peer, &statement);
    assert_int_equal(fake->verify_count, 2);
    close_fake(fake);
}

static void an_accepted_record_goes_to_those_who_ask_but_not_back(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t bringer = open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    uint32_t asker = open_asker(fake, OTHER + 1, TRUST_PEER_CONFIGURED);
    uint32_t other = add_peer(fake, OTHER + 2, TRUST_PEER_CONFIGURED);
    link_up(fake, other, OTHER + 2);
    struct statement statement = rate(1, 1, START_WALL_MS, 500);
    struct trust_accepted accepted = accepted_of(&statement, bringer);
    trust_gossip_handle_accepted(fake->node.gossip, &accepted, fake_now(fake));
    see(fake);
    pass(fake, TRUST_PUSH_DELAY_MS - 1);
    assert_int_equal(fake->said[TRUST_FRAME_PUSH], 0);
    pass(fake, 1);
    assert_int_equal(fake->said[TRUST_FRAME_PUSH], 1);
    assert_int_equal(peer_at(fake, asker)->counters.records_out, 1);
    assert_int_equal(peer_at(fake, bringer)->counters.records_out, 0);
    assert_int_equal(peer_at(fake, other)->counters.records_out, 0);
    accepted = accepted_of(&statement, TRUST_PEER_LOCAL);
    trust_gossip_handle_accepted(fake->node.gossip, &accepted, fake_now(fake));
    see(fake);
    pass(fake, TRUST_PUSH_DELAY_MS);
    assert_int_equal(fake->said[TRUST_FRAME_PUSH], 3);
    close_fake(fake);
}

static void a_revocation_does_not_wait(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    (void)open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    struct statement statement = revoke(1, START_WALL_MS);
    struct trust_accepted accepted = accepted_of(&statement, TRUST_PEER_LOCAL);
    accepted.kind = TRUST_KIND_REVOCATION;
    trust_gossip_handle_accepted(fake->node.gossip, &accepted, fake_now(fake));
    see(fake);
    pass(fake, 0);
    assert_int_equal(fake->said[TRUST_FRAME_PUSH], 1);
    struct statement rival = rate(1, 1, START_WALL_MS, 501);
    statement = rate(1, 1, START_WALL_MS, 500);
    accepted = accepted_of(&statement, TRUST_PEER_LOCAL);
    accepted.rival = bytes_of(&rival);
    trust_gossip_handle_accepted(fake->node.gossip, &accepted, fake_now(fake));
    see(fake);
    pass(fake, 0);
    assert_int_equal(fake->said[TRUST_FRAME_PROOF], 1);
    close_fake(fake);
}

static void more_than_pushing_carries_is_reconciled_soon(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    pass(fake, 40000);
    assert_true(peer_at(fake, peer)->link.sync_ms > fake_now(fake).mono.ms + TRUST_SYNC_SOON_MS);
    for (uint64_t i = 0; i < TRUST_PUSH_QUEUE_MAX + 1; i++) {
        struct statement statement = rate(1, i, START_WALL_MS + i, 500);
        struct trust_accepted accepted = accepted_of(&statement, TRUST_PEER_LOCAL);
        memcpy(accepted.place.digest, &i, sizeof i);
        trust_gossip_handle_accepted(fake->node.gossip, &accepted, fake_now(fake));
        see(fake);
    }
    assert_int_equal(fake->said[TRUST_FRAME_PUSH], 1);
    assert_true(peer_at(fake, peer)->link.sync_ms <= fake_now(fake).mono.ms + TRUST_SYNC_GAP_MS);
    close_fake(fake);
}

static void copies_without_end_throttle_and_end_a_newcomer(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t configured = open_asker(fake, OTHER, TRUST_PEER_CONFIGURED);
    uint32_t newcomer = open_asker(fake, OTHER + 1, TRUST_PEER_NEWCOMER);
    struct statement statement = rate(1, 1, START_WALL_MS, 500);
    hold(fake, statement);
    uint32_t sent = 0;
    while (fake->drop_count == 0 && sent < 200000) {
        push_one(fake, configured, &statement);
        push_one(fake, newcomer, &statement);
        sent++;
    }
    assert_true(sent > TRUST_PEER_DUPLICATES_BURST);
    assert_true(sent < TRUST_PEER_DUPLICATES_BURST + 100);
    assert_int_equal(fake->drop.reason, TRUST_BYE_FLOOD);
    assert_int_equal(peer_at(fake, newcomer)->state, TRUST_PEER_WAITING);
    assert_int_equal(peer_at(fake, configured)->state, TRUST_PEER_THROTTLED);
    assert_int_equal(fake->verify_count, 0);
    close_fake(fake);
}

static void a_verdict_that_comes_late_hits_nobody_else(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_asker(fake, OTHER, TRUST_PEER_NEWCOMER);
    struct statement statement = forge(rate(1, 1, START_WALL_MS, 500));
    push_one(fake, peer, &statement);
    trust_gossip_remove_peer(fake->node.gossip, peer);
    see(fake);
    uint32_t next = open_asker(fake, OTHER + 1, TRUST_PEER_NEWCOMER);
    assert_int_not_equal(next, peer);
    settle(fake, peer, TRUST_NO_SIGNATURE);
    assert_int_equal(peer_at(fake, next)->state, TRUST_PEER_UP);
    assert_int_equal(add_peer(fake, OTHER + 2, TRUST_PEER_NEWCOMER), peer);
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_SIGNATURE], 0);
    close_fake(fake);
}

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_record_leaves_for_its_signature_check),
        cmocka_unit_test(each_refusal_is_counted_under_its_name),
        cmocka_unit_test(both_halves_of_a_proof_are_verified),
        cmocka_unit_test(what_was_not_tried_may_come_again),
        cmocka_unit_test(an_accepted_record_goes_to_those_who_ask_but_not_back),
        cmocka_unit_test(a_revocation_does_not_wait),
        cmocka_unit_test(more_than_pushing_carries_is_reconciled_soon),
        cmocka_unit_test(copies_without_end_throttle_and_end_a_newcomer),
        cmocka_unit_test(a_verdict_that_comes_late_hits_nobody_else),
    };
    return cmocka_run_group_tests_name("gossip/deliver", tests, NULL, NULL);
}
