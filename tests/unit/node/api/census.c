/* node/api/census: what says something now is counted, at once or in steps. */
#include "node/api/census.h"

#include "desk.h"

#define DAY_MS UINT64_C(86400000)

static void only_what_says_something_now_is_counted(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    struct census census = {0};
    struct trust_record record = rig_rating("mcp:io.example/a", 900, RIG_START_MS);
    (void)desk_publish(desk, record);
    assert_int_equal(census_live(&census, desk->core.engine, desk->core.now), 1);
    (void)desk_publish(desk, rig_rating("mcp:io.example/b", TRUST_RATING_WITHDRAWN, RIG_START_MS));
    assert_int_equal(census_live(&census, desk->core.engine, desk->core.now), 1);
    /* Two of one seq are void. */
    (void)desk_publish(desk, rig_rating("mcp:io.example/c", 1, RIG_START_MS));
    (void)desk_publish(desk, rig_rating("mcp:io.example/c", 2, RIG_START_MS));
    assert_int_equal(census_live(&census, desk->core.engine, desk->core.now), 1);
    (void)desk_publish(desk, (struct trust_record){.kind = TRUST_KIND_REVOCATION,
                                                   .seq = RIG_START_MS,
                                                   .revocation = {.reason = TRUST_REVOKED_RETIRED,
                                                                  .last_seq = RIG_START_MS}});
    assert_int_equal(census_live(&census, desk->core.engine, desk->core.now), 2);
    /* A revocation never expires; the rating does. */
    struct trust_now later = desk->core.now;
    later.wall.ms += 2 * DAY_MS;
    assert_int_equal(census_live(&census, desk->core.engine, later), 1);
    desk_close(desk);
}

static void a_count_in_steps_ends_and_is_taken_for_good_a_while(void **state)
{
    (void)state;
    struct desk *desk = desk_open();
    struct census census = {0};
    assert_int_equal(census_live(&census, desk->core.engine, desk->core.now), 0);
    assert_false(census.is_counting);
    assert_false(census_step(&census, desk->core.engine, desk->core.now));
    (void)desk_publish(desk, rig_rating("mcp:io.example/a", 900, RIG_START_MS));
    census.is_counting = true;
    census.cursor = 0;
    census.so_far = 0;
    while (census_step(&census, desk->core.engine, desk->core.now))
        ;
    assert_int_equal(census.live, 1);
    assert_true(census.is_known);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_says_something_now_is_counted),
        cmocka_unit_test(a_count_in_steps_ends_and_is_taken_for_good_a_while),
    };
    return cmocka_run_group_tests_name("node/api/census", tests, NULL, NULL);
}
