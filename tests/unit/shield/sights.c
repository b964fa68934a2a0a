/* shield/sights: what agents tell of a server's manifest, and what they cannot take back. */
#include "shield/sights.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS UINT64_C(86400000)

static struct trust_wall at(uint64_t ms)
{
    return (struct trust_wall){.ms = UINT64_C(1700000000000) + ms};
}

static struct trust_sight_told told(uint8_t view, uint8_t manifest, enum trust_manifest_state state)
{
    struct trust_sight_told told = {.agent = 1, .state = state};
    memset(told.view, view, sizeof told.view);
    memset(told.manifest, manifest, sizeof told.manifest);
    told.tools = state == TRUST_MANIFEST_CHANGED ? 2 : 0;
    return told;
}

static bool tell(struct trust_sights *sights, uint8_t view, uint8_t manifest,
                 enum trust_manifest_state state, uint64_t ms)
{
    const struct trust_sight_told one = told(view, manifest, state);
    return trust_sights_tell(sights, &one, at(ms));
}

static void what_is_told_again_is_nothing_new_but_the_time(void **state)
{
    (void)state;
    struct trust_sights sights = {0};
    assert_null(trust_sights_worst(&sights));
    assert_true(tell(&sights, 1, 7, TRUST_MANIFEST_PINNED, 10));
    assert_false(tell(&sights, 1, 7, TRUST_MANIFEST_PINNED, 20));
    const struct trust_sight *worst = trust_sights_worst(&sights);
    assert_int_equal(worst->state, TRUST_MANIFEST_PINNED);
    assert_true(worst->since.ms == at(10).ms);
    assert_true(worst->seen.ms == at(20).ms);
    assert_int_equal(worst->agent_count, 1);
    assert_true(trust_sights_changed(&sights).ms == 0);
}

static void agents_are_counted_each_once_and_up_to_a_bound(void **state)
{
    (void)state;
    struct trust_sights sights = {0};
    struct trust_sight_told one = told(1, 7, TRUST_MANIFEST_CHANGED);
    for (uint64_t agent = 1; agent <= TRUST_SIGHT_AGENTS_MAX + 3; agent++) {
        one.agent = agent;
        assert_int_equal(trust_sights_tell(&sights, &one, at(agent)),
                         agent <= TRUST_SIGHT_AGENTS_MAX);
        assert_false(trust_sights_tell(&sights, &one, at(agent)));
    }
    assert_int_equal(trust_sights_worst(&sights)->agent_count, TRUST_SIGHT_AGENTS_MAX);
    assert_true(trust_sights_changed(&sights).ms == at(1).ms);
}

static void a_change_stands_for_a_day_whoever_says_otherwise(void **state)
{
    (void)state;
    struct trust_sights sights = {0};
    assert_true(tell(&sights, 1, 7, TRUST_MANIFEST_PINNED, 0));
    assert_true(tell(&sights, 1, 8, TRUST_MANIFEST_CHANGED, 10));
    assert_int_equal(trust_sights_worst(&sights)->tools, 2);
    assert_false(tell(&sights, 1, 7, TRUST_MANIFEST_PINNED, 20));
    assert_false(tell(&sights, 1, 8, TRUST_MANIFEST_PENDING, 9 + DAY_MS));
    assert_int_equal(trust_sights_worst(&sights)->state, TRUST_MANIFEST_CHANGED);
    assert_int_equal(trust_sights_worst(&sights)->manifest[0], 8);
    assert_true(tell(&sights, 1, 7, TRUST_MANIFEST_PINNED, 10 + DAY_MS));
    assert_int_equal(trust_sights_worst(&sights)->state, TRUST_MANIFEST_PINNED);
    assert_int_equal(trust_sights_worst(&sights)->tools, 0);
}

