/* record/ledger_sweep: places that end, in steps, authors that are dropped, records that are lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "expect.h"
#include "fixture.h"

#define DAY_MS UINT64_C(86400000)
#define BASE UINT64_C(1795132800000)

/* The midnight at which the place of seq BASE ends. */
static const struct trust_wall end = {.ms = BASE + 760 * DAY_MS};

static uint32_t sweep(struct fixture *fixture, bool *out_is_over, uint32_t budget,
                      struct trust_wall now)
{
    return trust_ledger_sweep(&fixture->ledger, &fixture->effects, out_is_over, budget, now);
}

static void a_place_ends_at_its_midnight_and_not_before(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    assert_int_equal(apply(fixture, rating_of(1, 1, BASE, 1)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(1, 1, BASE, 2)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(1, 2, BASE + DAY_MS, 3)), TRUST_OK);
    bool is_over;
    assert_int_equal(sweep(fixture, &is_over, 10, (struct trust_wall){.ms = end.ms - 1}), 1);
    assert_true(is_over);
    assert_effects(&fixture->effects, "");
    (void)sweep(fixture, &is_over, 10, end);
    char expected[100];
    (void)snprintf(expected, sizeof expected, "ERASE 1@%llu, ERASE 2@%llu",
                   (unsigned long long)BASE, (unsigned long long)BASE);
    assert_effects(&fixture->effects, expected);
    assert_int_equal(left_count(fixture), 1);
    assert_int_equal(trust_ledger_head(&fixture->ledger, author_of(fixture, 1)).count, 1);
    fixture_close(fixture);
}

static void an_author_without_records_is_gone_and_a_revocation_stays(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    assert_int_equal(apply(fixture, rating_of(1, 1, BASE, 1)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(2, 1, BASE, 1)), TRUST_OK);
    assert_int_equal(apply(fixture, revocation_of(2, 1, BASE - 7, 2)), TRUST_OK);
    bool is_over;
    (void)sweep(fixture, &is_over, 10, end);
    uint32_t author;
    uint32_t cursor = 0;
    assert_true(trust_ledger_next_author(&fixture->ledger, &cursor, &author));
    assert_int_equal(author, author_of(fixture, 2));
    assert_false(trust_ledger_next_author(&fixture->ledger, &cursor, &author));
    assert_int_equal(trust_ledger_head(&fixture->ledger, author).count, 1);
    fixture_close(fixture);
}

static void a_round_goes_on_where_the_budget_or_the_list_ended(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open_with(
        &(struct trust_ledger_limits){
            .authors = 4, .registers = 220, .author_vouches = 50, .author_others = 50},
        8);
    for (uint8_t author = 1; author <= 3; author++) {
        for (uint8_t n = 1; n <= 35; n++) {
            assert_int_equal(apply(fixture, vouch_of(author, n, BASE - n, 1)), TRUST_OK);
            assert_int_equal(apply(fixture, rating_of(author, n, BASE - n, 1)), TRUST_OK);
        }
    }
    bool is_over;
    uint32_t erased = 0;
    uint32_t calls = 0;
    /* Each author has 70 effects, each list room for 63 of them. */
    static const uint32_t done[] = {0, 1, 0, 1, 0, 1};
    do {
        assert_true(calls < 6);
        assert_int_equal(sweep(fixture, &is_over, 1, end), done[calls++]);
        assert_int_equal(left_count(fixture), fixture->effects.count);
        erased += fixture->effects.count;
    } while (!is_over);
    assert_int_equal(erased, 210);
    uint32_t author;
    uint32_t cursor = 0;
    assert_false(trust_ledger_next_author(&fixture->ledger, &cursor, &author));
    assert_int_equal(sweep(fixture, &is_over, 10, end), 3);
    fixture_close(fixture);
}

static void a_floor_below_every_place_is_forgotten(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 1; n <= 4; n++)
        assert_int_equal(apply(fixture, vouch_of(1, n, BASE + (n - 1u) * DAY_MS, 1)), TRUST_OK);
    uint32_t author = author_of(fixture, 1);
    assert_int_equal(trust_ledger_floor(&fixture->ledger, author, TRUST_REGISTER_VOUCHES).seq,
                     BASE);
    bool is_over;
    (void)sweep(fixture, &is_over, 10, end);
    assert_int_equal(trust_ledger_floor(&fixture->ledger, author, TRUST_REGISTER_VOUCHES).seq, 0);
    assert_int_equal(trust_ledger_count(&fixture->ledger, author, TRUST_REGISTER_VOUCHES), 3);
    fixture_close(fixture);
}

