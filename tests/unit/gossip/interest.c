/* gossip/interest: what is wanted, what is told and heard, how wishes travel and die. */
#include "gossip/interest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/random.h"

#define CAPACITY 2048u
#define SIDES 4u

/* Tables of nodes; each knows the others by their number here. */
struct side {
    uint8_t *memory;
    struct trust_interest interest;
};

static struct side sides[SIDES];
static bool relays = true;

static struct trust_key key_of(uint64_t n)
{
    struct trust_key key = {{0}};
    uint64_t words[4] = {trust_random_mix(n), trust_random_mix(n + 1), n, 0};
    memcpy(key.bytes, words, sizeof words);
    return key;
}

static void open_side(struct side *side, uint64_t seed)
{
    struct trust_siphash_key secret = {.low = seed, .high = 1};
    struct trust_arena arena = {0};
    trust_interest_init(&side->interest, &arena, CAPACITY, secret, relays);
    size_t size = arena.size;
    side->memory = calloc(1, size);
    assert_non_null(side->memory);
    arena = (struct trust_arena){.memory = side->memory, .capacity = size};
    trust_interest_init(&side->interest, &arena, CAPACITY, secret, relays);
    for (uint32_t peer = 0; peer < SIDES; peer++)
        trust_interest_add_peer(&side->interest, peer, true);
}

static int open_sides(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < SIDES; i++)
        open_side(&sides[i], i + 1);
    return 0;
}

static int close_sides(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < SIDES; i++)
        free(sides[i].memory);
    return 0;
}

static void want(uint32_t side, uint64_t author, uint8_t wants)
{
    struct trust_key key = key_of(author);
    assert_int_equal(trust_interest_want(&sides[side].interest, &key, wants), TRUST_OK);
}

static bool is_wanted(uint32_t side, uint64_t author, enum trust_kind kind)
{
    struct trust_key key = key_of(author);
    uint32_t entry;
    return trust_interest_find(&sides[side].interest, &entry, &key) &&
           trust_interest_is_wanted(&sides[side].interest, entry, kind);
}

/* What `side` hears `from` ask for: 0 no, else distance + 1. */
static uint8_t asked(uint32_t side, uint32_t from, uint64_t author)
{
    struct trust_key key = key_of(author);
    uint32_t entry;
    if (!trust_interest_find(&sides[side].interest, &entry, &key))
        return 0;
    return trust_interest_asked(&sides[side].interest, entry, from);
}

/* Tells everything in frames of so many bytes; returns the last verdict of the other side, and
 * loses frame number `lost`. */
static enum trust_error tell(uint32_t from, uint32_t to, size_t size, uint32_t lost)
{
    uint8_t buffer[4096];
    struct trust_writer writer = trust_writer_init(buffer, size);
    struct trust_interest_delta delta;
    enum trust_error verdict = TRUST_OK;
    for (uint32_t i = 0; trust_interest_tell(&sides[from].interest, &delta, to, &writer); i++) {
        if (i != lost)
            verdict = trust_interest_hear(&sides[to].interest, from, &delta);
        writer = trust_writer_init(buffer, size);
    }
    return verdict;
}

static enum trust_error tell_all(uint32_t from, uint32_t to)
{
    return tell(from, to, 4096, UINT32_MAX);
}

static void wants_decide_what_is_admitted(void **state)
{
    (void)state;
    assert_false(is_wanted(0, 1, TRUST_KIND_RATING));
    want(0, 1, TRUST_WANT_WEIGHT);
    assert_true(is_wanted(0, 1, TRUST_KIND_RATING));
    want(0, 1, TRUST_WANT_REVOKED);
    assert_false(is_wanted(0, 1, TRUST_KIND_RATING));
    assert_true(is_wanted(0, 1, TRUST_KIND_REVOCATION));
    want(0, 1, 0);
    assert_false(is_wanted(0, 1, TRUST_KIND_REVOCATION));
    assert_int_equal(sides[0].interest.table.count, 0);
    assert_int_equal(sides[0].interest.peers_count, 0);
}

