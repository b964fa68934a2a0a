/* shield/lease: slots, ends and checks of a half-open generation. */
#include "shield/lease.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "aborts.h"
#include "rig.h"

static void begin(struct rig *rig)
{
    rig_init(rig, 0);
    rig_half_open(rig);
}

static struct trust_permit add(struct rig *rig, uint64_t agent, uint64_t end_ms)
{
    return trust_lease_add(&rig->breaker, agent, (struct trust_mono){end_ms});
}

static void leases_take_the_first_free_slot(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    for (uint8_t i = 0; i < TRUST_BREAKER_PROBES_MAX; i++)
        assert_int_equal(add(&rig, i, 9000 + i).slot, i);
    assert_int_equal(trust_lease_count(&rig.breaker), 10);
    trust_lease_remove(&rig.breaker, 4);
    assert_int_equal(trust_lease_count(&rig.breaker), 9);
    assert_int_equal(add(&rig, 99, 9000).slot, 4);
}

static void the_cell_is_due_at_the_earliest_end(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    assert_true(rig.breaker.until_ms == TRUST_MONO_NEVER);
    add(&rig, 1, 9000);
    add(&rig, 2, 8000);
    add(&rig, 3, 8500);
    assert_int_equal(rig.breaker.until_ms, 8000);
    assert_false(trust_lease_remove_first(&rig.breaker));
    assert_int_equal(rig.breaker.until_ms, 8500);
    assert_false(trust_lease_is_held(&rig.breaker, 2));
    trust_lease_remove(&rig.breaker, 2);
    assert_int_equal(rig.breaker.until_ms, 9000);
    assert_false(trust_lease_remove_first(&rig.breaker));
    assert_true(rig.breaker.until_ms == TRUST_MONO_NEVER);
}

static void a_spare_lease_is_no_lease_of_its_agent_and_leaves_for_another(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    add(&rig, 1, 9000);
    struct trust_permit spare = add(&rig, 2, 8000);
    assert_false(trust_lease_remove_spare(&rig.breaker, 1));
    trust_lease_spare(&rig.breaker, spare.slot);
    assert_true(trust_lease_is_spare(&rig.breaker, spare.slot));
    assert_false(trust_lease_is_spare(&rig.breaker, 0));
    assert_false(trust_lease_is_held(&rig.breaker, 2));
    assert_true(trust_lease_is_of(&rig.breaker, &spare, 2));
    assert_false(trust_lease_remove_spare(&rig.breaker, 2));
    assert_true(trust_lease_remove_spare(&rig.breaker, 1));
    assert_false(trust_lease_is_live(&rig.breaker, &spare));
    assert_int_equal(trust_lease_count(&rig.breaker), 1);
    assert_int_equal(rig.breaker.until_ms, 9000);
    /* The next in its slot is none, and the first to end says what it was. */
    spare = add(&rig, 2, 8000);
    assert_false(trust_lease_is_spare(&rig.breaker, spare.slot));
    trust_lease_spare(&rig.breaker, spare.slot);
    assert_true(trust_lease_remove_first(&rig.breaker));
    assert_false(trust_lease_remove_first(&rig.breaker));
}

static void all_are_cancelled_at_once(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    struct trust_permit permit = add(&rig, 1, 9000);
    add(&rig, 2, 8000);
    trust_lease_cancel_all(&rig.breaker);
    assert_int_equal(trust_lease_count(&rig.breaker), 0);
    assert_false(trust_lease_is_live(&rig.breaker, &permit));
    assert_true(rig.breaker.until_ms == TRUST_MONO_NEVER);
    rig_init(&rig, 0); /* closed: the room has another use */
    struct trust_breaker before = rig.breaker;
    trust_lease_cancel_all(&rig.breaker);
    assert_memory_equal(&rig.breaker, &before, sizeof before);
}

static void an_end_has_48_bits(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    uint64_t end_ms = UINT64_C(0x123456789abc);
    add(&rig, 1, end_ms);
    assert_int_equal(rig.breaker.until_ms, end_ms);
    (void)trust_lease_remove_first(&rig.breaker);
    add(&rig, 1, UINT64_MAX - 1);
    assert_int_equal(rig.breaker.until_ms, (UINT64_C(1) << 48) - 1);
}

static void a_lease_is_live_for_its_own_permit_alone(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    struct trust_permit permit = add(&rig, 1, 9000);
    assert_true(trust_lease_is_live(&rig.breaker, &permit));
    assert_true(trust_lease_is_of(&rig.breaker, &permit, 1));
    assert_false(trust_lease_is_of(&rig.breaker, &permit, 2));
    struct trust_permit other = permit;
    other.check++;
    assert_false(trust_lease_is_live(&rig.breaker, &other));
    other = permit;
    other.generation++;
    assert_false(trust_lease_is_live(&rig.breaker, &other));
    other = permit;
    other.slot = 1;
    assert_false(trust_lease_is_live(&rig.breaker, &other));
    other.slot = TRUST_BREAKER_PROBES_MAX;
    assert_false(trust_lease_is_live(&rig.breaker, &other));
    other.slot = TRUST_PERMIT_NO_SLOT;
    assert_false(trust_lease_is_live(&rig.breaker, &other));
}

static void no_check_comes_back_within_65536_leases(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    static bool seen[65536];
    for (int i = 0; i < 65536; i++) {
        struct trust_permit permit = add(&rig, 1, 9000);
        assert_false(seen[permit.check]);
        seen[permit.check] = true;
        trust_lease_remove(&rig.breaker, permit.slot);
    }
}

static void remove_a_free_slot(void *context)
{
    struct rig *rig = context;
    trust_lease_remove(&rig->breaker, 3);
}

static void removing_what_is_not_there_is_a_bug(void **state)
{
    (void)state;
    struct rig rig;
    begin(&rig);
    assert_true(aborts(remove_a_free_slot, &rig));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leases_take_the_first_free_slot),
        cmocka_unit_test(the_cell_is_due_at_the_earliest_end),
        cmocka_unit_test(a_spare_lease_is_no_lease_of_its_agent_and_leaves_for_another),
        cmocka_unit_test(all_are_cancelled_at_once),
        cmocka_unit_test(an_end_has_48_bits),
        cmocka_unit_test(a_lease_is_live_for_its_own_permit_alone),
        cmocka_unit_test(no_check_comes_back_within_65536_leases),
        cmocka_unit_test(removing_what_is_not_there_is_a_bug),
    };
    return cmocka_run_group_tests_name("shield/lease", tests, NULL, NULL);
}
