/* record/ledger_order: the treap against a plain sorted array. */
#include "record/ledger_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"

#define SLOTS 200u

static struct trust_ledger_slot slots[SLOTS];
static struct trust_ledger ledger = {.slots = slots, .seed = {.low = 5, .high = 6}};

/* Few seqs, so that many are told apart by their digest alone. */
static void make_slots(void)
{
    for (uint32_t i = 0; i < SLOTS; i++) {
        slots[i] = (struct trust_ledger_slot){.seq = i % 13};
        slots[i].place.digest[0] = (uint8_t)trust_random_mix(i);
        slots[i].place.digest[15] = (uint8_t)i;
    }
}

static struct trust_ledger_floor position_of(uint32_t slot)
{
    return (struct trust_ledger_floor){.seq = slots[slot].seq, .place = slots[slot].place};
}

/* The least present slot at or above the position, by looking at all; SLOTS: none. */
static uint32_t find_plainly(const bool *present, const struct trust_ledger_floor *position)
{
    uint32_t best = SLOTS;
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (!present[i] || trust_order_compare(&slots[i], position) < 0)
            continue;
        struct trust_ledger_floor best_position = position_of(best == SLOTS ? i : best);
        if (trust_order_compare(&slots[i], &best_position) <= 0)
            best = i;
    }
    return best;
}

static void assert_finds(const bool *present, uint32_t root, struct trust_ledger_floor position)
{
    uint32_t expected = find_plainly(present, &position);
    uint32_t found = SLOTS;
    assert_int_equal(trust_order_find(&ledger, &found, root, &position), expected != SLOTS);
    assert_int_equal(found, expected);
}

static void order_is_by_seq_then_by_digest(void **state)
{
    (void)state;
    struct trust_ledger_slot slot = {.seq = 5, .place = {{7}}};
    struct trust_ledger_floor below = {.seq = 4, .place = {{9}}};
    struct trust_ledger_floor above = {.seq = 5, .place = {{7, 1}}};
    struct trust_ledger_floor same = {.seq = 5, .place = {{7}}};
    assert_true(trust_order_compare(&slot, &below) > 0);
    assert_true(trust_order_compare(&slot, &above) < 0);
    assert_int_equal(trust_order_compare(&slot, &same), 0);
}

static void a_treap_agrees_with_a_plain_array_after_twenty_thousand_steps(void **state)
{
    (void)state;
    make_slots();
    struct trust_random random = trust_random_init(3);
    bool present[SLOTS] = {false};
    uint32_t root = 0;
    for (int step = 0; step < 20000; step++) {
        uint32_t i = (uint32_t)trust_random_below(&random, SLOTS);
        if (present[i])
            trust_order_remove(&ledger, &root, i);
        else
            trust_order_add(&ledger, &root, i);
        present[i] = !present[i];
        if (step % 16 != 0 || root == 0)
            continue;
        assert_finds(present, root, position_of((uint32_t)trust_random_below(&random, SLOTS)));
        assert_int_equal(trust_order_least(&ledger, root),
                         find_plainly(present, &(struct trust_ledger_floor){0}));
        struct trust_ledger_floor last = position_of(trust_order_greatest(&ledger, root));
        assert_int_equal(find_plainly(present, &last), trust_order_greatest(&ledger, root));
        last.place.digest[15]++;
        assert_finds(present, root, last);
    }
}

static void ascending_seqs_do_not_make_it_deep(void **state)
{
    (void)state;
    uint32_t root = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        slots[i] = (struct trust_ledger_slot){.seq = i};
        trust_order_add(&ledger, &root, i);
    }
    uint32_t deepest = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        uint32_t depth = 0;
        for (uint32_t link = root; link != i + 1; depth++)
            link = slots[link - 1].seq > i ? slots[link - 1].left : slots[link - 1].right;
        deepest = depth > deepest ? depth : deepest;
    }
    /* 200 random priorities: about 2 ln 200 on average, and hardly ever three times that. */
    assert_in_range(deepest, 7, 32);
}

static void an_empty_order_finds_nothing(void **state)
{
    (void)state;
    uint32_t slot = 9;
    assert_false(trust_order_find(&ledger, &slot, 0, &(struct trust_ledger_floor){0}));
    assert_int_equal(slot, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_by_seq_then_by_digest),
        cmocka_unit_test(a_treap_agrees_with_a_plain_array_after_twenty_thousand_steps),
        cmocka_unit_test(ascending_seqs_do_not_make_it_deep),
        cmocka_unit_test(an_empty_order_finds_nothing),
    };
    return cmocka_run_group_tests_name("record/ledger_order", tests, NULL, NULL);
}
