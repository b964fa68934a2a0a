/* record/ledger_author: slots and authors coming and going. */
#include "record/ledger_author.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static struct trust_ledger_author *open_author(struct fixture *fixture, uint8_t number)
{
    struct trust_key key = key_of(number);
    struct trust_ledger_author *author = NULL;
    assert_int_equal(trust_ledger_author_open(&fixture->ledger, &author, &key), TRUST_OK);
    return author;
}

static void an_author_is_found_from_its_opening_to_the_leave_of_its_last_slot(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct trust_key key = key_of(1);
    assert_null(trust_ledger_author_find(&fixture->ledger, &key));
    struct trust_ledger_author *author = open_author(fixture, 1);
    struct trust_claim claim = rating_of(1, 1, 10, 1);
    uint32_t slot = trust_ledger_slot_open(&fixture->ledger, author, &claim);
    assert_ptr_equal(trust_ledger_author_find(&fixture->ledger, &key), author);
    assert_ptr_equal(open_author(fixture, 1), author);
    trust_ledger_slot_leave(&fixture->ledger, slot);
    assert_null(trust_ledger_author_find(&fixture->ledger, &key));
    /* Readable until it settles: the key is still held. */
    assert_int_equal(trust_keys_count(&fixture->keys), 1);
    assert_int_equal(fixture->ledger.slot_pool.count, 1);
    trust_ledger_settle(&fixture->ledger);
    assert_int_equal(trust_keys_count(&fixture->keys), 0);
    assert_int_equal(fixture->ledger.slot_pool.count, 0);
    assert_int_equal(fixture->ledger.author_pool.count, 0);
    fixture_close(fixture);
}

static void one_author_more_than_there_are_is_refused_and_holds_no_key(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint8_t n = 0; n < 8; n++)
        (void)open_author(fixture, n);
    struct trust_key key = key_of(8);
    struct trust_ledger_author *author = NULL;
    assert_int_equal(trust_ledger_author_open(&fixture->ledger, &author, &key), TRUST_NO_ROOM);
    assert_null(author);
    assert_int_equal(trust_keys_count(&fixture->keys), 8);
    fixture_close(fixture);
}

static void counts_and_head_follow_slots_of_each_class(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct trust_ledger_author *author = open_author(fixture, 1);
    struct trust_claim claims[3] = {rating_of(1, 1, 10, 1), vouch_of(1, 1, 10, 2),
                                    revocation_of(1, 5, 11, 3)};
    uint32_t slots[3];
    for (int i = 0; i < 3; i++)
        slots[i] = trust_ledger_slot_open(&fixture->ledger, author, &claims[i]);
    assert_int_equal(author->head.count, 3);
    assert_int_equal(author->counts[TRUST_REGISTER_VOUCHES], 1);
    assert_int_equal(author->counts[TRUST_REGISTER_OTHERS], 1);
    assert_int_equal(author->revocation, slots[2] + 1);
    assert_int_equal(author->last_seq, 5);
    struct trust_head expected = {0};
    for (int i = 0; i < 3; i++)
        trust_head_add(&expected, &claims[i].id, &claims[i].signature);
    assert_memory_equal(author->head.digest, expected.digest, sizeof expected.digest);
    trust_ledger_slot_leave(&fixture->ledger, slots[1]);
    trust_head_remove(&expected, &claims[1].id, &claims[1].signature);
    assert_int_equal(author->counts[TRUST_REGISTER_VOUCHES], 0);
    assert_memory_equal(author->head.digest, expected.digest, sizeof expected.digest);
    fixture_close(fixture);
}

