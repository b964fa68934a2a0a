/* gossip/reconcile: sessions between real machines: who opens, what it costs, how it breaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake.h"
#include "gossip/gossip.h"
#include "gossip/machine.h"
#include "world.h"

static void publish_many(struct swarm *swarm, uint32_t at, uint64_t author, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++)
        assert_int_equal(publish(swarm, at, rate(author, i, START_WALL_MS + i, 500)), TRUST_OK);
}

/* Two nodes that want the authors 0..authors-1. */
static struct swarm *open_pair(uint64_t seed, uint64_t authors)
{
    struct swarm *swarm = open_swarm(2, seed, true);
    for (uint32_t at = 0; at < 2; at++)
        for (uint64_t author = 0; author < authors; author++)
            want(swarm, at, author, TRUST_WANT_WEIGHT);
    return swarm;
}

static const struct trust_peer *peer_of(const struct swarm *swarm, uint32_t at, uint32_t other)
{
    return trust_gossip_peer(swarm->nodes[at].gossip, swarm->peer_of[at][other]);
}

static void both_sides_get_what_they_lack_on_connecting(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(1, 4);
    publish_many(swarm, 0, 0, 300);
    publish_many(swarm, 0, 1, 5);
    publish_many(swarm, 1, 2, 300);
    publish_many(swarm, 1, 1, 9);
    connect(swarm, 0, 1);
    run(swarm, 3000);
    assert_int_equal(head_at(swarm, 1, 0).count, 300);
    assert_int_equal(head_at(swarm, 0, 2).count, 300);
    assert_int_equal(head_at(swarm, 0, 1).count, 9);
    assert_true(has_converged(swarm, 4));
    /* Each record that was lacking was verified once, and no other: 5 of author 1 are the same. */
    assert_int_equal(swarm->nodes[0].verified, 304);
    assert_int_equal(swarm->nodes[1].verified, 300);
    run(swarm, 12000);
    assert_true(trust_gossip_lag_ms(swarm->nodes[0].gossip, swarm->peer_of[0][1],
                                    swarm_now(swarm)) < 12000);
    close_swarm(swarm);
}

static void nothing_new_costs_one_page_and_its_answer(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(2, 10);
    connect(swarm, 0, 1);
    for (uint64_t author = 0; author < 10; author++)
        publish_many(swarm, author % 2, author, 3);
    run(swarm, 30000);
    assert_true(has_converged(swarm, 10));
    /* From here to the next session of either side. */
    struct traffic before[2] = {swarm->traffic[0], swarm->traffic[1]};
    uint64_t synced_ms = peer_of(swarm, 0, 1)->synced_ms;
    while (peer_of(swarm, 0, 1)->synced_ms == synced_ms)
        run(swarm, 100);
    uint32_t frames = 0;
    size_t size = 0;
    for (uint32_t at = 0; at < 2; at++) {
        frames += swarm->traffic[at].sync_frames_out - before[at].sync_frames_out;
        size += swarm->traffic[at].sync_out - before[at].sync_out;
        assert_int_equal(swarm->traffic[at].pulls_in, before[at].pulls_in);
    }
    /* Page, answer, and both ends. */
    assert_int_equal(frames, 4);
    assert_true(size < 10 * TRUST_HEAD_SIZE_MAX + 100);
    assert_int_equal(peer_of(swarm, 0, 1)->in_sync_ms, peer_of(swarm, 0, 1)->synced_ms);
    close_swarm(swarm);
}

static void sessions_come_every_minute_half_of_it_more_or_less(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(3, 1);
    connect(swarm, 0, 1);
    run(swarm, 10000);
    uint32_t sessions = 0;
    uint64_t synced_ms = peer_of(swarm, 0, 1)->synced_ms;
    for (uint32_t second = 0; second < 3600; second++) {
        run(swarm, 1000);
        if (peer_of(swarm, 0, 1)->synced_ms != synced_ms)
            sessions++;
        synced_ms = peer_of(swarm, 0, 1)->synced_ms;
    }
    /* Each of the two opens one a minute on average. */
    assert_true(sessions >= 100);
    assert_true(sessions <= 140);
    close_swarm(swarm);
}

