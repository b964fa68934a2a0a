/* shield/select: whole answers, the reason and time they give, and that nothing but the input
 * counts. */
#include "trust/select.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "choosing.h"

#define NAMED TRUST_CANDIDATE_NAMED
#define PRIMARY TRUST_CANDIDATE_PRIMARY

static struct trust_answer choose(struct trust_choice *out_choices,
                                  const struct trust_candidate *candidates, size_t count,
                                  const struct trust_request *request)
{
    struct trust_answer answer;
    assert_int_equal(trust_select(&answer, out_choices, candidates, count, request), TRUST_OK);
    assert_int_equal(answer.count + answer.refused_count, count);
    return answer;
}

static void nothing_to_choose_from_is_an_answer(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    request.need = 3;
    struct trust_answer answer = choose(NULL, NULL, 0, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_NO_PROVIDER);
    assert_true(answer.retry_after_ms == TRUST_NEVER_MS);
    assert_int_equal(answer.missing, 3);
}

static void too_many_candidates_are_refused_and_nothing_is_written(void **state)
{
    (void)state;
    static const struct trust_candidate candidates[TRUST_SELECT_MAX + 1];
    struct trust_request request = plain_request();
    struct trust_answer answer = {.count = 77};
    assert_int_equal(trust_select(&answer, NULL, candidates, TRUST_SELECT_MAX + 1, &request),
                     TRUST_NO_SIZE);
    assert_int_equal(answer.count, 77);
}

static void the_fallback_serves_while_the_primary_is_open_and_for_two_windows_after(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_choice choices[2];
    struct trust_candidate candidates[] = {candidate_of("p", NULL, PRIMARY),
                                           candidate_of("f", NULL, NAMED)};
    candidates[1].position = 1;
    struct trust_answer answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_OK);
    assert_int_equal(answer.count, 2);
    assert_int_equal(choices[0].index, 0);

    candidates[0].own = gate_of(TRUST_BREAKER_OPEN, NOW_MS + 5000);
    answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_OK);
    assert_int_equal(answer.reason, TRUST_REASON_NONE);
    assert_int_equal(answer.retry_after_ms, 0);
    assert_int_equal(answer.count, 1);
    assert_int_equal(choices[0].index, 1);
    assert_int_equal(choices[0].why, TRUST_WHY_NAMED);
    assert_int_equal(choices[1].index, 0);
    assert_int_equal(choices[1].why, TRUST_WHY_OWN_BREAKER);
    assert_int_equal(choices[1].opens_in_ms, 5000);

    /* its time is over: it is probed first */
    request.now.mono.ms = NOW_MS + 5000;
    answer = choose(choices, candidates, 2, &request);
    assert_int_equal(choices[0].index, 0);
    assert_int_equal(choices[0].leases, TRUST_LEASE_OWN);

    candidates[0].own = gate_of(TRUST_BREAKER_CLOSED, TRUST_MONO_NEVER);
    candidates[0].own.closed_since.ms = NOW_MS + 5000;
    answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.count, 2);
    assert_int_equal(choices[0].index, 1);
    assert_int_equal(choices[1].why, TRUST_WHY_HELD_BACK);
    request.now.mono.ms = NOW_MS + 64999;
    choose(choices, candidates, 2, &request);
    assert_int_equal(choices[0].index, 1);
    request.now.mono.ms = NOW_MS + 65000;
    choose(choices, candidates, 2, &request);
    assert_int_equal(choices[0].index, 0);
    assert_int_equal(choices[0].why, TRUST_WHY_PRIMARY);
}

static void the_reason_is_that_of_the_least_wait(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_choice choices[3];
    struct trust_candidate candidates[] = {candidate_of("a", NULL, PRIMARY),
                                           candidate_of("b", NULL, NAMED),
                                           candidate_of("c", NULL, NAMED)};
    candidates[0].withheld = TRUST_QUARANTINE_BANNED;
    candidates[1].own = gate_of(TRUST_BREAKER_OPEN, NOW_MS + 9000);
    candidates[2].life = TRUST_LIFE_RESTARTING;
    candidates[2].life_until.ms = NOW_MS + 400;
    struct trust_answer answer = choose(choices, candidates, 3, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_NO_PROVIDER);
    assert_int_equal(answer.retry_after_ms, 400);
    answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.reason, TRUST_REASON_ALL_OPEN);
    assert_int_equal(answer.retry_after_ms, 9000);
    candidates[1].own.rate_limited = 1;
    answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.reason, TRUST_REASON_RATE_LIMITED);
    answer = choose(choices, candidates, 1, &request);
    assert_int_equal(answer.reason, TRUST_REASON_QUARANTINED);
    assert_true(answer.retry_after_ms == TRUST_NEVER_MS);
    assert_string_equal(answer.message,
                        "The server for this is withheld for security reasons until the operator "
                        "decides. Do not try to reach the same effect by other means; continue "
                        "without it or tell the user.");
}