static void the_two_least_ids_stand_in_order_with_their_signatures(void **state)
{
    (void)state;
    /* The ids as they come; the two that must be held. */
    static const uint8_t rows[][5] = {
        {1, 2, 3, 1, 2}, {3, 2, 1, 1, 2}, {2, 3, 1, 1, 2}, {2, 1, 3, 1, 2}, {3, 1, 2, 1, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture *fixture = fixture_open();
        struct trust_claim claim = rating_of(1, 1, 10, rows[i][0]);
        claim.signature = signature_of(rows[i][0]);
        uint32_t slot = trust_ledger_slot_open(&fixture->ledger, open_author(fixture, 1), &claim);
        for (int j = 1; j < 3; j++) {
            /* A third id is joined only if it is below one of the two. */
            if (j == 2 && rows[i][2] == 3)
                continue;
            claim.id = id_of(rows[i][j]);
            claim.signature = signature_of(rows[i][j]);
            trust_ledger_slot_join(&fixture->ledger, slot, &claim);
        }
        struct trust_ledger_view view = trust_ledger_view(&fixture->ledger, slot);
        assert_true(view.is_void);
        for (int j = 0; j < 2; j++) {
            assert_int_equal(view.ids[j]->bytes[0], rows[i][3 + j]);
            assert_int_equal(view.signatures[j]->bytes[0], rows[i][3 + j]);
        }
        assert_int_equal(trust_ledger_author_at(&fixture->ledger, view.author)->head.count, 2);
        fixture_close(fixture);
    }
}

static void a_slot_counts_unless_it_is_void_silent_or_a_revocation(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct trust_ledger_author *author = open_author(fixture, 1);
    struct trust_claim low = rating_of(1, 1, 10, 1);
    struct trust_claim high = rating_of(1, 2, 20, 2);
    struct trust_claim revocation = revocation_of(1, 10, 30, 3);
    uint32_t low_slot = trust_ledger_slot_open(&fixture->ledger, author, &low);
    uint32_t high_slot = trust_ledger_slot_open(&fixture->ledger, author, &high);
    assert_true(trust_ledger_slot_counts(&fixture->ledger, high_slot));
    uint32_t slot = trust_ledger_slot_open(&fixture->ledger, author, &revocation);
    assert_true(trust_ledger_slot_counts(&fixture->ledger, low_slot));
    assert_false(trust_ledger_slot_counts(&fixture->ledger, high_slot));
    assert_false(trust_ledger_slot_counts(&fixture->ledger, slot));
    low.id = id_of(9);
    trust_ledger_slot_join(&fixture->ledger, low_slot, &low);
    assert_false(trust_ledger_slot_counts(&fixture->ledger, low_slot));
    fixture_close(fixture);
}

static void a_full_class_has_its_least_register_as_floor(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct trust_ledger_author *author = open_author(fixture, 1);
    for (uint8_t n = 1; n <= 4; n++) {
        trust_ledger_author_raise_floor(&fixture->ledger, author, TRUST_REGISTER_VOUCHES);
        assert_int_equal(author->floors[TRUST_REGISTER_VOUCHES].seq, 0);
        struct trust_claim claim = vouch_of(1, n, (uint64_t)(20 - n), n);
        (void)trust_ledger_slot_open(&fixture->ledger, author, &claim);
    }
    trust_ledger_author_raise_floor(&fixture->ledger, author, TRUST_REGISTER_VOUCHES);
    assert_int_equal(author->floors[TRUST_REGISTER_VOUCHES].seq, 16);
    assert_int_equal(author->floors[TRUST_REGISTER_VOUCHES].place.digest[1], 4);
    assert_int_equal(author->floors[TRUST_REGISTER_OTHERS].seq, 0);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_author_is_found_from_its_opening_to_the_leave_of_its_last_slot),
        cmocka_unit_test(one_author_more_than_there_are_is_refused_and_holds_no_key),
        cmocka_unit_test(counts_and_head_follow_slots_of_each_class),
        cmocka_unit_test(the_two_least_ids_stand_in_order_with_their_signatures),
        cmocka_unit_test(a_slot_counts_unless_it_is_void_silent_or_a_revocation),
        cmocka_unit_test(a_full_class_has_its_least_register_as_floor),
    };
    return cmocka_run_group_tests_name("record/ledger_author", tests, NULL, NULL);
}