static void records_of_one_seq_take_several_answers(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(4, 1);
    for (uint64_t server = 0; server < 900; server++)
        assert_int_equal(publish(swarm, 0, rate(0, server, START_WALL_MS, 500)), TRUST_OK);
    connect(swarm, 0, 1);
    run(swarm, 5000);
    assert_int_equal(head_at(swarm, 1, 0).count, 900);
    assert_true(swarm->traffic[0].records_out >= 3);
    close_swarm(swarm);
}

static void many_authors_take_many_pages_within_the_bound(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(5, 900);
    for (uint64_t author = 0; author < 900; author++)
        publish_many(swarm, author % 2, author, 1);
    connect(swarm, 0, 1);
    run(swarm, 20000);
    assert_true(has_converged(swarm, 900));
    for (uint32_t at = 0; at < 2; at++) {
        const struct traffic *traffic = &swarm->traffic[at];
        assert_true(traffic->sync_frames_out > 4);
        assert_true(traffic->sync_out <=
                    TRUST_SYNC_FACTOR * traffic->sync_in +
                        (size_t)TRUST_SYNC_BASE_SIZE * traffic->sync_frames_out);
    }
    close_swarm(swarm);
}

static void a_broken_session_goes_on_where_it_stood(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(6, 900);
    for (uint64_t author = 0; author < 900; author++)
        publish_many(swarm, 0, author, 1);
    connect(swarm, 0, 1);
    while (head_at(swarm, 1, 0).count + head_at(swarm, 1, 1).count == 0 &&
           swarm->nodes[1].verified < 300)
        run(swarm, 20);
    break_link(swarm, 0, 1, 1000);
    bool is_resumed = peer_of(swarm, 0, 1)->has_sync_from || peer_of(swarm, 1, 0)->has_sync_from;
    assert_true(is_resumed);
    run(swarm, 60000);
    assert_true(has_converged(swarm, 900));
    assert_false(peer_of(swarm, 0, 1)->has_sync_from);
    close_swarm(swarm);
}

static void a_node_that_lost_everything_gets_it_back(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(7, 3);
    connect(swarm, 0, 1);
    publish_many(swarm, 0, 0, 40);
    publish_many(swarm, 1, 1, 40);
    run(swarm, 20000);
    assert_true(has_converged(swarm, 3));
    wipe(swarm, 1, true);
    assert_int_equal(head_at(swarm, 1, 0).count, 0);
    for (uint64_t author = 0; author < 3; author++)
        want(swarm, 1, author, TRUST_WANT_WEIGHT);
    run(swarm, 10000);
    assert_int_equal(head_at(swarm, 1, 0).count, 40);
    assert_true(has_converged(swarm, 3));
    close_swarm(swarm);
}

static void a_new_wish_fetches_within_seconds(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(2, 8, true);
    want(swarm, 0, 5, TRUST_WANT_NAMED);
    connect(swarm, 0, 1);
    publish_many(swarm, 0, 5, 10);
    run(swarm, 20000);
    /* The wish of node 0 makes node 1 ask others for the author, not node 0 itself. */
    assert_int_equal(head_at(swarm, 1, 5).count, 0);
    want(swarm, 1, 5, TRUST_WANT_WEIGHT);
    run(swarm, 10000);
    assert_int_equal(head_at(swarm, 1, 5).count, 10);
    close_swarm(swarm);
}

static void a_revocation_crosses_though_its_head_looks_older(void **state)
{
    (void)state;
    struct swarm *swarm = open_pair(9, 1);
    publish_many(swarm, 0, 0, 100);
    connect(swarm, 0, 1);
    run(swarm, 10000);
    assert_int_equal(head_at(swarm, 1, 0).count, 100);
    cut(swarm, 0, 1);
    assert_int_equal(publish(swarm, 1, revoke(0, START_WALL_MS - 1000)), TRUST_OK);
    assert_int_equal(head_at(swarm, 1, 0).count, 1);
    run(swarm, 5000);
    heal(swarm, 0, 1);
    run(swarm, 5000);
    assert_int_equal(head_at(swarm, 0, 0).count, 1);
    assert_int_equal(head_at(swarm, 0, 0).seq, START_WALL_MS - 1000);
    close_swarm(swarm);
}

