/* gossip/exchange: what a difference makes us pull, how answers are taken in and given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake.h"
#include "gossip/gossip.h"
#include "gossip/machine.h"

/* Key numbers whose keys are greater and less than that of the machine under test. */
static uint64_t number_of_parity(const struct fake *fake, bool is_greater)
{
    uint64_t number = 77;
    for (;; number++) {
        struct trust_key key = key_of(number);
        if ((memcmp(key.bytes, fake->node.key.bytes, 32) > 0) == is_greater)
            return number;
    }
}

/* A peer of the greater key is up, was told and asks for author 1: its sessions have even numbers.
 */
static uint32_t open_peer(struct fake *fake)
{
    uint64_t number = number_of_parity(fake, true);
    uint32_t peer = add_peer(fake, number, TRUST_PEER_CONFIGURED);
    wish(fake, 1, TRUST_WANT_WEIGHT);
    link_up(fake, peer, number);
    uint8_t item[33] = {0};
    struct trust_key key = key_of(1);
    memcpy(item, key.bytes, 32);
    struct trust_siphash_key lanes[2] = {{0, 0}, {0, 1}};
    struct trust_frame frame = {.type = TRUST_FRAME_INTEREST,
                                .interest = {.epoch = 3, .count = 1, .added = {item, 33}}};
    struct trust_writer writer = trust_writer_init(frame.interest.digest, 16);
    for (int lane = 0; lane < 2; lane++)
        trust_writer_put_be(
            &writer, trust_siphash(&lanes[lane], (struct trust_bytes){item, sizeof item}), 8);
    say(fake, peer, &frame);
    assert_true(peer_at(fake, peer)->link.has_heard);
    return peer;
}

static uint8_t packed[65536];

/* The peer opens a session, or goes on with one, and lists one head of author 1. */
static void list_head(struct fake *fake, uint32_t peer, uint32_t session, struct trust_head head)
{
    struct trust_wire_head item = {.author = key_of(1), .head = head};
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    trust_list_put_head(&writer, &item);
    struct trust_frame frame = {.type = TRUST_FRAME_SYNC};
    frame.sync = (struct trust_sync){.session = session,
                                     .has_range = true,
                                     .heads = {.packed = trust_writer_bytes(&writer), .count = 1}};
    say(fake, peer, &frame);
}

static struct trust_pull_range asked_range(const struct fake *fake)
{
    struct trust_reader reader = trust_reader_init(fake->last[TRUST_FRAME_PULL].pull.ranges.packed);
    struct trust_pull_range range;
    assert_true(trust_list_next_range(&range, &reader));
    return range;
}

/* What the peer answers to a pull. */
struct given {
    uint32_t session;
    const struct statement *statements;
    uint32_t count;
    bool more;
};

static void give(struct fake *fake, uint32_t peer, struct given given)
{
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    for (uint32_t i = 0; i < given.count; i++)
        trust_list_put_record(&writer, bytes_of(&given.statements[i]));
    struct trust_frame frame = {.type = TRUST_FRAME_RECORDS};
    frame.records = (struct trust_records){
        .session = given.session,
        .records = {.packed = trust_writer_bytes(&writer), .count = given.count},
        .more = given.more};
    say(fake, peer, &frame);
}

static void a_head_that_is_ahead_is_pulled_from_where_we_stand(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    list_head(fake, peer, 2,
              (struct trust_head){.seq = START_WALL_MS + 9, .count = 2, .digest = {1}});
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    assert_int_equal(asked_range(fake).from_seq, START_WALL_MS);
    assert_int_equal(asked_range(fake).to_seq, START_WALL_MS + 9);
    close_fake(fake);
}

static void a_head_that_is_ahead_but_has_fewer_records_is_pulled_whole(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    hold(fake, rate(1, 2, START_WALL_MS, 500));
    list_head(fake, peer, 2,
              (struct trust_head){.seq = START_WALL_MS + 9, .count = 1, .digest = {1}});
    assert_int_equal(asked_range(fake).from_seq, 0);
    close_fake(fake);
}

