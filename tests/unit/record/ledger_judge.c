/* record/ledger_judge: each verdict on each kind of claim against one prepared ledger. */
#include "record/ledger_judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* 2026-11-20T00:00:00Z in milliseconds; the tests count seqs from here. */
#define BASE UINT64_C(1795132800000)

static const struct trust_wall now = {.ms = BASE + 1000};

/* Author 1: rating 1 at +20 (id 5), rating 2 void at +20 (ids 5 and 7), vouches 1..4 at +11..+14:
 * full. Author 2: retired at +50 (id 5). Author 3: compromised (id 5). */
static struct fixture *prepare(void)
{
    struct fixture *fixture = fixture_open();
    assert_int_equal(apply(fixture, rating_of(1, 1, BASE + 20, 5)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(1, 2, BASE + 20, 5)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(1, 2, BASE + 20, 7)), TRUST_OK);
    for (uint8_t n = 1; n <= 4; n++)
        assert_int_equal(apply(fixture, vouch_of(1, n, BASE + 10 + n, 5)), TRUST_OK);
    assert_int_equal(apply(fixture, revocation_of(2, BASE + 50, BASE + 60, 5)), TRUST_OK);
    assert_int_equal(apply(fixture, revocation_of(3, 0, BASE + 60, 5)), TRUST_OK);
    return fixture;
}

static struct trust_claim signed_by(struct trust_claim claim, uint8_t signature)
{
    claim.signature = signature_of(signature);
    return claim;
}

static void every_claim_gets_the_verdict_of_the_join(void **state)
{
    (void)state;
    const struct {
        const char *what;
        struct trust_claim claim;
        enum trust_error verdict;
    } rows[] = {
        {"a new author", rating_of(9, 1, BASE, 1), TRUST_OK},
        {"a new register", rating_of(1, 3, BASE, 1), TRUST_OK},
        {"a lower seq", rating_of(1, 1, BASE + 19, 1), TRUST_NO_OLDER},
        {"a greater seq", rating_of(1, 1, BASE + 21, 1), TRUST_OK},
        {"the same record", rating_of(1, 1, BASE + 20, 5), TRUST_NO_DUPLICATE},
        {"a greater signature", signed_by(rating_of(1, 1, BASE + 20, 5), 101), TRUST_NO_DUPLICATE},
        {"a lesser signature", signed_by(rating_of(1, 1, BASE + 20, 5), 99), TRUST_OK},
        {"a second id below", rating_of(1, 1, BASE + 20, 4), TRUST_OK},
        {"a second id above", rating_of(1, 1, BASE + 20, 6), TRUST_OK},
        {"the first of a pair", rating_of(1, 2, BASE + 20, 5), TRUST_NO_DUPLICATE},
        {"the second of a pair", rating_of(1, 2, BASE + 20, 7), TRUST_NO_DUPLICATE},
        {"its lesser signature", signed_by(rating_of(1, 2, BASE + 20, 7), 99), TRUST_OK},
        {"a third id between", rating_of(1, 2, BASE + 20, 6), TRUST_OK},
        {"a third id below", rating_of(1, 2, BASE + 20, 4), TRUST_OK},
        {"a third id above", rating_of(1, 2, BASE + 20, 8), TRUST_NO_OLDER},
        {"a greater seq of a pair", rating_of(1, 2, BASE + 21, 8), TRUST_OK},
        {"below the floor", vouch_of(1, 9, BASE + 10, 1), TRUST_NO_OLDER},
        {"at the floor's seq, lesser register", vouch_of(1, 0, BASE + 11, 1), TRUST_NO_OLDER},
        {"at the floor's seq, greater register", vouch_of(1, 9, BASE + 11, 1), TRUST_OK},
        {"above the floor", vouch_of(1, 9, BASE + 12, 1), TRUST_OK},
        {"the floor of another class", rating_of(1, 9, BASE + 1, 1), TRUST_OK},
        {"a first revocation", revocation_of(1, BASE, BASE + 70, 1), TRUST_OK},
        {"a greater last_seq", revocation_of(2, BASE + 51, BASE + 70, 1), TRUST_NO_OLDER},
        {"the same last_seq, greater id", revocation_of(2, BASE + 50, BASE, 6), TRUST_NO_OLDER},
        {"the same last_seq, lesser id", revocation_of(2, BASE + 50, BASE, 4), TRUST_OK},
        {"a lesser last_seq", revocation_of(2, BASE + 49, BASE, 9), TRUST_OK},
        {"compromised after retired", revocation_of(2, 0, BASE, 9), TRUST_OK},
        {"the same revocation", revocation_of(2, BASE + 50, BASE + 60, 5), TRUST_NO_DUPLICATE},
        {"above last_seq", rating_of(2, 1, BASE + 55, 1), TRUST_OK},
        {"of a compromised author", rating_of(3, 1, BASE + 70, 1), TRUST_NO_REVOKED},
        {"retired after compromised", revocation_of(3, BASE, BASE, 1), TRUST_NO_OLDER},
        {"compromised again, lesser id", revocation_of(3, 0, BASE, 4), TRUST_OK},
        {"compromised again, greater id", revocation_of(3, 0, BASE, 6), TRUST_NO_OLDER},
    };
    struct fixture *fixture = prepare();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum trust_error verdict = trust_ledger_judge(&fixture->ledger, &rows[i].claim, now);
        if (verdict != rows[i].verdict)
            fail_msg("%s: %s", rows[i].what, trust_error_name(verdict));
        assert_int_equal(trust_ledger_judge_join(&fixture->ledger, &rows[i].claim), verdict);
    }
    fixture_close(fixture);
}

