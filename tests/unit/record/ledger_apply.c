/* record/ledger_apply: the exact effects of each way in which a record is joined. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "expect.h"
#include "fixture.h"

static void expect(struct fixture *fixture, struct trust_claim claim, const char *effects)
{
    assert_int_equal(apply(fixture, claim), TRUST_OK);
    assert_effects(&fixture->effects, effects);
}

static void a_first_record_is_stored_and_counts(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    expect(fixture, rating_of(1, 1, 10, 5), "STORE 5@10, COUNT");
    const struct trust_effect *effect = &fixture->effects.items[1];
    assert_int_equal(effect->author, author_of(fixture, 1));
    assert_int_equal(effect->slot, slot_of(fixture, rating_of(1, 1, 10, 5)));
    fixture_close(fixture);
}

static void a_greater_seq_replaces_in_the_same_slot(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    expect(fixture, rating_of(1, 1, 10, 5), "STORE 5@10, COUNT");
    uint32_t slot = slot_of(fixture, rating_of(1, 1, 10, 5));
    expect(fixture, rating_of(1, 1, 12, 6), "ERASE 5@10, STORE 6@12, COUNT");
    assert_int_equal(slot_of(fixture, rating_of(1, 1, 12, 6)), slot);
    struct trust_ledger_view view = trust_ledger_view(&fixture->ledger, slot);
    assert_int_equal(view.seq, 12);
    assert_int_equal(view.expires, 1000);
    assert_int_equal(view.id_count, 1);
    assert_int_equal(left_count(fixture), 0);
    fixture_close(fixture);
}

static void a_refused_record_changes_nothing_and_has_no_effects(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    expect(fixture, rating_of(1, 1, 10, 5), "STORE 5@10, COUNT");
    struct trust_head head = trust_ledger_head(&fixture->ledger, author_of(fixture, 1));
    assert_int_equal(apply(fixture, rating_of(1, 1, 9, 4)), TRUST_NO_OLDER);
    assert_effects(&fixture->effects, "");
    assert_int_equal(apply(fixture, rating_of(1, 1, 10, 5)), TRUST_NO_DUPLICATE);
    assert_effects(&fixture->effects, "");
    struct trust_head after = trust_ledger_head(&fixture->ledger, author_of(fixture, 1));
    assert_memory_equal(&head, &after, sizeof head);
    fixture_close(fixture);
}

static void two_ids_of_one_seq_are_void_until_a_greater_seq(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    expect(fixture, rating_of(1, 1, 10, 5), "STORE 5@10, COUNT");
    expect(fixture, rating_of(1, 1, 10, 8), "STORE 8@10, VOID, IGNORE");
    expect(fixture, rating_of(1, 1, 10, 6), "ERASE 8@10, STORE 6@10");
    expect(fixture, rating_of(1, 1, 10, 4), "ERASE 6@10, STORE 4@10");
    assert_int_equal(apply(fixture, rating_of(1, 1, 10, 6)), TRUST_NO_OLDER);
    assert_int_equal(trust_ledger_head(&fixture->ledger, author_of(fixture, 1)).count, 2);
    expect(fixture, rating_of(1, 1, 11, 9), "ERASE 4@10, ERASE 5@10, STORE 9@11, COUNT");
    assert_int_equal(trust_ledger_head(&fixture->ledger, author_of(fixture, 1)).count, 1);
    fixture_close(fixture);
}

static void a_lesser_signature_is_stored_and_tells_the_scorer_nothing(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct trust_claim claim = rating_of(1, 1, 10, 5);
    expect(fixture, claim, "STORE 5@10, COUNT");
    struct trust_head before = trust_ledger_head(&fixture->ledger, author_of(fixture, 1));
    claim.signature = signature_of(99);
    expect(fixture, claim, "STORE 5@10");
    struct trust_head after = trust_ledger_head(&fixture->ledger, author_of(fixture, 1));
    assert_int_equal(after.count, 1);
    assert_memory_not_equal(before.digest, after.digest, sizeof after.digest);
    struct trust_ledger_view view = trust_ledger_view(&fixture->ledger, slot_of(fixture, claim));
    assert_int_equal(view.signatures[0]->bytes[0], 99);
    /* And the same of the second of a pair. */
    claim.id = id_of(7);
    expect(fixture, claim, "STORE 7@10, VOID, IGNORE");
    claim.signature = signature_of(98);
    expect(fixture, claim, "STORE 7@10");
    view = trust_ledger_view(&fixture->ledger, slot_of(fixture, claim));
    assert_int_equal(view.signatures[0]->bytes[0], 99);
    assert_int_equal(view.signatures[1]->bytes[0], 98);
    fixture_close(fixture);
}