static void what_a_pull_by_sequence_did_not_mend_is_pulled_whole_soon(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    struct statement known = rate(1, 1, START_WALL_MS, 500);
    hold(fake, known);
    struct trust_head head = {.seq = START_WALL_MS + 9, .count = 2, .digest = {1}};
    list_head(fake, peer, 2, head);
    assert_int_equal(asked_range(fake).from_seq, START_WALL_MS);
    give(fake, peer, (struct given){2, &known, 1, false});
    struct trust_frame end = {.type = TRUST_FRAME_SYNC, .sync = {.session = 2, .round = 2}};
    uint64_t soon_ms = fake_now(fake).mono.ms + TRUST_SYNC_GAP_MS;
    pass(fake, 10000);
    say(fake, peer, &end);
    assert_true(peer_at(fake, peer)->link.sync_ms <= soon_ms + 10000);
    list_head(fake, peer, 4, head);
    assert_int_equal(asked_range(fake).from_seq, 0);
    close_fake(fake);
}

static void other_differences_are_pulled_whole(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    list_head(fake, peer, 2, (struct trust_head){.seq = START_WALL_MS, .count = 2, .digest = {1}});
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    assert_int_equal(asked_range(fake).from_seq, 0);
    close_fake(fake);
    fake = open_fake(true);
    peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    list_head(fake, peer, 2, (struct trust_head){.seq = START_WALL_MS, .count = 1, .digest = {1}});
    assert_int_equal(asked_range(fake).from_seq, 0);
    close_fake(fake);
}

static void a_peer_that_looks_behind_is_given_one_session_to_catch_up(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    struct trust_head behind = {.seq = START_WALL_MS - 1, .count = 50, .digest = {1}};
    list_head(fake, peer, 2, behind);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 0);
    list_head(fake, peer, 4, behind);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    assert_int_equal(asked_range(fake).from_seq, 0);
    close_fake(fake);
    fake = open_fake(true);
    peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    /* Of few records it may be a revocation. */
    behind.count = 1;
    list_head(fake, peer, 2, behind);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    close_fake(fake);
}

static void equal_heads_and_strangers_are_not_pulled(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    struct trust_key key = key_of(1);
    uint32_t author;
    assert_true(trust_keys_find(&fake->node.keys, &author, &key));
    list_head(fake, peer, 2, trust_ledger_head(&fake->node.ledger, author));
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 0);
    close_fake(fake);
    /* Without relaying, whom we do not want is a stranger, whoever asks for it. */
    fake = open_fake(false);
    peer = open_peer(fake);
    wish(fake, 1, 0);
    list_head(fake, peer, 2, (struct trust_head){.seq = START_WALL_MS, .count = 1, .digest = {1}});
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 0);
    close_fake(fake);
}

static void a_pull_that_brought_nothing_is_not_repeated(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    struct trust_head lie = {.seq = START_WALL_MS, .count = 1, .digest = {1}};
    list_head(fake, peer, 2, lie);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    struct statement known = rate(1, 1, START_WALL_MS, 500);
    give(fake, peer, (struct given){2, &known, 1, false});
    list_head(fake, peer, 4, lie);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    lie.digest[0] = 2;
    list_head(fake, peer, 4, lie);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 2);
    close_fake(fake);
}

static void what_was_deferred_is_pulled_again(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    struct trust_head head = {.seq = START_WALL_MS + 700000, .count = 1, .digest = {1}};
    list_head(fake, peer, 2, head);
    struct statement early = rate(1, 1, START_WALL_MS + 700000, 500);
    give(fake, peer, (struct given){2, &early, 1, false});
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_TIME], 1);
    list_head(fake, peer, 4, head);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 2);
    close_fake(fake);
}

/* Peer and node end a session of that number, whose first page was answered. */
static void end_theirs(struct fake *fake, uint32_t peer, uint32_t session)
{
    struct trust_frame end = {.type = TRUST_FRAME_SYNC, .sync = {.session = session, .round = 2}};
    say(fake, peer, &end);
}

