/*
 * record/ledger: the join, as a property. Thousands of generated histories of a few authors, with
 * equivocations, third ids, other signatures on the same id, revocations of all reasons, floors
 * and ended places, are fed in many orders, duplicated, split between two ledgers that then load
 * what the other stored. Every one must end as a plain computation over the whole set says, and a
 * store and a scorer that only follow the effects must hold the same.
 */
#include "record/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "ledger_expected.h"
#include "ledger_mirror.h"

static const uint64_t seed = 20261120;

/* What a sweep or a drop applies. */
static const struct trust_claim nothing;

static void assert_state(const struct fixture *fixture, const struct state *expected)
{
    static struct state actual;
    read_state(&actual, fixture);
    assert_int_equal(actual.count, expected->count);
    assert_memory_equal(actual.entries, expected->entries, sizeof actual.entries);
    for (uint32_t n = 0; n < AUTHORS; n++) {
        assert_int_equal(actual.heads[n].seq, expected->heads[n].seq);
        assert_int_equal(actual.heads[n].count, expected->heads[n].count);
        assert_memory_equal(actual.heads[n].digest, expected->heads[n].digest, 32);
        for (int class_ = 0; class_ < TRUST_REGISTER_CLASSES; class_++) {
            assert_int_equal(actual.floors[n][class_].seq, expected->floors[n][class_].seq);
            assert_memory_equal(&actual.floors[n][class_].place, &expected->floors[n][class_].place,
                                16);
        }
    }
}

/* A node: a ledger and what follows it. */
struct node {
    struct fixture *fixture;
    struct mirror mirror;
};

static void offer(struct node *node, const struct trust_claim *claim, struct trust_wall now)
{
    enum trust_error verdict = trust_ledger_judge(&node->fixture->ledger, claim, now);
    if (verdict != TRUST_OK) {
        assert_true(verdict == TRUST_NO_OLDER || verdict == TRUST_NO_DUPLICATE ||
                    verdict == TRUST_NO_REVOKED);
        return;
    }
    assert_int_equal(trust_ledger_apply(&node->fixture->ledger, &node->fixture->effects, claim),
                     TRUST_OK);
    follow_all(&node->mirror, node->fixture, claim);
    assert_int_equal(trust_ledger_judge(&node->fixture->ledger, claim, now),
                     trust_ledger_apply(&node->fixture->ledger, &node->fixture->effects, claim));
}

static void sweep(struct node *node, uint32_t budget, struct trust_wall now)
{
    bool is_over;
    (void)trust_ledger_sweep(&node->fixture->ledger, &node->fixture->effects, &is_over, budget,
                             now);
    follow_all(&node->mirror, node->fixture, &nothing);
}

static void sweep_all(struct node *node, struct trust_wall now)
{
    bool is_over = false;
    node->fixture->ledger.sweep_author = 0;
    while (!is_over) {
        (void)trust_ledger_sweep(&node->fixture->ledger, &node->fixture->effects, &is_over, 1, now);
        follow_all(&node->mirror, node->fixture, &nothing);
    }
}

static void shuffle(struct history *history, struct trust_random *random)
{
    for (uint32_t i = history->count; i > 1; i--) {
        uint32_t j = (uint32_t)trust_random_below(random, i);
        struct trust_claim claim = history->claims[i - 1];
        history->claims[i - 1] = history->claims[j];
        history->claims[j] = claim;
    }
}

/* The whole history in a fresh order, some of it again and again, with sweeps in between. */
static void feed(struct node *node, const struct history *history, struct trust_random *random)
{
    static struct history order;
    order = *history;
    shuffle(&order, random);
    for (uint32_t i = 0; i < order.count; i++) {
        offer(node, &order.claims[i], history->now);
        if (trust_random_below(random, 3) == 0)
            offer(node, &order.claims[trust_random_below(random, i + 1)], history->now);
        if (trust_random_below(random, 16) == 0)
            sweep(node, 2, history->now);
    }
}

/* Loads what the other stored, as a node does at its start: past the clock's rules. */
static void load(struct node *node, const struct mirror *other)
{
    for (uint32_t i = 0; i < other->stored_count; i++) {
        if (trust_ledger_apply(&node->fixture->ledger, &node->fixture->effects,
                               &other->stored[i]) == TRUST_OK)
            follow_all(&node->mirror, node->fixture, &other->stored[i]);
    }
}

static void open_node(struct node *node)
{
    memset(node, 0, sizeof *node);
    node->fixture = fixture_open_with(&limits, 16);
}

static void every_order_of_a_history_ends_in_the_same_state(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(seed);
    static struct history history;
    static struct state expected;
    static struct node node;
    for (int trial = 0; trial < 1500; trial++) {
        make_history(&history, &random);
        expect_state(&expected, &history);
        for (int order = 0; order < 3; order++) {
            open_node(&node);
            feed(&node, &history, &random);
            sweep_all(&node, history.now);
            assert_state(node.fixture, &expected);
            assert_mirror(&node.mirror, node.fixture);
            fixture_close(node.fixture);
        }
    }
}

