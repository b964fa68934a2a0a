/* record/ledger_effect: what each appended effect carries. */
#include "record/ledger_effect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* A void register of author 3, ids 1 and 2, at seq 10. */
static uint32_t make_void(struct fixture *fixture)
{
    assert_int_equal(apply(fixture, rating_of(3, 1, 10, 1)), TRUST_OK);
    assert_int_equal(apply(fixture, rating_of(3, 1, 10, 2)), TRUST_OK);
    return slot_of(fixture, rating_of(3, 1, 10, 1));
}

static void erasing_a_void_register_names_both_its_records(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    uint32_t slot = make_void(fixture);
    struct trust_effects effects = {0};
    trust_effect_erase_all(&effects, &fixture->ledger, slot);
    assert_int_equal(effects.count, 2);
    for (uint32_t i = 0; i < 2; i++) {
        const struct trust_effect *effect = &effects.items[i];
        assert_int_equal(effect->kind, TRUST_EFFECT_ERASE);
        assert_int_equal(effect->author, author_of(fixture, 3));
        assert_int_equal(effect->slot, slot);
        assert_int_equal(effect->seq, 10);
        assert_int_equal(effect->id.bytes[0], i + 1);
        struct trust_claim claim = rating_of(3, 1, 10, 1);
        assert_int_equal(trust_register_compare(&effect->place, &claim.place), 0);
    }
    fixture_close(fixture);
}

static void storing_names_the_claim_and_its_slot(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    uint32_t slot = make_void(fixture);
    struct trust_effects effects = {0};
    struct trust_claim claim = rating_of(3, 1, 10, 2);
    trust_effect_store(&effects, &fixture->ledger, slot, &claim);
    assert_int_equal(effects.count, 1);
    assert_int_equal(effects.items[0].kind, TRUST_EFFECT_STORE);
    assert_int_equal(effects.items[0].slot, slot);
    assert_int_equal(effects.items[0].seq, 10);
    assert_int_equal(effects.items[0].id.bytes[31], 2);
    fixture_close(fixture);
}

static void erasing_an_author_names_what_is_spared_or_zeros(void **state)
{
    (void)state;
    struct trust_effects effects = {0};
    struct trust_ledger_slot spared = {.seq = 7, .id = id_of(5)};
    trust_effect_erase_author(&effects, 4, NULL);
    trust_effect_erase_author(&effects, 4, &spared);
    struct trust_id zeros = {{0}};
    assert_int_equal(effects.items[0].kind, TRUST_EFFECT_ERASE_AUTHOR);
    assert_int_equal(effects.items[0].author, 4);
    assert_memory_equal(&effects.items[0].id, &zeros, sizeof zeros);
    assert_memory_equal(&effects.items[1].id, &spared.id, sizeof zeros);
    assert_int_equal(effects.items[1].seq, 7);
}

static void silencing_carries_its_bounds_and_a_slot_effect_its_slot(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    uint32_t slot = make_void(fixture);
    struct trust_effects effects = {0};
    trust_effect_silence(&effects, 6, 10, 20);
    trust_effect_slot(&effects, &fixture->ledger, TRUST_EFFECT_VOID, slot);
    assert_int_equal(effects.items[0].kind, TRUST_EFFECT_SILENCE);
    assert_int_equal(effects.items[0].author, 6);
    assert_int_equal(effects.items[0].seq, 10);
    assert_int_equal(effects.items[0].upto_seq, 20);
    assert_int_equal(effects.items[1].kind, TRUST_EFFECT_VOID);
    assert_int_equal(effects.items[1].author, author_of(fixture, 3));
    assert_int_equal(effects.items[1].slot, slot);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erasing_a_void_register_names_both_its_records),
        cmocka_unit_test(storing_names_the_claim_and_its_slot),
        cmocka_unit_test(erasing_an_author_names_what_is_spared_or_zeros),
        cmocka_unit_test(silencing_carries_its_bounds_and_a_slot_effect_its_slot),
    };
    return cmocka_run_group_tests_name("record/ledger_effect", tests, NULL, NULL);
}