static void changes_arrive_as_deltas(void **state)
{
    (void)state;
    for (uint64_t author = 0; author < 100; author++)
        want(0, author, TRUST_WANT_WEIGHT);
    /* 3 authors a frame, so the list takes many. */
    assert_int_equal(tell(0, 1, 100, UINT32_MAX), TRUST_OK);
    assert_int_equal(sides[1].interest.peers[0].asked.count, 100);
    want(0, 7, 0);
    want(0, 200, TRUST_WANT_NAMED);
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    assert_int_equal(sides[1].interest.peers[0].asked.count, 100);
    assert_int_equal(asked(1, 0, 7), 0);
    assert_int_equal(asked(1, 0, 200), 1);
    assert_int_equal(asked(1, 0, 8), 1);
}

static void told_peers_need_no_frame(void **state)
{
    (void)state;
    uint8_t buffer[100];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    struct trust_interest_delta delta;
    want(0, 1, TRUST_WANT_WEIGHT);
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    assert_false(trust_interest_tell(&sides[0].interest, &delta, 1, &writer));
    trust_interest_touch(&sides[0].interest, 1);
    assert_true(trust_interest_tell(&sides[0].interest, &delta, 1, &writer));
    assert_int_equal(delta.added.size, 0);
    assert_int_equal(delta.count, 1);
    assert_int_equal(trust_interest_hear(&sides[1].interest, 0, &delta), TRUST_OK);
}

static void a_lost_delta_is_noticed_and_made_up_for(void **state)
{
    (void)state;
    for (uint64_t author = 0; author < 30; author++)
        want(0, author, TRUST_WANT_WEIGHT);
    assert_int_equal(tell(0, 1, 100, 4), TRUST_NO_CONFLICT);
    assert_int_equal(sides[1].interest.peers[0].asked.count, 27);
    uint64_t epoch = sides[1].interest.peers[0].asked.epoch;
    trust_interest_retell(&sides[0].interest, 1);
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    assert_int_equal(sides[1].interest.peers[0].asked.count, 30);
    assert_int_not_equal(sides[1].interest.peers[0].asked.epoch, epoch);
}

static void a_new_epoch_starts_from_nothing(void **state)
{
    (void)state;
    want(0, 1, TRUST_WANT_WEIGHT);
    want(0, 2, TRUST_WANT_WEIGHT);
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    want(0, 1, 0);
    trust_interest_retell(&sides[0].interest, 1);
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    assert_int_equal(asked(1, 0, 1), 0);
    assert_int_equal(asked(1, 0, 2), 1);
    assert_int_equal(sides[1].interest.table.count, 1);
}

static void a_wish_travels_four_links_and_never_back(void **state)
{
    (void)state;
    want(0, 1, TRUST_WANT_NAMED);
    /* Side 1 is asked by 0 and tells 2 and, by split horizon, not 0. */
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    assert_int_equal(tell_all(1, 2), TRUST_OK);
    assert_int_equal(tell_all(1, 0), TRUST_OK);
    assert_int_equal(asked(1, 0, 1), 1);
    assert_int_equal(asked(2, 1, 1), 2);
    assert_int_equal(asked(0, 1, 1), 0);
    assert_true(is_wanted(2, 1, TRUST_KIND_RATING));
    assert_int_equal(tell_all(2, 3), TRUST_OK);
    assert_int_equal(asked(3, 2, 1), 3);
    /* The others stand in for a fourth and a fifth link. */
    assert_int_equal(tell_all(3, 0), TRUST_OK);
    assert_int_equal(asked(0, 3, 1), 4);
    want(0, 1, 0);
    assert_int_equal(tell_all(0, 2), TRUST_OK);
    assert_int_equal(asked(2, 0, 1), 5);
    trust_interest_remove_peer(&sides[2].interest, 1);
    trust_interest_add_peer(&sides[2].interest, 1, true);
    assert_int_equal(tell_all(2, 1), TRUST_OK);
    assert_int_equal(asked(1, 2, 1), 0);
}

