/* record/ledger_revoke: first, lesser and compromised revocations, and their effects. */
#include "record/ledger_revoke.h"

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

static void assert_silence(const struct fixture *fixture, uint64_t seq, uint64_t upto_seq)
{
    uint32_t at = 0;
    while (at < fixture->effects.count && fixture->effects.items[at].kind != TRUST_EFFECT_SILENCE)
        at++;
    assert_true(at < fixture->effects.count);
    assert_int_equal(fixture->effects.items[at].seq, seq);
    assert_int_equal(fixture->effects.items[at].upto_seq, upto_seq);
}

static void retirement_silences_what_is_above_it_and_a_lesser_one_the_rest(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 1; n <= 5; n++)
        assert_int_equal(apply(fixture, rating_of(1, n, n * 10u, n)), TRUST_OK);
    expect(fixture, revocation_of(1, 30, 60, 7), "SILENCE, STORE 7@60, REVOKE");
    assert_silence(fixture, 30, UINT64_MAX);
    expect(fixture, revocation_of(1, 20, 55, 8), "ERASE 7@60, SILENCE, STORE 8@55, REVOKE");
    assert_silence(fixture, 20, 30);
    /* The same last_seq by a lesser id silences nothing more. */
    expect(fixture, revocation_of(1, 20, 70, 6), "ERASE 8@55, STORE 6@70, REVOKE");
    struct trust_ledger_revocation revocation;
    assert_true(trust_ledger_find_revocation(&fixture->ledger, &revocation, author_of(fixture, 1)));
    assert_int_equal(revocation.last_seq, 20);
    assert_int_equal(revocation.reason, TRUST_REVOKED_RETIRED);
    struct trust_head head = trust_ledger_head(&fixture->ledger, author_of(fixture, 1));
    assert_int_equal(head.count, 6);
    assert_int_equal(head.seq, 70);
    fixture_close(fixture);
}

static void a_compromised_key_loses_everything_but_its_revocation(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 1; n <= 4; n++) {
        assert_int_equal(apply(fixture, rating_of(1, n, n * 10u, n)), TRUST_OK);
        assert_int_equal(apply(fixture, vouch_of(1, n, n * 10u, n)), TRUST_OK);
    }
    assert_int_equal(apply(fixture, rating_of(2, 1, 10, 1)), TRUST_OK);
    expect(fixture, revocation_of(1, 0, 5, 7), "ERASE_AUTHOR, STORE 7@5, REVOKE");
    assert_int_equal(left_count(fixture), 8);
    uint32_t author = author_of(fixture, 1);
    struct trust_head head = trust_ledger_head(&fixture->ledger, author);
    assert_int_equal(head.count, 1);
    assert_int_equal(head.seq, 5);
    assert_int_equal(trust_ledger_count(&fixture->ledger, author, TRUST_REGISTER_VOUCHES), 0);
    assert_int_equal(trust_ledger_floor(&fixture->ledger, author, TRUST_REGISTER_VOUCHES).seq, 0);
    assert_int_equal(apply(fixture, rating_of(1, 9, 99, 9)), TRUST_NO_REVOKED);
    assert_int_equal(left_count(fixture), 0);
    assert_int_equal(fixture->ledger.slot_pool.count, 2);
    fixture_close(fixture);
}

static void compromised_replaces_retired_by_the_range_that_erases_it(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    assert_int_equal(apply(fixture, rating_of(1, 1, 10, 1)), TRUST_OK);
    assert_int_equal(apply(fixture, revocation_of(1, 5, 20, 2)), TRUST_OK);
    expect(fixture, revocation_of(1, 0, 30, 3), "ERASE_AUTHOR, STORE 3@30, REVOKE");
    assert_int_equal(trust_ledger_head(&fixture->ledger, author_of(fixture, 1)).count, 1);
    /* With no register left only the older revocation is erased. */
    expect(fixture, revocation_of(1, 0, 31, 2), "ERASE 3@30, STORE 2@31, REVOKE");
    fixture_close(fixture);
}

static void a_revocation_of_an_unknown_author_is_kept(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    expect(fixture, revocation_of(1, 0, 30, 3), "STORE 3@30, REVOKE");
    struct trust_claim claim = revocation_of(1, 0, 30, 3);
    claim.signature = signature_of(1);
    expect(fixture, claim, "STORE 3@30");
    assert_true(trust_ledger_has_author(&fixture->ledger, author_of(fixture, 1)));
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retirement_silences_what_is_above_it_and_a_lesser_one_the_rest),
        cmocka_unit_test(a_compromised_key_loses_everything_but_its_revocation),
        cmocka_unit_test(compromised_replaces_retired_by_the_range_that_erases_it),
        cmocka_unit_test(a_revocation_of_an_unknown_author_is_kept),
    };
    return cmocka_run_group_tests_name("record/ledger_revoke", tests, NULL, NULL);
}
