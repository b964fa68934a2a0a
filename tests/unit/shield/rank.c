/* shield/rank: places under both strategies, whatever the order of the input. */
#include "shield/rank.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "choosing.h"

#define SERVERS_MAX 8

/* A small world: texts, bounds and latencies by name. */
struct server {
    const char *text;
    uint32_t lower_ppm;
    uint32_t ewma_us;
};

struct world {
    struct trust_board_cell cells[SERVERS_MAX];
    struct trust_candidate candidates[SERVERS_MAX];
    struct trust_choice choices[SERVERS_MAX];
    uint64_t items[SERVERS_MAX];
    uint64_t scratch[SERVERS_MAX];
    struct trust_request request;
};

/* turned: the servers stand in the array in the reverse order. */
static struct trust_ranking ranking_of(struct world *world, const struct server *servers,
                                       size_t count, bool turned)
{
    memset(world, 0, sizeof *world);
    world->request = plain_request();
    for (size_t i = 0; i < count; i++) {
        const struct server *server = &servers[turned ? count - 1 - i : i];
        world->cells[i] = good_cell(server->lower_ppm);
        world->cells[i].ewma_us = server->ewma_us;
        world->candidates[i] = candidate_of(server->text, &world->cells[i], TRUST_CANDIDATE_NAMED);
        world->items[i] = trust_order_item(0, (uint32_t)i);
        world->choices[i].index = (uint16_t)i;
    }
    return (struct trust_ranking){.candidates = world->candidates,
                                  .choices = world->choices,
                                  .request = &world->request,
                                  .items = world->items,
                                  .scratch = world->scratch,
                                  .count = count,
                                  .median_us = 40000};
}

static const char *name_at(const struct trust_ranking *ranking, size_t place)
{
    uint32_t index = trust_order_index(ranking->items[place]);
    return (const char *)ranking->candidates[index].subject.data;
}

static enum trust_why why_at(const struct trust_ranking *ranking, size_t place)
{
    return (enum trust_why)ranking->choices[trust_order_index(ranking->items[place])].why;
}

static void best_goes_by_bound_then_by_cost_within_bands(void **state)
{
    (void)state;
    /* a alone; b leads a band of b, c, d, in which c is fastest; e falls out of it by one part;
     * f is unknown: behind everything, however fast. */
    static const struct server servers[] = {
        {"a", 900000, 900000}, {"b", 800000, 90000}, {"c", 760000, 10000},
        {"d", 750000, 500000}, {"e", 749999, 1000},  {"f", TRUST_PPM_NONE, 1},
    };
    static const char *const order[] = {"a", "c", "b", "d", "e", "f"};
    static const enum trust_why whys[] = {TRUST_WHY_SCORE, TRUST_WHY_COST,  TRUST_WHY_COST,
                                          TRUST_WHY_COST,  TRUST_WHY_SCORE, TRUST_WHY_UNSCORED};
    for (int turned = 0; turned < 2; turned++) {
        struct world world;
        struct trust_ranking ranking = ranking_of(&world, servers, 6, turned != 0);
        world.request.strategy = TRUST_STRATEGY_BEST;
        trust_rank_places(&ranking, 6);
        for (size_t i = 0; i < 6; i++) {
            assert_string_equal(name_at(&ranking, i), order[i]);
            assert_int_equal(why_at(&ranking, i), whys[i]);
        }
    }
}

static void a_bound_of_nothing_still_stands_before_no_bound(void **state)
{
    (void)state;
    static const struct server servers[] = {{"unknown", TRUST_PPM_NONE, 1}, {"zero", 0, 900000}};
    struct world world;
    struct trust_ranking ranking = ranking_of(&world, servers, 2, false);
    world.request.strategy = TRUST_STRATEGY_BEST;
    trust_rank_places(&ranking, 2);
    assert_string_equal(name_at(&ranking, 0), "zero");
    assert_int_equal(why_at(&ranking, 0), TRUST_WHY_SCORE);
    assert_int_equal(why_at(&ranking, 1), TRUST_WHY_UNSCORED);
}

static void a_new_server_starts_at_the_median_latency(void **state)
{
    (void)state;
    static const struct server servers[] = {
        {"slow", 800000, 41000}, {"new", 800000, 0}, {"fast", 800000, 39000}};
    struct world world;
    struct trust_ranking ranking = ranking_of(&world, servers, 3, false);
    world.request.strategy = TRUST_STRATEGY_BEST;
    trust_rank_places(&ranking, 3);
    assert_string_equal(name_at(&ranking, 0), "fast");
    assert_string_equal(name_at(&ranking, 1), "new");
    assert_string_equal(name_at(&ranking, 2), "slow");
}

/* The names of the first count of four equal servers, in the order that agent sees. */
static void order_of_equals(const char *out_names[4], const char *agent, size_t count, bool turned)
{
    static const struct server servers[] = {
        {"a", 800000, 10000}, {"b", 800000, 10000}, {"c", 800000, 10000}, {"d", 800000, 10000}};
    struct world world;
    struct trust_ranking ranking = ranking_of(&world, servers, count, turned);
    world.request.strategy = TRUST_STRATEGY_BEST;
    world.request.agent = text_of(agent);
    trust_rank_places(&ranking, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(why_at(&ranking, i), TRUST_WHY_TIE);
        out_names[i] = name_at(&ranking, i);
    }
}

