/* record/ledger_walk: in which order and between which bounds the ledger shows itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* Author 1 with a slot of each rank at seq 20, and some around it. */
static struct fixture *prepare(void)
{
    struct fixture *fixture = fixture_open();
    const struct trust_claim claims[] = {
        rating_of(1, 3, 20, 1), rating_of(1, 1, 20, 2), vouch_of(1, 2, 20, 3),
        rating_of(1, 2, 10, 4), vouch_of(1, 1, 30, 5),  revocation_of(1, 99, 20, 6),
        rating_of(2, 1, 15, 7), vouch_of(1, 3, 20, 8),
    };
    for (size_t i = 0; i < sizeof claims / sizeof *claims; i++)
        assert_int_equal(apply(fixture, claims[i]), TRUST_OK);
    return fixture;
}

static void assert_walk(const struct fixture *fixture, uint64_t from_seq, uint64_t to_seq,
                        const char *ids)
{
    struct trust_ledger_walk walk = trust_ledger_walk_init(author_of(fixture, 1), from_seq, to_seq);
    char shown[16] = "";
    size_t count = 0;
    uint32_t slot;
    while (trust_ledger_next_slot(&fixture->ledger, &walk, &slot)) {
        assert_true(count < 15);
        shown[count++] = (char)('0' + trust_ledger_view(&fixture->ledger, slot).ids[0]->bytes[0]);
    }
    assert_string_equal(shown, ids);
}

static void a_walk_shows_slots_by_seq_then_revocation_vouches_others(void **state)
{
    (void)state;
    struct fixture *fixture = prepare();
    assert_walk(fixture, 0, UINT64_MAX, "4638215");
    fixture_close(fixture);
}

static void both_ends_of_a_walk_are_part_of_it(void **state)
{
    (void)state;
    struct fixture *fixture = prepare();
    assert_walk(fixture, 20, 20, "63821");
    assert_walk(fixture, 10, 19, "4");
    assert_walk(fixture, 11, 19, "");
    assert_walk(fixture, 21, 30, "5");
    assert_walk(fixture, 31, UINT64_MAX, "");
    assert_walk(fixture, UINT64_MAX, UINT64_MAX, "");
    fixture_close(fixture);
}

static void a_walk_goes_on_over_changes(void **state)
{
    (void)state;
    struct fixture *fixture = prepare();
    struct trust_ledger_walk walk = trust_ledger_walk_init(author_of(fixture, 1), 20, UINT64_MAX);
    uint32_t slot;
    assert_true(trust_ledger_next_slot(&fixture->ledger, &walk, &slot));
    /* What was shown rises above the rest and is shown again there; what it replaced is not. */
    assert_int_equal(apply(fixture, vouch_of(1, 2, 40, 9)), TRUST_OK);
    static const uint8_t expected[] = {8, 2, 1, 5, 9};
    for (size_t i = 0; i < sizeof expected; i++) {
        assert_true(trust_ledger_next_slot(&fixture->ledger, &walk, &slot));
        assert_int_equal(trust_ledger_view(&fixture->ledger, slot).ids[0]->bytes[0], expected[i]);
    }
    assert_false(trust_ledger_next_slot(&fixture->ledger, &walk, &slot));
    fixture_close(fixture);
}

static void a_digest_of_all_ones_and_the_greatest_seq_end_a_walk(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct trust_claim claim = rating_of(1, 1, UINT64_MAX, 1);
    assert_int_equal(apply(fixture, claim), TRUST_OK);
    memset(claim.place.digest, 0xff, sizeof claim.place.digest);
    claim.id = id_of(2);
    assert_int_equal(apply(fixture, claim), TRUST_OK);
    assert_walk(fixture, 0, UINT64_MAX, "12");
    fixture_close(fixture);
}

static void every_kept_author_is_shown_once(void **state)
{
    (void)state;
    struct fixture *fixture = prepare();
    uint32_t cursor = 0;
    uint32_t author;
    for (uint8_t n = 1; n <= 2; n++) {
        assert_true(trust_ledger_next_author(&fixture->ledger, &cursor, &author));
        assert_int_equal(author, author_of(fixture, n));
    }
    assert_false(trust_ledger_next_author(&fixture->ledger, &cursor, &author));
    fixture_close(fixture);
}

static void an_unknown_author_has_no_slots(void **state)
{
    (void)state;
    struct fixture *fixture = prepare();
    struct trust_ledger_walk walk = trust_ledger_walk_init(UINT32_MAX, 0, UINT64_MAX);
    uint32_t slot;
    assert_false(trust_ledger_next_slot(&fixture->ledger, &walk, &slot));
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_shows_slots_by_seq_then_revocation_vouches_others),
        cmocka_unit_test(both_ends_of_a_walk_are_part_of_it),
        cmocka_unit_test(a_walk_goes_on_over_changes),
        cmocka_unit_test(a_digest_of_all_ones_and_the_greatest_seq_end_a_walk),
        cmocka_unit_test(every_kept_author_is_shown_once),
        cmocka_unit_test(an_unknown_author_has_no_slots),
    };
    return cmocka_run_group_tests_name("record/ledger_walk", tests, NULL, NULL);
}