static void halves_that_load_what_the_other_stored_end_in_the_state_of_the_whole(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(seed + 1);
    static struct history whole;
    static struct history halves[2];
    static struct state expected;
    static struct node nodes[2];
    for (int trial = 0; trial < 1500; trial++) {
        make_history(&whole, &random);
        expect_state(&expected, &whole);
        for (int side = 0; side < 2; side++) {
            halves[side] = (struct history){.now = whole.now};
            open_node(&nodes[side]);
        }
        for (uint32_t i = 0; i < whole.count; i++) {
            struct history *half = &halves[trust_random_below(&random, 2)];
            half->claims[half->count++] = whole.claims[i];
        }
        for (int side = 0; side < 2; side++)
            feed(&nodes[side], &halves[side], &random);
        struct mirror first = nodes[0].mirror;
        load(&nodes[0], &nodes[1].mirror);
        load(&nodes[1], &first);
        for (int side = 0; side < 2; side++) {
            sweep_all(&nodes[side], whole.now);
            assert_state(nodes[side].fixture, &expected);
            assert_mirror(&nodes[side].mirror, nodes[side].fixture);
            fixture_close(nodes[side].fixture);
        }
    }
}

static void records_stored_before_their_places_ended_leave_by_the_sweep(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(seed + 2);
    static struct history history;
    static struct state expected;
    static struct node node;
    for (int trial = 0; trial < 500; trial++) {
        make_history(&history, &random);
        struct trust_wall end = history.now;
        /* Nothing has ended while it comes in; then the clock goes on. */
        history.now = (struct trust_wall){.ms = (MIDNIGHT_S + 10 * DAY_S) * 1000};
        open_node(&node);
        feed(&node, &history, &random);
        expect_state(&expected, &history);
        assert_state(node.fixture, &expected);
        history.now = end;
        expect_state(&expected, &history);
        sweep_all(&node, end);
        assert_state(node.fixture, &expected);
        assert_mirror(&node.mirror, node.fixture);
        fixture_close(node.fixture);
    }
}

static void dropped_authors_leave_nothing_but_their_revocations(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(seed + 3);
    static struct history history;
    static struct node node;
    static struct state before;
    for (int trial = 0; trial < 500; trial++) {
        make_history(&history, &random);
        open_node(&node);
        feed(&node, &history, &random);
        read_state(&before, node.fixture);
        uint32_t expected = 0;
        for (uint32_t i = 0; i < before.count; i++)
            expected += before.entries[i].kind == TRUST_KIND_REVOCATION ? 1 : 0;
        for (uint8_t author = 1; author <= AUTHORS; author++) {
            trust_ledger_drop(&node.fixture->ledger, &node.fixture->effects,
                              author_of(node.fixture, author));
            follow_all(&node.mirror, node.fixture, &nothing);
        }
        assert_mirror(&node.mirror, node.fixture);
        assert_int_equal(node.mirror.stored_count, expected);
        fixture_close(node.fixture);
    }
}

/* Loses some of what is stored: the register goes whole. */
static void lose(struct node *node, struct trust_random *random)
{
    for (uint32_t i = node->mirror.stored_count; i-- > 0;) {
        /* Losing one of a pair takes both. */
        if (i >= node->mirror.stored_count || trust_random_below(random, 3) != 0)
            continue;
        struct trust_claim claim = node->mirror.stored[i];
        uint32_t author = author_of(node->fixture, claim.author.bytes[0]);
        trust_ledger_forget(&node->fixture->ledger, &node->fixture->effects, author, claim.seq,
                            &claim.id);
        follow_all(&node->mirror, node->fixture, &nothing);
    }
}

static void what_was_lost_is_healed_by_whoever_has_it(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(seed + 4);
    static struct history history;
    static struct state expected;
    static struct node nodes[2];
    for (int trial = 0; trial < 500; trial++) {
        make_history(&history, &random);
        history.now = (struct trust_wall){.ms = (MIDNIGHT_S + 10 * DAY_S) * 1000};
        expect_state(&expected, &history);
        for (int side = 0; side < 2; side++) {
            open_node(&nodes[side]);
            feed(&nodes[side], &history, &random);
        }
        lose(&nodes[0], &random);
        assert_mirror(&nodes[0].mirror, nodes[0].fixture);
        load(&nodes[0], &nodes[1].mirror);
        assert_state(nodes[0].fixture, &expected);
        assert_mirror(&nodes[0].mirror, nodes[0].fixture);
        for (int side = 0; side < 2; side++)
            fixture_close(nodes[side].fixture);
    }
}

int main(void)
{
    printf("# seed %llu\n", (unsigned long long)seed);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order_of_a_history_ends_in_the_same_state),
        cmocka_unit_test(halves_that_load_what_the_other_stored_end_in_the_state_of_the_whole),
        cmocka_unit_test(records_stored_before_their_places_ended_leave_by_the_sweep),
        cmocka_unit_test(dropped_authors_leave_nothing_but_their_revocations),
        cmocka_unit_test(what_was_lost_is_healed_by_whoever_has_it),
    };
    return cmocka_run_group_tests_name("record/ledger", tests, NULL, NULL);
}