static void equal_waits_are_told_by_the_graver_reason_in_any_order(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    request.need = 1;
    struct trust_choice choices[3];
    struct trust_candidate candidates[] = {
        candidate_of("a", NULL, NAMED), candidate_of("b", NULL, NAMED | TRUST_CANDIDATE_EXCLUDED),
        candidate_of("c", NULL, NAMED)};
    candidates[1].tools = 1;
    candidates[2].tools = 1;
    candidates[2].withheld = TRUST_QUARANTINE_INVESTIGATING;
    for (uint16_t shift = 0; shift < 3; shift++) {
        for (uint16_t i = 0; i < 3; i++)
            candidates[i].position = (uint16_t)((i + shift) % 3);
        struct trust_answer answer = choose(choices, candidates, 3, &request);
        assert_int_equal(answer.reason, TRUST_REASON_QUARANTINED);
    }
    struct trust_answer answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.reason, TRUST_REASON_POLICY);
}

static void missing_tools_are_those_that_nobody_has(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    request.need = 15;
    struct trust_choice choices[2];
    struct trust_candidate candidates[] = {candidate_of("a", NULL, NAMED),
                                           candidate_of("b", NULL, NAMED)};
    candidates[0].tools = 1;
    candidates[1].tools = 2;
    candidates[1].changed = 4;
    struct trust_answer answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.missing, 8);
    assert_int_equal(answer.reason, TRUST_REASON_TOOL_CHANGED);
    candidates[1].changed = 0;
    answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.missing, 12);
    assert_int_equal(answer.reason, TRUST_REASON_NOT_COVERED);
}

static void when_all_are_open_one_attempt_is_allowed_if_the_group_says_so(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    struct trust_choice choices[4];
    struct trust_board_cell cells[] = {good_cell(600000), good_cell(800000), good_cell(950000),
                                       good_cell(990000)};
    struct trust_candidate candidates[4];
    static const char *const texts[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++) {
        candidates[i] = candidate_of(texts[i], &cells[i], NAMED);
        candidates[i].own = gate_of(TRUST_BREAKER_OPEN, NOW_MS + 1000 + i);
    }
    candidates[2].own = gate_of(TRUST_BREAKER_FORCED_OPEN, TRUST_MONO_NEVER);
    cells[3].quarantine = TRUST_QUARANTINE_QUARANTINED;
    struct trust_answer answer = choose(choices, candidates, 4, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_ALL_OPEN);
    assert_int_equal(answer.retry_after_ms, 1000);
    request.when_all_open = TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD;
    answer = choose(choices, candidates, 4, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_DEGRADED);
    assert_int_equal(answer.reason, TRUST_REASON_NONE);
    assert_int_equal(answer.count, 1);
    assert_int_equal(choices[0].index, 1);
    assert_int_equal(choices[0].why, TRUST_WHY_LEAST_BAD);
    assert_int_equal(choices[0].state, TRUST_CANDIDATE_STATE_OPEN);
    /* neither the operator's order nor a quarantine is overridden */
    answer = choose(choices, candidates + 2, 2, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_ALL_OPEN);
    assert_true(answer.retry_after_ms == TRUST_NEVER_MS);
}

static void an_old_basis_is_told_and_the_starting_primary_is_waited_for(void **state)
{
    (void)state;
    struct trust_request request = plain_request();
    request.basis = (struct trust_basis){.kind = TRUST_BASIS_STALE, .age_s = 90};
    struct trust_choice choices[2];
    struct trust_candidate candidates[] = {candidate_of("p", NULL, PRIMARY),
                                           candidate_of("f", NULL, NAMED)};
    candidates[0].life = TRUST_LIFE_STARTING;
    candidates[0].life_since.ms = NOW_MS - 500;
    struct trust_answer answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.status, TRUST_ANSWER_DEGRADED);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_STALE);
    assert_int_equal(answer.basis.age_s, 90);
    assert_int_equal(answer.wait_ms, 1500);
    assert_int_equal(choices[0].why, TRUST_WHY_STARTING);
    assert_int_equal(choices[0].state, TRUST_CANDIDATE_STATE_STARTING);
    candidates[0].life = TRUST_LIFE_READY;
    answer = choose(choices, candidates, 2, &request);
    assert_int_equal(answer.wait_ms, 0);
}