static void a_dropped_author_is_erased_whole(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 1; n <= 3; n++)
        assert_int_equal(apply(fixture, vouch_of(1, n, 10, n)), TRUST_OK);
    uint32_t author = author_of(fixture, 1);
    trust_ledger_drop(&fixture->ledger, &fixture->effects, author);
    assert_effects(&fixture->effects, "ERASE_AUTHOR");
    assert_int_equal(fixture->effects.items[0].author, author);
    assert_int_equal(fixture->effects.items[0].id.bytes[0], 0);
    assert_int_equal(left_count(fixture), 3);
    assert_false(trust_ledger_has_author(&fixture->ledger, author));
    trust_ledger_drop(&fixture->ledger, &fixture->effects, author);
    assert_effects(&fixture->effects, "");
    assert_int_equal(left_count(fixture), 0);
    assert_int_equal(trust_keys_count(&fixture->keys), 0);
    fixture_close(fixture);
}

static void a_drop_spares_the_revocation_and_forgets_the_floor(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 1; n <= 4; n++)
        assert_int_equal(apply(fixture, vouch_of(1, n, 10, n)), TRUST_OK);
    assert_int_equal(apply(fixture, revocation_of(1, 30, 40, 9)), TRUST_OK);
    uint32_t author = author_of(fixture, 1);
    trust_ledger_drop(&fixture->ledger, &fixture->effects, author);
    assert_effects(&fixture->effects, "ERASE_AUTHOR");
    assert_int_equal(fixture->effects.items[0].id.bytes[0], 9);
    assert_int_equal(fixture->effects.items[0].seq, 40);
    assert_int_equal(trust_ledger_head(&fixture->ledger, author).count, 1);
    assert_int_equal(apply(fixture, vouch_of(1, 1, 9, 1)), TRUST_OK);
    trust_ledger_drop(&fixture->ledger, &fixture->effects, author);
    assert_effects(&fixture->effects, "ERASE_AUTHOR");
    trust_ledger_drop(&fixture->ledger, &fixture->effects, author);
    assert_effects(&fixture->effects, "");
    fixture_close(fixture);
}

static void forget(struct fixture *fixture, uint64_t seq, uint8_t number)
{
    struct trust_id id = id_of(number);
    trust_ledger_forget(&fixture->ledger, &fixture->effects, author_of(fixture, 1), seq, &id);
}

static void a_lost_record_goes_and_may_come_again_at_its_floor(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 1; n <= 4; n++)
        assert_int_equal(apply(fixture, vouch_of(1, n, 10u + n, n)), TRUST_OK);
    uint32_t author = author_of(fixture, 1);
    struct trust_head whole = trust_ledger_head(&fixture->ledger, author);
    forget(fixture, 11, 1);
    assert_effects(&fixture->effects, "ERASE 1@11");
    assert_int_equal(left_count(fixture), 1);
    assert_int_equal(trust_ledger_head(&fixture->ledger, author).count, 3);
    /* The floor has not fallen: what was below it is still older. */
    assert_int_equal(trust_ledger_floor(&fixture->ledger, author, TRUST_REGISTER_VOUCHES).seq, 11);
    assert_int_equal(apply(fixture, vouch_of(1, 9, 10, 9)), TRUST_NO_OLDER);
    assert_int_equal(apply(fixture, vouch_of(1, 1, 11, 1)), TRUST_OK);
    assert_effects(&fixture->effects, "STORE 1@11, COUNT");
    struct trust_head again = trust_ledger_head(&fixture->ledger, author);
    assert_memory_equal(&again, &whole, sizeof whole);
    fixture_close(fixture);
}

static void of_a_void_pair_both_are_lost_and_of_strangers_nothing(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    assert_int_equal(apply(fixture, rating_of(1, 1, 10, 5)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(1, 1, 10, 6)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(1, 2, 10, 7)), TRUST_OK);
    assert_int_equal(apply(fixture, revocation_of(1, 50, 10, 8)), TRUST_OK);
    forget(fixture, 10, 4);
    assert_effects(&fixture->effects, "");
    forget(fixture, 11, 7);
    assert_effects(&fixture->effects, "");
    forget(fixture, 10, 8);
    assert_effects(&fixture->effects, "");
    forget(fixture, 10, 6);
    assert_effects(&fixture->effects, "ERASE 5@10, ERASE 6@10");
    assert_int_equal(slot_of(fixture, rating_of(1, 1, 10, 5)), UINT32_MAX);
    assert_int_equal(trust_ledger_head(&fixture->ledger, author_of(fixture, 1)).count, 2);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_ends_at_its_midnight_and_not_before),
        cmocka_unit_test(an_author_without_records_is_gone_and_a_revocation_stays),
        cmocka_unit_test(a_round_goes_on_where_the_budget_or_the_list_ended),
        cmocka_unit_test(a_floor_below_every_place_is_forgotten),
        cmocka_unit_test(a_dropped_author_is_erased_whole),
        cmocka_unit_test(a_drop_spares_the_revocation_and_forgets_the_floor),
        cmocka_unit_test(a_lost_record_goes_and_may_come_again_at_its_floor),
        cmocka_unit_test(of_a_void_pair_both_are_lost_and_of_strangers_nothing),
    };
    return cmocka_run_group_tests_name("record/ledger_sweep", tests, NULL, NULL);
}