/* A machine whose peer, for which the test speaks, holds and wants author 1. Our session is open
 * and its first page is out. */
static struct fake *open_session(uint32_t *out_peer)
{
    struct fake *fake = open_fake(true);
    *out_peer = add_peer(fake, 77, TRUST_PEER_CONFIGURED);
    wish(fake, 1, TRUST_WANT_WEIGHT);
    link_up(fake, *out_peer, 77);
    static const struct trust_frame nothing = {.type = TRUST_FRAME_INTEREST,
                                               .interest = {.epoch = 4}};
    say(fake, *out_peer, &nothing);
    while (fake->said[TRUST_FRAME_SYNC] == 0)
        pass(fake, 10);
    assert_int_equal(fake->last[TRUST_FRAME_SYNC].sync.round, 0);
    return fake;
}

/* Answers our page with one head of author 1, or with none. */
static void answer_page(struct fake *fake, uint32_t peer, uint32_t round, bool has_head)
{
    uint8_t packed[TRUST_HEAD_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    struct trust_wire_head head = {.author = key_of(1),
                                   .head = {.seq = START_WALL_MS, .count = 1, .digest = {1}}};
    trust_list_put_head(&writer, &head);
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC};
    frame.sync = (struct trust_sync){
        .session = fake->last[TRUST_FRAME_SYNC].sync.session, .round = round, .has_range = true};
    if (has_head)
        frame.sync.heads = (struct trust_list){.packed = trust_writer_bytes(&writer), .count = 1};
    say(fake, peer, &frame);
}

static void end_session(struct fake *fake, uint32_t peer)
{
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC};
    frame.sync = (struct trust_sync){.session = fake->last[TRUST_FRAME_SYNC].sync.session,
                                     .round = fake->last[TRUST_FRAME_SYNC].sync.round + 1};
    say(fake, peer, &frame);
}

static void only_the_answer_to_the_last_page_counts(void **state)
{
    (void)state;
    uint32_t peer;
    struct fake *fake = open_session(&peer);
    answer_page(fake, peer, 3, true);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 0);
    answer_page(fake, peer, 1, true);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    answer_page(fake, peer, 1, true);
    assert_int_equal(fake->said[TRUST_FRAME_SYNC], 1);
    close_fake(fake);
}

static void what_is_not_answered_is_said_again_until_it_is_given_up(void **state)
{
    (void)state;
    uint32_t peer;
    struct fake *fake = open_session(&peer);
    pass(fake, TRUST_SESSION_RETRY_MS);
    assert_int_equal(fake->said[TRUST_FRAME_SYNC], 2);
    assert_int_equal(fake->last[TRUST_FRAME_SYNC].sync.round, 0);
    answer_page(fake, peer, 1, true);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    pass(fake, TRUST_SESSION_RETRY_MS);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 2);
    pass(fake, TRUST_SESSION_IDLE_MS - TRUST_SESSION_RETRY_MS - 1);
    assert_int_equal(trust_peer_standing(peer_at(fake, peer), fake_now(fake).mono), 0);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 6);
    pass(fake, 1);
    assert_int_equal(trust_peer_standing(peer_at(fake, peer), fake_now(fake).mono), -30);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 6);
    close_fake(fake);
}