static void what_is_early_opens_no_session_of_its_own(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    uint64_t at_ms = START_WALL_MS + 700000;
    list_head(fake, peer, 2, (struct trust_head){.seq = at_ms, .count = 1, .digest = {1}});
    struct statement early = rate(1, 1, at_ms, 500);
    fake->node.gossip->peers[peer].link.sync_ms = TRUST_NEVER_MS;
    give(fake, peer, (struct given){2, &early, 1, false});
    end_theirs(fake, peer, 2);
    assert_int_not_equal(peer_at(fake, peer)->synced_ms, 0);
    assert_true(peer_at(fake, peer)->link.sync_ms == TRUST_NEVER_MS);
    close_fake(fake);
}

static void what_is_far_ahead_is_pulled_once_an_hour(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    uint64_t at_ms = START_WALL_MS + TRUST_SKEW_S * UINT64_C(1000) + TRUST_FUTILE_MS + 1;
    struct trust_head head = {.seq = at_ms, .count = 1, .digest = {1}};
    struct statement far = rate(1, 1, at_ms, 500);
    list_head(fake, peer, 2, head);
    give(fake, peer, (struct given){2, &far, 1, false});
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_TIME], 1);
    end_theirs(fake, peer, 2);
    list_head(fake, peer, 4, head);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 1);
    end_theirs(fake, peer, 4);
    fake->now_ms += TRUST_FUTILE_MS;
    list_head(fake, peer, 6, head);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 2);
    give(fake, peer, (struct given){6, &far, 1, false});
    /* It has come of age all but a millisecond, and is asked for until it has. */
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_TIME], 2);
    end_theirs(fake, peer, 6);
    fake->now_ms += 1;
    list_head(fake, peer, 8, head);
    give(fake, peer, (struct given){8, &far, 1, false});
    assert_int_equal(fake->verify_count, 1);
    close_fake(fake);
}

static void a_cut_answer_is_gone_on_with(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    list_head(fake, peer, 2,
              (struct trust_head){.seq = START_WALL_MS + 9, .count = 2, .digest = {1}});
    struct statement first = rate(1, 1, START_WALL_MS, 500);
    give(fake, peer, (struct given){2, &first, 1, true});
    assert_int_equal(fake->verify_count, 1);
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 2);
    assert_int_equal(asked_range(fake).from_seq, START_WALL_MS);
    assert_true(asked_range(fake).has_after);
    struct trust_id id;
    trust_record_id(&id, bytes_of(&first), &fake->node.network);
    assert_memory_equal(asked_range(fake).after.bytes, id.bytes, 32);
    /* The same record again is no progress, and the session is over. */
    give(fake, peer, (struct given){2, &first, 1, true});
    assert_int_equal(fake->said[TRUST_FRAME_PULL], 2);
    assert_int_equal(trust_peer_standing(peer_at(fake, peer), fake_now(fake).mono), -30);
    close_fake(fake);
}

static void records_that_were_not_asked_for_are_not_looked_at(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    struct statement statements[] = {rate(2, 1, START_WALL_MS, 500),
                                     rate(1, 1, START_WALL_MS, 500)};
    give(fake, peer, (struct given){2, statements, 2, false});
    assert_int_equal(fake->verify_count, 0);
    list_head(fake, peer, 2, (struct trust_head){.seq = START_WALL_MS, .count = 2, .digest = {1}});
    give(fake, peer, (struct given){4, statements, 2, false});
    assert_int_equal(fake->verify_count, 0);
    wish(fake, 2, TRUST_WANT_WEIGHT);
    give(fake, peer, (struct given){2, statements, 2, false});
    assert_int_equal(fake->verify_count, 1);
    assert_int_equal(peer_at(fake, peer)->counters.refused[TRUST_NO_INTEREST], 1);
    close_fake(fake);
}

