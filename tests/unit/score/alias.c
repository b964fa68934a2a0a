/* score/alias: whose aliases join, for how long, and what parts them. */
#include "score/alias.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "world.h"

#define A "mcp:io.example/a"
#define B "mcp:io.example/b"
#define C "mcp:io.example/c"

static uint32_t sign_alias(struct world *world, const char *author, const char *first,
                           const char *second, uint64_t life_s)
{
    struct trust_record record = {
        .kind = TRUST_KIND_ALIAS,
        .seq = world->now.wall.ms,
        .expires = world->now.wall.ms / 1000 + life_s,
        .alias = {.first = trust_bytes_text(first), .second = trust_bytes_text(second), .state = 1},
    };
    uint32_t slot = world->next_slot++;
    assert_int_equal(trust_scorer_hold(&world->scorer, slot, &record, world_key(world, author),
                                       TRUST_SCORER_NONE),
                     TRUST_OK);
    return slot;
}

static double evidence(struct world *world, const char *subject)
{
    world_tick(world);
    return world_score(world, subject, NULL).evidence;
}

static void open_rated(struct world *world)
{
    world_open(world, 16);
    world_vouch(world, WORLD_ME, "rater", 1000, TRUST_SCOPE_ALL);
    world_praise(world, WORLD_ME, A, 900);
    world_praise(world, "rater", B, 100);
}

static void my_own_alias_joins_and_its_end_parts(void **state)
{
    (void)state;
    struct world world;
    open_rated(&world);
    assert_true(evidence(&world, A) == 10);
    uint32_t slot = sign_alias(&world, WORLD_ME, A "@1.0", B, 1000);
    assert_true(evidence(&world, A) == 17);
    assert_true(evidence(&world, B) == 17);
    trust_scorer_drop(&world.scorer, slot);
    assert_true(evidence(&world, A) == 10);
    world_close(&world);
}

static void an_alias_ends_when_it_expires(void **state)
{
    (void)state;
    struct world world;
    open_rated(&world);
    sign_alias(&world, WORLD_ME, A, B, 1000);
    uint32_t a = 0;
    assert_int_equal(trust_scorer_watch(&world.scorer, &a, trust_bytes_text(A)), TRUST_OK);
    world_tick(&world);
    uint32_t changed = 0;
    while (trust_scorer_take_changed(&world.scorer, &changed))
        continue;
    world_wait(&world, 999);
    world_tick(&world);
    assert_false(trust_scorer_take_changed(&world.scorer, &changed));
    assert_int_not_equal(trust_scorer_joined(&world.scorer, a), TRUST_SERVER_NONE);
    world_wait(&world, 1);
    assert_true(evidence(&world, A) < 10.0001);
    assert_true(trust_scorer_take_changed(&world.scorer, &changed));
    assert_int_equal(changed, a);
    world_close(&world);
}

static void other_peoples_aliases_join_nothing(void **state)
{
    (void)state;
    struct world world;
    open_rated(&world);
    sign_alias(&world, "rater", A, B, 1000);
    assert_true(evidence(&world, A) == 10);
    trust_scorer_set_operator(&world.scorer, world_key(&world, "rater"));
    world_tick(&world);
    /* For the rater it is an own alias; nobody is vouched for there. */
    assert_true(evidence(&world, A) == 10);
    assert_true(world_score(&world, A, NULL).score == world_score(&world, B, NULL).score);
    world_close(&world);
}

static void a_configured_alias_joins_over_versions_and_can_be_taken_back(void **state)
{
    (void)state;
    struct world world;
    open_rated(&world);
    struct trust_bytes a = trust_bytes_text(A "@2.0");
    struct trust_bytes b = trust_bytes_text(B);
    assert_int_equal(trust_scorer_alias(&world.scorer, a, b, false), TRUST_NO_FOUND);
    assert_int_equal(trust_scorer_alias(&world.scorer, a, b, true), TRUST_OK);
    assert_int_equal(trust_scorer_alias(&world.scorer, b, a, true), TRUST_OK);
    assert_true(evidence(&world, A) == 17);
    assert_int_equal(trust_scorer_alias(&world.scorer, b, a, false), TRUST_OK);
    assert_true(evidence(&world, A) == 10);
    assert_int_equal(trust_scorer_alias(&world.scorer, trust_bytes_text("nonsense"), b, true),
                     TRUST_NO_SUBJECT);
    world_close(&world);
}

static void of_three_joined_servers_the_end_of_one_alias_parts_one(void **state)
{
    (void)state;
    struct world world;
    open_rated(&world);
    world_praise(&world, "rater", C, 100);
    sign_alias(&world, WORLD_ME, A, B, 1000);
    uint32_t second = sign_alias(&world, WORLD_ME, B, C, 1000);
    /* The rater counts once over all of them. */
    assert_true(evidence(&world, C) == 17);
    trust_scorer_drop(&world.scorer, second);
    assert_true(evidence(&world, C) == 7);
    assert_true(evidence(&world, A) == 17);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(my_own_alias_joins_and_its_end_parts),
        cmocka_unit_test(an_alias_ends_when_it_expires),
        cmocka_unit_test(other_peoples_aliases_join_nothing),
        cmocka_unit_test(a_configured_alias_joins_over_versions_and_can_be_taken_back),
        cmocka_unit_test(of_three_joined_servers_the_end_of_one_alias_parts_one),
    };
    return cmocka_run_group_tests_name("score/alias", tests, NULL, NULL);
}