static void a_session_that_brought_news_is_soon_followed_by_another(void **state)
{
    (void)state;
    uint32_t peer;
    struct fake *fake = open_session(&peer);
    answer_page(fake, peer, 1, true);
    uint8_t packed[TRUST_RECORD_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    struct statement statement = rate(1, 1, START_WALL_MS, 500);
    trust_list_put_record(&writer, bytes_of(&statement));
    struct trust_frame frame = {.type = TRUST_FRAME_RECORDS};
    frame.records =
        (struct trust_records){.session = fake->last[TRUST_FRAME_SYNC].sync.session,
                               .records = {.packed = trust_writer_bytes(&writer), .count = 1}};
    say(fake, peer, &frame);
    assert_int_equal(fake->verify_count, 1);
    assert_false(fake->last[TRUST_FRAME_SYNC].sync.has_range);
    end_session(fake, peer);
    uint32_t number = fake->last[TRUST_FRAME_SYNC].sync.session;
    assert_int_equal(peer_at(fake, peer)->synced_ms, fake_now(fake).mono.ms);
    assert_int_equal(peer_at(fake, peer)->in_sync_ms, 0);
    pass(fake, TRUST_SYNC_GAP_MS);
    assert_int_not_equal(fake->last[TRUST_FRAME_SYNC].sync.session, number);
    /* This one finds nothing: we are in sync, and it is left at that. */
    number = fake->last[TRUST_FRAME_SYNC].sync.session;
    answer_page(fake, peer, 1, false);
    end_session(fake, peer);
    assert_int_equal(peer_at(fake, peer)->in_sync_ms, fake_now(fake).mono.ms);
    assert_int_equal(trust_gossip_lag_ms(fake->node.gossip, peer, fake_now(fake)), 0);
    pass(fake, 10000);
    assert_int_equal(fake->last[TRUST_FRAME_SYNC].sync.session, number);
    close_fake(fake);
}

static void a_session_without_room_is_refused(void **state)
{
    (void)state;
    uint32_t peer;
    struct fake *fake = open_session(&peer);
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC, .sync = {.has_range = true}};
    /* Of both parities only one is the peer's; ours takes one of its two places. */
    for (uint32_t number = 1000; number < 1004; number++) {
        frame.sync.session = number;
        say(fake, peer, &frame);
    }
    const struct trust_sync *last = &fake->last[TRUST_FRAME_SYNC].sync;
    assert_int_equal(fake->said[TRUST_FRAME_SYNC], 3);
    assert_true(last->session >= 1002);
    assert_int_equal(last->round, 1);
    assert_false(last->has_range);
    close_fake(fake);
}

/* A page without heads, of a session and round of the peer's choice; begins behind from unless 0.
 */
static void say_page(struct fake *fake, uint32_t peer, uint32_t session, uint32_t round,
                     uint32_t from)
{
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC};
    frame.sync = (struct trust_sync){
        .session = session, .round = round, .has_range = true, .has_from = from > 0};
    struct trust_writer writer = trust_writer_init(frame.sync.from.bytes, 4);
    trust_writer_put_be(&writer, from, 4);
    say(fake, peer, &frame);
}

/* A peer that opens all the sessions that it may; of both parities only one is its own. */
static uint32_t open_hoarder(struct fake *fake, uint64_t number)
{
    uint32_t peer = add_peer(fake, number, TRUST_PEER_CONFIGURED);
    link_up(fake, peer, number);
    for (uint32_t session = 1000; session < 1004; session++)
        say_page(fake, peer, session, 0, 0);
    return peer;
}

static void peers_that_hold_sessions_do_not_keep_another_out(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    struct trust_sessions *sessions = &fake->node.gossip->sessions;
    wish(fake, 1, TRUST_WANT_WEIGHT);
    uint32_t hoarders[8];
    for (uint32_t i = 0; i < 8; i++)
        hoarders[i] = open_hoarder(fake, 200 + i);
    pass(fake, TRUST_SESSION_YIELD_MS);
    uint32_t good = add_peer(fake, 300, TRUST_PEER_CONFIGURED);
    link_up(fake, good, 300);
    bool has_one = false;
    for (uint32_t second = 0; second < 20 && !has_one; second++) {
        for (uint32_t i = 0; i < 8; i++)
            for (uint32_t session = 1000; session < 1004; session++)
                say_page(fake, hoarders[i], session, 2 * second, second);
        pass(fake, 1000);
        has_one = trust_sessions_has_ours(sessions, good);
    }
    assert_true(has_one);
    close_fake(fake);
}