#define WORLD 300u

struct world {
    struct trust_board_cell cells[WORLD];
    struct trust_candidate candidates[WORLD];
    char texts[WORLD][8];
};

static void make_world(struct world *world, uint64_t seed)
{
    struct trust_random random = trust_random_init(seed);
    for (uint32_t i = 0; i < WORLD; i++) {
        int size = snprintf(world->texts[i], sizeof world->texts[i], "s%u", i);
        assert_true(size > 0);
        world->cells[i] = (struct trust_board_cell){
            .lower_ppm = (uint32_t)trust_random_below(&random, 21) * 50000,
            .first_hops = (uint8_t)trust_random_below(&random, 3),
            .ewma_us = (uint32_t)trust_random_below(&random, 3) * 100000,
            .quarantine = (uint8_t)(trust_random_below(&random, 10) == 0 ? 2 : 0),
            .breaker_state = (uint8_t)trust_random_below(&random, 3),
            .breaker_until.ms = NOW_MS + trust_random_below(&random, 9),
            .active.ms = NOW_MS - 5,
        };
        if (trust_random_below(&random, 5) == 0)
            world->cells[i].lower_ppm = TRUST_PPM_NONE;
        world->candidates[i] = candidate_of(world->texts[i], &world->cells[i],
                                            (uint8_t)(trust_random_below(&random, 4) * 2));
        world->candidates[i].position = (uint16_t)trust_random_below(&random, 40);
    }
}

static void shuffle(struct trust_candidate *candidates, size_t count, struct trust_random *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)trust_random_below(random, i);
        struct trust_candidate swap = candidates[i - 1];
        candidates[i - 1] = candidates[other];
        candidates[other] = swap;
    }
}

static void the_order_of_the_candidates_never_counts(void **state)
{
    (void)state;
    static struct world world;
    static struct trust_candidate shuffled[WORLD];
    static struct trust_choice first[WORLD];
    static struct trust_choice second[WORLD];
    struct trust_random random = trust_random_init(9);
    for (uint64_t seed = 0; seed < 40; seed++) {
        make_world(&world, seed);
        size_t count = seed % 2 == 0 ? WORLD : 1 + (size_t)seed % 32;
        struct trust_request request = plain_request();
        request.strategy = (uint8_t)(seed / 2 % 2);
        request.when_all_open = TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD;
        struct trust_answer answer = choose(first, world.candidates, count, &request);
        memcpy(shuffled, world.candidates, sizeof shuffled);
        shuffle(shuffled, count, &random);
        struct trust_answer again = choose(second, shuffled, count, &request);
        assert_int_equal(again.count, answer.count);
        assert_int_equal(again.reason, answer.reason);
        for (size_t i = 0; i < count; i++) {
            assert_ptr_equal(shuffled[second[i].index].cell, world.candidates[first[i].index].cell);
            assert_int_equal(second[i].why, first[i].why);
        }
    }
}

static void withheld_servers_are_never_among_those_that_may_serve(void **state)
{
    (void)state;
    static struct world world;
    static struct trust_choice choices[WORLD];
    for (uint64_t seed = 100; seed < 140; seed++) {
        make_world(&world, seed);
        struct trust_request request = plain_request();
        request.strategy = (uint8_t)(seed % 2);
        request.min_score_ppm = 0;
        request.when_all_open = TRUST_WHEN_ALL_OPEN_TRY_LEAST_BAD;
        struct trust_answer answer = choose(choices, world.candidates, WORLD, &request);
        assert_true(answer.count > 0);
        for (size_t i = 0; i < answer.count; i++)
            assert_int_equal(world.cells[choices[i].index].quarantine, TRUST_QUARANTINE_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_to_choose_from_is_an_answer),
        cmocka_unit_test(too_many_candidates_are_refused_and_nothing_is_written),
        cmocka_unit_test(the_fallback_serves_while_the_primary_is_open_and_for_two_windows_after),
        cmocka_unit_test(the_reason_is_that_of_the_least_wait),
        cmocka_unit_test(equal_waits_are_told_by_the_graver_reason_in_any_order),
        cmocka_unit_test(missing_tools_are_those_that_nobody_has),
        cmocka_unit_test(when_all_are_open_one_attempt_is_allowed_if_the_group_says_so),
        cmocka_unit_test(an_old_basis_is_told_and_the_starting_primary_is_waited_for),
        cmocka_unit_test(the_order_of_the_candidates_never_counts),
        cmocka_unit_test(withheld_servers_are_never_among_those_that_may_serve),
    };
    return cmocka_run_group_tests_name("shield/select", tests, NULL, NULL);
}