static void at_the_limit_the_least_register_leaves_whole(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 1; n <= 4; n++)
        assert_int_equal(apply(fixture, vouch_of(1, n, 10u + n, n)), TRUST_OK);
    expect(fixture, vouch_of(1, 1, 11, 9), "STORE 9@11, VOID, IGNORE");
    uint32_t least = slot_of(fixture, vouch_of(1, 1, 11, 1));
    expect(fixture, vouch_of(1, 7, 20, 7), "ERASE 1@11, ERASE 9@11, STORE 7@20, COUNT");
    uint32_t cursor = 0;
    uint32_t left;
    assert_true(trust_ledger_next_left(&fixture->ledger, &cursor, &left));
    assert_int_equal(left, least);
    assert_int_equal(trust_ledger_view(&fixture->ledger, left).seq, 11);
    assert_false(trust_ledger_next_left(&fixture->ledger, &cursor, &left));
    assert_int_equal(slot_of(fixture, vouch_of(1, 1, 11, 1)), UINT32_MAX);
    assert_int_equal(
        trust_ledger_floor(&fixture->ledger, author_of(fixture, 1), TRUST_REGISTER_VOUCHES).seq,
        12);
    assert_int_equal(apply(fixture, vouch_of(1, 1, 11, 1)), TRUST_NO_OLDER);
    /* The floor rises when the least register itself does. */
    expect(fixture, vouch_of(1, 2, 30, 2), "ERASE 2@12, STORE 2@30, COUNT");
    assert_int_equal(
        trust_ledger_floor(&fixture->ledger, author_of(fixture, 1), TRUST_REGISTER_VOUCHES).seq,
        13);
    fixture_close(fixture);
}

static void above_last_seq_a_record_holds_its_place_and_counts_for_nothing(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    assert_int_equal(apply(fixture, revocation_of(1, 20, 30, 1)), TRUST_OK);
    expect(fixture, rating_of(1, 1, 10, 5), "STORE 5@10, COUNT");
    expect(fixture, rating_of(1, 1, 21, 6), "ERASE 5@10, STORE 6@21, IGNORE");
    expect(fixture, rating_of(1, 1, 22, 7), "ERASE 6@21, STORE 7@22");
    expect(fixture, rating_of(1, 2, 21, 8), "STORE 8@21");
    expect(fixture, rating_of(1, 2, 21, 9), "STORE 9@21, VOID");
    expect(fixture, rating_of(1, 3, 20, 3), "STORE 3@20, COUNT");
    assert_true(
        trust_ledger_view(&fixture->ledger, slot_of(fixture, rating_of(1, 1, 0, 0))).is_silent);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_record_is_stored_and_counts),
        cmocka_unit_test(a_greater_seq_replaces_in_the_same_slot),
        cmocka_unit_test(a_refused_record_changes_nothing_and_has_no_effects),
        cmocka_unit_test(two_ids_of_one_seq_are_void_until_a_greater_seq),
        cmocka_unit_test(a_lesser_signature_is_stored_and_tells_the_scorer_nothing),
        cmocka_unit_test(at_the_limit_the_least_register_leaves_whole),
        cmocka_unit_test(above_last_seq_a_record_holds_its_place_and_counts_for_nothing),
    };
    return cmocka_run_group_tests_name("record/ledger_apply", tests, NULL, NULL);
}