static void pull_of(struct fake *fake, uint32_t peer, uint32_t session)
{
    struct trust_pull_range range = {.author = key_of(1), .to_seq = UINT64_MAX};
    struct trust_writer writer = trust_writer_init(packed, sizeof packed);
    trust_list_put_range(&writer, &range);
    struct trust_frame frame = {.type = TRUST_FRAME_PULL};
    frame.pull = (struct trust_pull){.session = session,
                                     .ranges = {.packed = trust_writer_bytes(&writer), .count = 1}};
    say(fake, peer, &frame);
}

static void answer_read(struct fake *fake)
{
    static uint8_t buffer[TRUST_PULL_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    struct trust_loaded loaded = load(&fake->node, &fake->read, &writer);
    trust_gossip_handle_loaded(fake->node.gossip, &loaded, fake_now(fake));
    see(fake);
}

static void a_pull_is_answered_within_a_session_only(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    hold(fake, rate(1, 1, START_WALL_MS, 500));
    pull_of(fake, peer, 2);
    assert_int_equal(fake->read_count, 0);
    list_head(fake, peer, 2, (struct trust_head){.seq = START_WALL_MS, .count = 1, .digest = {1}});
    pull_of(fake, peer, 2);
    assert_int_equal(fake->read_count, 1);
    /* One at a time. */
    pull_of(fake, peer, 2);
    assert_int_equal(fake->read_count, 1);
    answer_read(fake);
    assert_int_equal(fake->said[TRUST_FRAME_RECORDS], 1);
    assert_int_equal(fake->last[TRUST_FRAME_RECORDS].records.records.count, 1);
    assert_false(fake->last[TRUST_FRAME_RECORDS].records.more);
    answer_read(fake);
    assert_int_equal(fake->said[TRUST_FRAME_RECORDS], 1);
    assert_int_equal(peer_at(fake, peer)->counters.records_out, 1);
    close_fake(fake);
}

static void answers_wait_for_the_peer_s_bytes(void **state)
{
    (void)state;
    struct fake *fake = open_fake(true);
    uint32_t peer = open_peer(fake);
    for (uint64_t i = 0; i < 300; i++)
        hold(fake, rate(1, i, START_WALL_MS + i, 500));
    list_head(fake, peer, 2, (struct trust_head){.seq = START_WALL_MS, .count = 1, .digest = {1}});
    uint32_t pulls = 0;
    do {
        uint32_t said = fake->said[TRUST_FRAME_RECORDS];
        pull_of(fake, peer, 2);
        answer_read(fake);
        if (fake->said[TRUST_FRAME_RECORDS] == said)
            break;
    } while (++pulls < 2000);
    /* The burst of 32 MiB is used up by answers of 48 KiB; the rate brings the next one soon. */
    assert_true(pulls > 600);
    assert_true(pulls < 800);
    pass(fake, 10);
    assert_int_equal(fake->said[TRUST_FRAME_RECORDS], pulls + 1);
    close_fake(fake);
}

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_that_is_ahead_is_pulled_from_where_we_stand),
        cmocka_unit_test(a_head_that_is_ahead_but_has_fewer_records_is_pulled_whole),
        cmocka_unit_test(what_a_pull_by_sequence_did_not_mend_is_pulled_whole_soon),
        cmocka_unit_test(other_differences_are_pulled_whole),
        cmocka_unit_test(a_peer_that_looks_behind_is_given_one_session_to_catch_up),
        cmocka_unit_test(equal_heads_and_strangers_are_not_pulled),
        cmocka_unit_test(a_pull_that_brought_nothing_is_not_repeated),
        cmocka_unit_test(what_was_deferred_is_pulled_again),
        cmocka_unit_test(what_is_early_opens_no_session_of_its_own),
        cmocka_unit_test(what_is_far_ahead_is_pulled_once_an_hour),
        cmocka_unit_test(a_cut_answer_is_gone_on_with),
        cmocka_unit_test(records_that_were_not_asked_for_are_not_looked_at),
        cmocka_unit_test(a_pull_is_answered_within_a_session_only),
        cmocka_unit_test(answers_wait_for_the_peer_s_bytes),
    };
    return cmocka_run_group_tests_name("gossip/exchange", tests, NULL, NULL);
}