/* A machine to which peer 0 opened a session; returns its number. */
static struct fake *open_theirs(uint32_t *out_session)
{
    struct fake *fake = open_fake(true);
    uint32_t peer = open_hoarder(fake, 200);
    assert_int_equal(peer, 0);
    *out_session = 1000;
    if (trust_sessions_find(&fake->node.gossip->sessions, 0, 1000) == NULL)
        *out_session = 1001;
    trust_session_close(trust_sessions_find(&fake->node.gossip->sessions, 0, *out_session + 2));
    return fake;
}

static void a_repeated_page_is_no_progress_and_soon_bad_manners(void **state)
{
    (void)state;
    uint32_t number;
    struct fake *fake = open_theirs(&number);
    for (uint32_t i = 0; i < TRUST_SESSION_REPEATS_MAX; i++)
        say_page(fake, 0, number, 2 * i, 0);
    assert_int_equal(trust_peer_standing(peer_at(fake, 0), fake_now(fake).mono), 0);
    say_page(fake, 0, number, 20, 0);
    assert_int_equal(trust_peer_standing(peer_at(fake, 0), fake_now(fake).mono), -30);
    pass(fake, TRUST_SESSION_IDLE_MS - 1);
    assert_int_equal(trust_peer_standing(peer_at(fake, 0), fake_now(fake).mono), 0);
    say_page(fake, 0, number, 22, 1);
    pass(fake, TRUST_SESSION_IDLE_MS - 1);
    assert_non_null(trust_sessions_find(&fake->node.gossip->sessions, 0, number));
    say_page(fake, 0, number, 24, 1);
    pass(fake, 1);
    assert_null(trust_sessions_find(&fake->node.gossip->sessions, 0, number));
    close_fake(fake);
}

static void a_session_that_moves_on_without_records_has_an_end(void **state)
{
    (void)state;
    uint32_t number;
    struct fake *fake = open_theirs(&number);
    uint32_t pages = TRUST_SESSION_BARREN_MS / 20000;
    for (uint32_t page = 1; page < pages; page++) {
        pass(fake, 20000);
        say_page(fake, 0, number, 2 * page, page);
    }
    pass(fake, 19999);
    assert_non_null(trust_sessions_find(&fake->node.gossip->sessions, 0, number));
    assert_int_equal(trust_peer_standing(peer_at(fake, 0), fake_now(fake).mono), 0);
    pass(fake, 1);
    assert_null(trust_sessions_find(&fake->node.gossip->sessions, 0, number));
    assert_int_equal(trust_peer_standing(peer_at(fake, 0), fake_now(fake).mono), -30);
    close_fake(fake);
}

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_get_what_they_lack_on_connecting),
        cmocka_unit_test(nothing_new_costs_one_page_and_its_answer),
        cmocka_unit_test(sessions_come_every_minute_half_of_it_more_or_less),
        cmocka_unit_test(records_of_one_seq_take_several_answers),
        cmocka_unit_test(many_authors_take_many_pages_within_the_bound),
        cmocka_unit_test(a_broken_session_goes_on_where_it_stood),
        cmocka_unit_test(a_node_that_lost_everything_gets_it_back),
        cmocka_unit_test(a_new_wish_fetches_within_seconds),
        cmocka_unit_test(a_revocation_crosses_though_its_head_looks_older),
        cmocka_unit_test(only_the_answer_to_the_last_page_counts),
        cmocka_unit_test(what_is_not_answered_is_said_again_until_it_is_given_up),
        cmocka_unit_test(a_session_that_brought_news_is_soon_followed_by_another),
        cmocka_unit_test(a_session_without_room_is_refused),
        cmocka_unit_test(peers_that_hold_sessions_do_not_keep_another_out),
        cmocka_unit_test(a_repeated_page_is_no_progress_and_soon_bad_manners),
        cmocka_unit_test(a_session_that_moves_on_without_records_has_an_end),
    };
    return cmocka_run_group_tests_name("gossip/reconcile", tests, NULL, NULL);
}