static void changes_are_pushed_out_by_nothing_that_is_told(void **state)
{
    (void)state;
    struct trust_sights sights = {0};
    for (uint8_t view = 1; view <= TRUST_SIGHTS_MAX; view++)
        assert_true(tell(&sights, view, 7, TRUST_MANIFEST_PINNED, view));
    assert_true(tell(&sights, 3, 8, TRUST_MANIFEST_CHANGED, 20));
    for (uint8_t view = 10; view < 30; view++)
        assert_true(tell(&sights, view, 9, TRUST_MANIFEST_PINNED, 30 + view));
    assert_int_equal(trust_sights_worst(&sights)->state, TRUST_MANIFEST_CHANGED);
    for (uint8_t view = 30; view < 33; view++)
        assert_true(tell(&sights, view, 9, TRUST_MANIFEST_CHANGED, 100));
    assert_false(tell(&sights, 40, 9, TRUST_MANIFEST_CHANGED, 110));
    assert_true(trust_sights_accept(&sights, told(3, 8, 1).view, at(120), at(120)));
}

static void an_acceptance_is_of_one_view_and_of_what_was_known_then(void **state)
{
    (void)state;
    struct trust_sights sights = {0};
    const struct trust_sight_told seven = told(1, 7, TRUST_MANIFEST_CHANGED);
    const struct trust_sight_told eight = told(2, 8, TRUST_MANIFEST_CHANGED);
    assert_true(trust_sights_tell(&sights, &seven, at(10)));
    assert_true(trust_sights_tell(&sights, &eight, at(20)));
    assert_false(trust_sights_accept(&sights, eight.view, at(19), at(30)));
    assert_true(trust_sights_accept(&sights, eight.view, at(20), at(30)));
    assert_true(trust_sights_changed(&sights).ms == at(10).ms);
    assert_true(trust_sights_accept(&sights, seven.view, at(30), at(30)));
    assert_false(trust_sights_accept(&sights, told(5, 7, 1).view, at(30), at(30)));
    assert_true(trust_sights_changed(&sights).ms == 0);
    /* who has not heard of it cannot make it a change again; another manifest is one */
    assert_true(tell(&sights, 1, 7, TRUST_MANIFEST_PINNED, 40) == false);
    assert_false(trust_sights_tell(&sights, &seven, at(50)));
    assert_true(trust_sights_changed(&sights).ms == 0);
    assert_true(tell(&sights, 1, 9, TRUST_MANIFEST_CHANGED, 60));
    assert_true(trust_sights_changed(&sights).ms == at(60).ms);
}

static void sights_outlive_a_restart_and_damage_is_seen(void **state)
{
    (void)state;
    struct trust_sights sights = {0};
    uint8_t bytes[TRUST_SIGHTS_BYTES_MAX];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_sights_save(&sights, &writer);
    assert_int_equal(writer.size, 0);
    (void)tell(&sights, 1, 7, TRUST_MANIFEST_PINNED, 10);
    (void)tell(&sights, 2, 8, TRUST_MANIFEST_CHANGED, 20);
    trust_sights_save(&sights, &writer);
    assert_false(trust_writer_has_overflowed(&writer));
    assert_int_equal(writer.size, 1 + 2 * TRUST_SIGHT_BYTES);
    struct trust_sights loaded;
    assert_int_equal(trust_sights_load(&loaded, trust_writer_bytes(&writer)), TRUST_OK);
    const struct trust_sight *worst = trust_sights_worst(&loaded);
    assert_int_equal(worst->state, TRUST_MANIFEST_CHANGED);
    assert_int_equal(worst->manifest[31], 8);
    assert_int_equal(worst->tools, 2);
    assert_int_equal(worst->agent_count, 0);
    assert_true(trust_sights_changed(&loaded).ms == at(20).ms);
    for (size_t size = 0; size < writer.size; size++) {
        if (size != 1 && size != 1 + TRUST_SIGHT_BYTES)
            assert_int_equal(trust_sights_load(&loaded, (struct trust_bytes){bytes, size}),
                             TRUST_NO_SYNTAX);
    }
    bytes[TRUST_SIGHT_BYTES - 1] = 4;
    assert_int_equal(trust_sights_load(&loaded, trust_writer_bytes(&writer)), TRUST_NO_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_again_is_nothing_new_but_the_time),
        cmocka_unit_test(agents_are_counted_each_once_and_up_to_a_bound),
        cmocka_unit_test(a_change_stands_for_a_day_whoever_says_otherwise),
        cmocka_unit_test(changes_are_pushed_out_by_nothing_that_is_told),
        cmocka_unit_test(an_acceptance_is_of_one_view_and_of_what_was_known_then),
        cmocka_unit_test(sights_outlive_a_restart_and_damage_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