static void ties_are_hashed_so_that_agents_spread_and_a_loss_moves_nobody(void **state)
{
    (void)state;
    static const char *const agents[] = {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"};
    bool is_first[4] = {false};
    for (size_t a = 0; a < 8; a++) {
        const char *names[4];
        const char *turned[4];
        const char *without_d[4];
        order_of_equals(names, agents[a], 4, false);
        order_of_equals(turned, agents[a], 4, true);
        order_of_equals(without_d, agents[a], 3, false);
        is_first[names[0][0] - 'a'] = true;
        for (size_t i = 0, j = 0; i < 4; i++) {
            assert_string_equal(turned[i], names[i]);
            if (strcmp(names[i], "d") != 0)
                assert_string_equal(without_d[j++], names[i]);
        }
    }
    assert_true(is_first[0] + is_first[1] + is_first[2] + is_first[3] >= 3);
}

static void primary_first_goes_by_tier_then_by_position(void **state)
{
    (void)state;
    static const struct server servers[] = {{"known", 900000, 0},   {"named2", 600000, 0},
                                            {"named1", 600000, 0},  {"vetted2", 600000, 0},
                                            {"vetted1", 700000, 0}, {"primary", 500000, 0}};
    static const enum trust_why whys[] = {TRUST_WHY_KNOWN,  TRUST_WHY_NAMED,  TRUST_WHY_NAMED,
                                          TRUST_WHY_VETTED, TRUST_WHY_VETTED, TRUST_WHY_PRIMARY};
    static const uint16_t positions[] = {1, 5, 4, 3, 2, 6};
    static const char *const order[] = {"primary", "vetted1", "vetted2",
                                        "named1",  "named2",  "known"};
    struct world world;
    struct trust_ranking ranking = ranking_of(&world, servers, 6, false);
    for (size_t i = 0; i < 6; i++) {
        world.choices[i].why = (uint8_t)whys[i];
        world.candidates[i].position = positions[i];
    }
    trust_rank_places(&ranking, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(name_at(&ranking, i), order[i]);
}

static void the_primary_is_held_back_only_behind_something_closed(void **state)
{
    (void)state;
    static const struct server servers[] = {{"primary", 900000, 0}, {"fallback", 600000, 0}};
    for (int half_open = 0; half_open < 2; half_open++) {
        struct world world;
        struct trust_ranking ranking = ranking_of(&world, servers, 2, false);
        world.choices[0].why = TRUST_WHY_HELD_BACK;
        world.choices[1].why = TRUST_WHY_NAMED;
        world.choices[1].leases = half_open != 0 ? TRUST_LEASE_OWN : 0;
        trust_rank_places(&ranking, 2);
        assert_string_equal(name_at(&ranking, 0), half_open != 0 ? "primary" : "fallback");
        assert_int_equal(world.choices[0].why,
                         half_open != 0 ? TRUST_WHY_PRIMARY : TRUST_WHY_HELD_BACK);
    }
}

static void equal_positions_go_by_text(void **state)
{
    (void)state;
    static const struct server servers[] = {
        {"bb", 900000, 0}, {"b", 900000, 0}, {"a", 900000, 0}, {"c", 900000, 0}};
    struct world world;
    struct trust_ranking ranking = ranking_of(&world, servers, 4, false);
    trust_rank_refused(&ranking, world.items, 4);
    static const char *const order[] = {"a", "b", "bb", "c"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(name_at(&ranking, i), order[i]);
}

static void the_least_bad_is_the_first_of_best_and_no_reason_is_touched(void **state)
{
    (void)state;
    static const struct server servers[] = {
        {"a", 700000, 1}, {"b", 800000, 900000}, {"c", TRUST_PPM_NONE, 1}};
    struct world world;
    struct trust_ranking ranking = ranking_of(&world, servers, 3, false);
    for (size_t i = 0; i < 3; i++)
        world.choices[i].why = TRUST_WHY_OWN_BREAKER;
    assert_int_equal(trust_rank_least_bad(&ranking, 3), 1);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(world.choices[i].why, TRUST_WHY_OWN_BREAKER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_goes_by_bound_then_by_cost_within_bands),
        cmocka_unit_test(a_bound_of_nothing_still_stands_before_no_bound),
        cmocka_unit_test(a_new_server_starts_at_the_median_latency),
        cmocka_unit_test(ties_are_hashed_so_that_agents_spread_and_a_loss_moves_nobody),
        cmocka_unit_test(primary_first_goes_by_tier_then_by_position),
        cmocka_unit_test(the_primary_is_held_back_only_behind_something_closed),
        cmocka_unit_test(equal_positions_go_by_text),
        cmocka_unit_test(the_least_bad_is_the_first_of_best_and_no_reason_is_touched),
    };
    return cmocka_run_group_tests_name("shield/rank", tests, NULL, NULL);
}