static void a_wish_that_nobody_holds_dies_in_a_ring(void **state)
{
    (void)state;
    want(0, 1, TRUST_WANT_NAMED);
    for (int round = 0; round < 3; round++)
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(tell_all(i, (i + 1) % 3), TRUST_OK);
            assert_int_equal(tell_all(i, (i + 2) % 3), TRUST_OK);
        }
    assert_true(is_wanted(1, 1, TRUST_KIND_RATING));
    assert_true(is_wanted(2, 1, TRUST_KIND_RATING));
    want(0, 1, 0);
    for (int round = 0; round < TRUST_RELAY_HOPS_MAX + 1; round++)
        for (uint32_t i = 0; i < 3; i++) {
            assert_int_equal(tell_all(i, (i + 1) % 3), TRUST_OK);
            assert_int_equal(tell_all(i, (i + 2) % 3), TRUST_OK);
        }
    for (uint32_t i = 0; i < 3; i++) {
        assert_false(is_wanted(i, 1, TRUST_KIND_RATING));
        assert_int_equal(sides[i].interest.table.count, 0);
    }
}

static void wishes_of_newcomers_are_heard_but_not_relayed(void **state)
{
    (void)state;
    trust_interest_configure_peer(&sides[1].interest, 0, false);
    want(0, 1, TRUST_WANT_NAMED);
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    assert_int_equal(asked(1, 0, 1), 1);
    assert_false(is_wanted(1, 1, TRUST_KIND_RATING));
    assert_int_equal(tell_all(1, 2), TRUST_OK);
    assert_int_equal(asked(2, 1, 1), 0);
    trust_interest_configure_peer(&sides[1].interest, 0, true);
    assert_true(is_wanted(1, 1, TRUST_KIND_RATING));
    assert_int_equal(tell_all(1, 2), TRUST_OK);
    assert_int_equal(asked(2, 1, 1), 2);
}

/* One peer asks for authors from..upto-1. */
static enum trust_error ask_many(uint32_t side, uint32_t peer, uint64_t from, uint64_t upto)
{
    enum trust_error verdict = TRUST_OK;
    for (uint64_t author = from; author < upto; author++) {
        uint8_t item[33] = {0};
        struct trust_key key = key_of(author);
        memcpy(item, key.bytes, 32);
        struct trust_interest_delta delta = {.epoch = 1, .added = {item, sizeof item}};
        verdict = trust_interest_hear(&sides[side].interest, peer, &delta);
    }
    return verdict;
}

static void no_peer_fills_the_table(void **state)
{
    (void)state;
    uint32_t quarter = CAPACITY / 4;
    assert_int_equal(ask_many(0, 1, 1000, 4000), TRUST_NO_ROOM);
    assert_int_equal(sides[0].interest.peers[1].asked.count, quarter);
    /* What is divided evenly is left to the others. */
    assert_int_equal(ask_many(0, 2, 5000, 6000), TRUST_NO_ROOM);
    assert_int_equal(sides[0].interest.peers[2].asked.count, quarter / TRUST_PEERS_MAX);
    /* And half of the table to the owner. */
    for (uint64_t author = 10000; author < 10000 + CAPACITY / 2; author++)
        want(0, author, TRUST_WANT_WEIGHT);
    trust_interest_remove_peer(&sides[0].interest, 1);
    assert_int_equal(sides[0].interest.peers_count, quarter / TRUST_PEERS_MAX);
    trust_interest_remove_peer(&sides[0].interest, 2);
    assert_int_equal(sides[0].interest.table.count, CAPACITY / 2);
    assert_int_equal(sides[0].interest.peers_count, 0);
}

static void a_full_table_refuses_a_want(void **state)
{
    (void)state;
    for (uint64_t author = 0; author < CAPACITY; author++)
        want(0, author, TRUST_WANT_WEIGHT);
    struct trust_key key = key_of(CAPACITY);
    assert_int_equal(trust_interest_want(&sides[0].interest, &key, TRUST_WANT_NAMED),
                     TRUST_NO_ROOM);
    want(0, 5, 0);
    assert_int_equal(trust_interest_want(&sides[0].interest, &key, TRUST_WANT_NAMED), TRUST_OK);
}

