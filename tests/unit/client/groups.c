/* client/groups: the configuration as long as it can be read, the last good one after that. */
#include "client/groups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

static bool refresh(struct world *world, struct trust_client_groups *groups)
{
    world_pass(world, 1000, false);
    return trust_client_groups_refresh(groups, world_path(world, TRUST_HOME_CONFIG),
                                       (struct trust_mono){atomic_load(&world->now_ms)});
}

static void a_group_is_taken_over_as_the_operator_wrote_it(void **state)
{
    struct world *world = *state;
    struct trust_client_groups groups;
    assert_int_equal(trust_client_groups_open(&groups), TRUST_OK);
    world_write(world, TRUST_HOME_CONFIG,
                WORLD_GROUP "    strategy: best\n"
                            "    risk: high\n"
                            "    min_score: 0.625\n"
                            "    vetted_only: true\n"
                            "    when_all_open: try_least_bad\n");
    assert_false(refresh(world, &groups));
    assert_true(groups.has_configuration);
    const struct trust_client_group *group = trust_client_groups_find(&groups, "search");
    assert_non_null(group);
    assert_int_equal(group->count, 3);
    assert_string_equal(group->members[0].target.subject, WORLD_FIRST);
    assert_true(group->members[0].is_primary);
    assert_int_equal(group->members[0].transport, TRUST_TRANSPORT_STDIO);
    assert_string_equal(group->members[2].target.subject, WORLD_THIRD);
    assert_false(group->members[2].is_primary);
    assert_int_equal(group->members[2].transport, TRUST_TRANSPORT_HTTP);
    assert_int_equal(group->strategy, TRUST_STRATEGY_BEST);
    assert_int_equal(group->risk, TRUST_RISK_HIGH);
    assert_int_equal(group->min_score_ppm, 625000);
    assert_int_equal(group->when_all_open, TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD);
    assert_true(group->vetted_only);
    assert_null(trust_client_groups_find(&groups, "other"));
    trust_client_groups_close(&groups);
}

static void a_changed_policy_is_told_of_and_a_bad_file_changes_nothing(void **state)
{
    struct world *world = *state;
    struct trust_client_groups groups;
    assert_int_equal(trust_client_groups_open(&groups), TRUST_OK);
    assert_int_equal(groups.policy.streak, 5);
    world_write(world, TRUST_HOME_CONFIG, WORLD_GROUP);
    assert_false(refresh(world, &groups));
    world_write(world, TRUST_HOME_CONFIG, "breaker: { streak: 3 }\n" WORLD_GROUP);
    assert_true(refresh(world, &groups));
    assert_int_equal(groups.policy.streak, 3);
    assert_false(refresh(world, &groups));
    world_write(world, TRUST_HOME_CONFIG, "breaker: { streak: [\n");
    assert_false(refresh(world, &groups));
    assert_int_equal(groups.policy.streak, 3);
    assert_non_null(trust_client_groups_find(&groups, "search"));
    world_write(world, TRUST_HOME_CONFIG, "network: main\n");
    assert_true(refresh(world, &groups));
    assert_int_equal(groups.policy.streak, 5);
    assert_null(trust_client_groups_find(&groups, "search"));
    trust_client_groups_close(&groups);
}

static void a_file_over_its_bound_is_not_read(void **state)
{
    struct world *world = *state;
    struct trust_client_groups groups;
    assert_int_equal(trust_client_groups_open(&groups), TRUST_OK);
    size_t size = ((size_t)1 << 20) + 2;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, '#', size - 1);
    text[size - 1] = '\0';
    world_write(world, TRUST_HOME_CONFIG, text);
    assert_false(refresh(world, &groups));
    assert_false(groups.has_configuration);
    free(text);
    trust_client_groups_close(&groups);
}

static void what_the_node_told_is_kept_until_the_configuration_can_be_read(void **state)
{
    struct world *world = *state;
    struct trust_client_groups groups;
    assert_int_equal(trust_client_groups_open(&groups), TRUST_OK);
    for (uint32_t i = 0; i < TRUST_CLIENT_LEARNED_MAX + 1; i++) {
        struct trust_client_group group = {.count = i, .learned = {.ms = 100 + i}};
        (void)snprintf(group.name, sizeof group.name, "group-%u", i);
        trust_client_groups_learn(&groups, &group);
    }
    assert_null(trust_client_groups_find(&groups, "group-0"));
    assert_int_equal(trust_client_groups_find(&groups, "group-1")->count, 1);
    struct trust_client_group again = {.name = "group-1", .count = 9, .learned = {.ms = 900}};
    trust_client_groups_learn(&groups, &again);
    assert_int_equal(trust_client_groups_find(&groups, "group-1")->count, 9);
    assert_int_equal(trust_client_groups_find(&groups, "group-2")->count, 2);
    world_write(world, TRUST_HOME_CONFIG, WORLD_GROUP);
    (void)refresh(world, &groups);
    assert_null(trust_client_groups_find(&groups, "group-1"));
    assert_non_null(trust_client_groups_find(&groups, "search"));
    trust_client_groups_close(&groups);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_group_is_taken_over_as_the_operator_wrote_it),
        TEST(a_changed_policy_is_told_of_and_a_bad_file_changes_nothing),
        TEST(a_file_over_its_bound_is_not_read),
        TEST(what_the_node_told_is_kept_until_the_configuration_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