static void the_clock_refuses_what_is_ahead_or_past_its_place(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct trust_claim claim = rating_of(1, 1, BASE + 601001, 1);
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, now), TRUST_NO_TIME);
    claim.seq = BASE + 601000;
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, now), TRUST_OK);
    claim.seq = BASE;
    struct trust_wall end = {.ms = BASE + UINT64_C(760) * 86400000};
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, end), TRUST_NO_OLDER);
    end.ms--;
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, end), TRUST_OK);
    claim = revocation_of(1, 0, 1, 1);
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, end), TRUST_OK);
    claim.seq = end.ms + 600001;
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, end), TRUST_NO_TIME);
    fixture_close(fixture);
}

/* A clock near the small seqs of the tests below. */
static const struct trust_wall early = {.ms = 1000};

/* Author 1 with 2 vouches at its limit and 62 ratings: of 66 slots one is left for revocations. */
static struct fixture *fill(void)
{
    struct fixture *fixture = fixture_open_with(
        &(struct trust_ledger_limits){
            .authors = 3, .registers = 66, .author_vouches = 2, .author_others = 99},
        3);
    assert_int_equal(apply(fixture, vouch_of(1, 1, 11, 1)), TRUST_OK);
    assert_int_equal(apply(fixture, vouch_of(1, 2, 12, 1)), TRUST_OK);
    for (uint8_t n = 1; n <= 62; n++)
        assert_int_equal(apply(fixture, rating_of(1, n, 13, 1)), TRUST_OK);
    return fixture;
}

static void without_slots_only_what_needs_none_is_wanted(void **state)
{
    (void)state;
    struct fixture *fixture = fill();
    const struct {
        struct trust_claim claim;
        enum trust_error verdict;
    } rows[] = {
        {rating_of(1, 63, 14, 1), TRUST_NO_ROOM},
        {rating_of(2, 1, 14, 1), TRUST_NO_ROOM},
        {rating_of(1, 1, 14, 1), TRUST_OK},      /* in place of the older */
        {vouch_of(1, 3, 14, 1), TRUST_OK},       /* in place of the least */
        {revocation_of(2, 20, 14, 1), TRUST_OK}, /* takes what was kept back */
        {revocation_of(1, 20, 14, 1), TRUST_NO_ROOM},
        {revocation_of(3, 0, 14, 1), TRUST_NO_ROOM},
        {revocation_of(2, 0, 14, 2), TRUST_OK}, /* in place of the greater */
        {vouch_of(1, 4, 15, 1), TRUST_OK},      /* the last slot, for a moment */
        {revocation_of(1, 0, 14, 1), TRUST_OK}, /* makes its own room */
        {rating_of(3, 1, 14, 1), TRUST_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(trust_ledger_judge(&fixture->ledger, &rows[i].claim, early),
                         rows[i].verdict);
        assert_int_equal(apply(fixture, rows[i].claim), rows[i].verdict);
        assert_true(fixture->ledger.slot_pool.fresh <= 66);
    }
    fixture_close(fixture);
}

static void an_author_that_was_dropped_makes_room_at_once(void **state)
{
    (void)state;
    struct fixture *fixture = fill();
    struct trust_claim claim = rating_of(2, 1, 14, 1);
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, early), TRUST_NO_ROOM);
    trust_ledger_drop(&fixture->ledger, &fixture->effects, author_of(fixture, 1));
    assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, early), TRUST_OK);
    assert_int_equal(apply(fixture, claim), TRUST_OK);
    fixture_close(fixture);
}

static void without_authors_or_keys_no_new_author_is_wanted(void **state)
{
    (void)state;
    static const struct trust_ledger_limits limits = {
        .authors = 2, .registers = 9, .author_vouches = 2, .author_others = 2};
    struct trust_claim claim = rating_of(3, 1, 10, 1);
    for (uint32_t keys = 2; keys <= 3; keys++) {
        struct fixture *fixture = fixture_open_with(&limits, keys);
        assert_int_equal(apply(fixture, rating_of(1, 1, 10, 1)), TRUST_OK);
        uint32_t index;
        struct trust_key other = key_of(keys == 2 ? 7 : 2);
        if (keys == 2)
            assert_int_equal(trust_keys_hold(&fixture->keys, &index, &other), TRUST_OK);
        else
            assert_int_equal(apply(fixture, rating_of(2, 1, 10, 1)), TRUST_OK);
        assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, early), TRUST_NO_ROOM);
        assert_int_equal(apply(fixture, claim), TRUST_NO_ROOM);
        trust_ledger_drop(&fixture->ledger, &fixture->effects, author_of(fixture, 1));
        assert_int_equal(trust_ledger_judge(&fixture->ledger, &claim, early), TRUST_OK);
        assert_int_equal(apply(fixture, claim), TRUST_OK);
        fixture_close(fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_claim_gets_the_verdict_of_the_join),
        cmocka_unit_test(the_clock_refuses_what_is_ahead_or_past_its_place),
        cmocka_unit_test(without_slots_only_what_needs_none_is_wanted),
        cmocka_unit_test(an_author_that_was_dropped_makes_room_at_once),
        cmocka_unit_test(without_authors_or_keys_no_new_author_is_wanted),
    };
    return cmocka_run_group_tests_name("record/ledger_judge", tests, NULL, NULL);
}