static void a_peer_is_told_no_more_than_it_keeps(void **state)
{
    (void)state;
    assert_int_equal(ask_many(0, 2, 500, 600), TRUST_NO_CONFLICT);
    for (uint64_t author = 0; author < 100; author++)
        want(0, author, TRUST_WANT_WEIGHT);
    trust_interest_limit(&sides[0].interest, 1, 40);
    assert_int_equal(tell_all(0, 1), TRUST_OK);
    assert_int_equal(sides[1].interest.peers[0].asked.count, 40);
    uint32_t own = 0;
    for (uint64_t author = 0; author < 100; author++)
        own += asked(1, 0, author) == 1;
    /* Wishes that are passed on leave half of the room to our own. */
    assert_int_equal(own, 20);
}

static void an_author_has_its_quota_each_day(void **state)
{
    (void)state;
    want(0, 1, TRUST_WANT_WEIGHT);
    struct trust_key key = key_of(1);
    uint32_t entry;
    struct trust_interest *interest = &sides[0].interest;
    assert_true(trust_interest_find(interest, &entry, &key));
    for (uint32_t i = 0; i < TRUST_AUTHOR_DAY_MAX; i++)
        assert_true(trust_interest_take_day(interest, entry, 100));
    assert_false(trust_interest_take_day(interest, entry, 100));
    trust_interest_give_day(interest, entry);
    assert_true(trust_interest_take_day(interest, entry, 100));
    assert_true(trust_interest_is_day_used_up(interest, entry, 100));
    assert_true(trust_interest_take_day(interest, entry, 101));
}

static void what_a_peer_asks_for_can_be_walked(void **state)
{
    (void)state;
    (void)ask_many(0, 1, 10, 15);
    (void)ask_many(0, 2, 12, 20);
    uint32_t cursor = 0;
    uint32_t entry;
    uint32_t count = 0;
    for (; trust_interest_next_asked(&sides[0].interest, &entry, &cursor, 1); count++)
        assert_int_equal(trust_interest_asked(&sides[0].interest, entry, 1), 1);
    assert_int_equal(count, 5);
    struct trust_key key = key_of(12);
    assert_true(trust_interest_find(&sides[0].interest, &entry, &key));
    assert_int_equal(trust_interest_askers(&sides[0].interest, entry), 6);
    assert_int_equal(trust_interest_relayed_for(&sides[0].interest, entry), 6);
    want(0, 12, TRUST_WANT_WEIGHT);
    assert_int_equal(trust_interest_relayed_for(&sides[0].interest, entry), 0);
}

#define ON_FRESH_TABLES(test) cmocka_unit_test_setup_teardown(test, open_sides, close_sides)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_FRESH_TABLES(wants_decide_what_is_admitted),
        ON_FRESH_TABLES(changes_arrive_as_deltas),
        ON_FRESH_TABLES(told_peers_need_no_frame),
        ON_FRESH_TABLES(a_lost_delta_is_noticed_and_made_up_for),
        ON_FRESH_TABLES(a_new_epoch_starts_from_nothing),
        ON_FRESH_TABLES(a_wish_travels_four_links_and_never_back),
        ON_FRESH_TABLES(a_wish_that_nobody_holds_dies_in_a_ring),
        ON_FRESH_TABLES(wishes_of_newcomers_are_heard_but_not_relayed),
        ON_FRESH_TABLES(no_peer_fills_the_table),
        ON_FRESH_TABLES(a_full_table_refuses_a_want),
        ON_FRESH_TABLES(a_peer_is_told_no_more_than_it_keeps),
        ON_FRESH_TABLES(an_author_has_its_quota_each_day),
        ON_FRESH_TABLES(what_a_peer_asks_for_can_be_walked),
    };
    return cmocka_run_group_tests_name("gossip/interest", tests, NULL, NULL);
}
