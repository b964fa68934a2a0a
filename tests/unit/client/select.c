/* client/select: the whole choice over a real board, a configuration and the agent's own cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "trust/client.h"

#include "world.h"

static void a_group_is_chosen_from_without_asking_anybody(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer = world_select(world, choices);
    assert_int_equal(answer.status, TRUST_ANSWER_OK);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_FRESH);
    assert_int_equal(answer.count, 3);
    assert_int_equal(answer.refused_count, 0);
    assert_string_equal(choices[0].target.subject, WORLD_FIRST);
    assert_int_equal(choices[0].why, TRUST_WHY_PRIMARY);
    assert_int_equal(choices[0].score_ppm, 800000);
    assert_string_equal(choices[1].target.subject, WORLD_SECOND);
    assert_string_equal(choices[2].target.subject, WORLD_THIRD);
    assert_int_equal(choices[2].score_ppm, TRUST_PPM_NONE);
}

static void own_failures_hand_over_to_the_fallback(void **state)
{
    struct world *world = *state;
    world_whole(world);
    world_call(world, WORLD_FIRST, 5, TRUST_OUTCOME_REFUSED);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer = world_select(world, choices);
    assert_int_equal(answer.count, 2);
    assert_string_equal(choices[0].target.subject, WORLD_SECOND);
    assert_string_equal(choices[2].target.subject, WORLD_FIRST);
    assert_int_equal(choices[2].why, TRUST_WHY_OWN_BREAKER);
    assert_int_equal(choices[2].reason, TRUST_REASON_ALL_OPEN);
    assert_true(choices[2].opens_in_ms > 0 && choices[2].opens_in_ms <= 7500);
}

static void a_failing_tool_is_avoided_alone(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_client_target target;
    assert_int_equal(trust_client_target_init(&target, WORLD_FIRST, "find"), TRUST_OK);
    /* The server's own cell sees other calls succeed in between. */
    struct trust_client_call call;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(
            trust_client_permit(world->client, &call, &target, TRUST_CLIENT_NO_WAIT, NULL),
            TRUST_OK);
        trust_client_done(world->client, &call, TRUST_OUTCOME_GARBAGE);
        world_call(world, WORLD_FIRST, 2, TRUST_OUTCOME_OK);
    }
    struct trust_client_query query = {.group = "search", .tool = "find"};
    struct trust_answer answer;
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    assert_int_equal(trust_client_select(world->client, &answer, choices, 16, &query), TRUST_OK);
    assert_string_equal(choices[0].target.subject, WORLD_SECOND);
    assert_string_equal(choices[0].target.tool, "find");
    assert_int_equal(choices[2].why, TRUST_WHY_TOOL_BREAKER);
    query.tool = "other";
    assert_int_equal(trust_client_select(world->client, &answer, choices, 16, &query), TRUST_OK);
    assert_string_equal(choices[0].target.subject, WORLD_FIRST);
    assert_string_equal(choices[0].target.tool, "other");
}

static void what_the_shared_breaker_says_is_learned_from_the_board(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_board_cell cell = world_cell(80);
    cell.breaker_state = TRUST_BREAKER_OPEN;
    cell.breaker_until.ms = atomic_load(&world->now_ms) + 4000;
    world_put(world, WORLD_FIRST, cell);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer = world_select(world, choices);
    assert_string_equal(choices[0].target.subject, WORLD_SECOND);
    assert_int_equal(choices[2].why, TRUST_WHY_SHARED_BREAKER);
    assert_int_equal(choices[2].opens_in_ms, 4000);
    assert_int_equal(answer.retry_after_ms, 0);
}

static void with_every_server_open_the_answer_says_when_to_ask_again(void **state)
{
    struct world *world = *state;
    world_whole(world);
    world_call(world, WORLD_FIRST, 5, TRUST_OUTCOME_TIMEOUT);
    world_call(world, WORLD_SECOND, 5, TRUST_OUTCOME_TIMEOUT);
    world_call(world, WORLD_THIRD, 5, TRUST_OUTCOME_TIMEOUT);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer = world_select(world, choices);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_ALL_OPEN);
    assert_int_equal(answer.count, 0);
    assert_int_equal(answer.refused_count, 3);
    uint64_t least = choices[0].opens_in_ms;
    for (int i = 1; i < 3; i++)
        least = choices[i].opens_in_ms < least ? choices[i].opens_in_ms : least;
    assert_int_equal(answer.retry_after_ms, least);
    assert_true(least >= 2500 && least <= 7500);
    world_pass(world, least, true);
    answer = world_select(world, choices);
    assert_true(answer.count >= 1);
    assert_int_equal(choices[0].leases, TRUST_LEASE_OWN);
}

static void the_last_board_serves_while_the_node_is_away_and_says_its_age(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    (void)world_select(world, choices);
    world_pass(world, 5000, false);
    struct trust_answer answer = world_select(world, choices);
    assert_int_equal(answer.status, TRUST_ANSWER_DEGRADED);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_STALE);
    assert_int_equal(answer.basis.age_s, 5);
    assert_int_equal(answer.count, 3);
    /* back again, as another process with another board */
    world_board(world);
    world_show(world, WORLD_FIRST, 20);
    world_pass(world, 100, true);
    answer = world_select(world, choices);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_FRESH);
    assert_string_equal(choices[0].target.subject, WORLD_SECOND);
    assert_int_equal(choices[2].why, TRUST_WHY_MIN_SCORE);
}

static void high_risk_fails_closed_without_a_live_node(void **state)
{
    struct world *world = *state;
    world_whole(world);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer;
    const struct trust_client_query query = {.group = "search", .flags = TRUST_CLIENT_HIGH_RISK};
    assert_int_equal(trust_client_select(world->client, &answer, choices, 16, &query), TRUST_OK);
    assert_int_equal(answer.count, 1);
    assert_string_equal(choices[0].target.subject, WORLD_FIRST);
    world_pass(world, 5000, false);
    assert_int_equal(trust_client_select(world->client, &answer, choices, 16, &query), TRUST_OK);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_POLICY);
    assert_int_equal(choices[0].why, TRUST_WHY_STALE_BASIS);
}

static void without_any_board_the_own_cells_decide_and_withheld_stays_withheld(void **state)
{
    struct world *world = *state;
    world_write(world, TRUST_HOME_CONFIG, WORLD_GROUP);
    world_write(world, TRUST_HOME_WITHHELD, WORLD_FIRST " - banned -\n");
    world_client(world);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer = world_select(world, choices);
    assert_int_equal(answer.status, TRUST_ANSWER_DEGRADED);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_OWN);
    assert_int_equal(answer.count, 2);
    assert_string_equal(choices[0].target.subject, WORLD_SECOND);
    assert_int_equal(choices[2].why, TRUST_WHY_BANNED);
    assert_int_equal(choices[2].state, TRUST_CANDIDATE_STATE_WITHHELD);
}

static void candidates_are_taken_in_any_spelling_and_compete_by_score(void **state)
{
    struct world *world = *state;
    world_whole(world);
    static const char *const candidates[] = {
        "mcp:io.example/second", "https://THIRD.example:443/mcp", "mcp:io.example/first"};
    static const char *const exclude[] = {"mcp:io.example/second"};
    const struct trust_client_query query = {.candidates = candidates,
                                             .candidate_count = 3,
                                             .exclude = exclude,
                                             .exclude_count = 1,
                                             .wait_ms = TRUST_CLIENT_NO_WAIT};
    struct trust_answer answer;
    struct trust_client_choice choices[3];
    assert_int_equal(trust_client_select(world->client, &answer, choices, 3, &query), TRUST_OK);
    assert_int_equal(answer.count, 1);
    assert_string_equal(choices[0].target.subject, WORLD_FIRST);
    assert_int_equal(choices[1].why, TRUST_WHY_EXCLUDED);
    assert_string_equal(choices[2].target.subject, WORLD_THIRD);
    assert_int_equal(choices[2].why, TRUST_WHY_UNKNOWN);
}

static void the_caller_may_ask_for_more_care_than_the_operator_and_not_for_less(void **state)
{
    struct world *world = *state;
    world_write(world, TRUST_HOME_CONFIG, "policy: { min_score: 0.75 }\n" WORLD_GROUP);
    world_board(world);
    world_show(world, WORLD_FIRST, 80);
    world_show(world, WORLD_SECOND, 70);
    world_client(world);
    static const char *const candidates[] = {WORLD_FIRST, WORLD_SECOND};
    static const struct {
        uint32_t min_score_ppm;
        uint16_t count;
    } rows[] = {{0, 1}, {600000, 1}, {750000, 1}, {800000, 1}, {800001, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct trust_client_query query = {
            .candidates = candidates, .candidate_count = 2, .min_score_ppm = rows[i].min_score_ppm};
        struct trust_answer answer;
        struct trust_client_choice choices[2];
        assert_int_equal(trust_client_select(world->client, &answer, choices, 2, &query), TRUST_OK);
        assert_int_equal(answer.count, rows[i].count);
        assert_int_equal(choices[1].why, TRUST_WHY_MIN_SCORE);
    }
}

static void only_vetted_fallbacks_serve_where_group_or_caller_says_so(void **state)
{
    struct world *world = *state;
    world_write(world, TRUST_HOME_CONFIG, WORLD_GROUP);
    world_board(world);
    world_show(world, WORLD_FIRST, 80);
    world_show(world, WORLD_SECOND, 70);
    world_client(world);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer;
    const struct trust_client_query query = {.group = "search", .flags = TRUST_CLIENT_VETTED_ONLY};
    assert_int_equal(world_select(world, choices).count, 3);
    assert_int_equal(trust_client_select(world->client, &answer, choices, 16, &query), TRUST_OK);
    assert_int_equal(answer.count, 1);
    assert_int_equal(choices[1].why, TRUST_WHY_NOT_VETTED);
    world_write(world, TRUST_HOME_CONFIG, WORLD_GROUP "    vetted_only: true\n");
    world_pass(world, 1000, true);
    assert_int_equal(world_select(world, choices).count, 1);
    assert_int_equal(choices[1].why, TRUST_WHY_NOT_VETTED);
}

static void a_wrong_question_is_named_and_nothing_is_written(void **state)
{
    struct world *world = *state;
    world_whole(world);
    static char long_text[200];
    memset(long_text, 'x', sizeof long_text - 1);
    static const char *const wrong[] = {"no subject at all"};
    static const char *const right[] = {WORLD_FIRST, WORLD_SECOND};
    const struct {
        struct trust_client_query query;
        size_t room;
        enum trust_error error;
    } rows[] = {
        {{.group = "nothing"}, 16, TRUST_NO_FOUND},
        {{.group = NULL}, 16, TRUST_NO_OPTION},
        {{.group = "search", .candidates = right, .candidate_count = 2}, 16, TRUST_NO_OPTION},
        {{.group = "search"}, 15, TRUST_NO_SIZE},
        {{.group = "search", .tool = long_text}, 16, TRUST_NO_SIZE},
        {{.group = long_text}, 16, TRUST_NO_SIZE},
        {{.group = "search", .exclude = wrong, .exclude_count = 1}, 16, TRUST_NO_SUBJECT},
        {{.candidates = wrong, .candidate_count = 1}, 16, TRUST_NO_SUBJECT},
        {{.candidates = right, .candidate_count = 2}, 1, TRUST_NO_SIZE},
        {{.candidates = right, .candidate_count = 1025}, 2000, TRUST_NO_SIZE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_answer answer = {.count = 77};
        struct trust_client_choice choices[16];
        choices[0].why = 99;
        assert_int_equal(
            trust_client_select(world->client, &answer, choices, rows[i].room, &rows[i].query),
            rows[i].error);
        assert_int_equal(answer.count, 77);
        assert_int_equal(choices[0].why, 99);
    }
}

static int tell_of_group(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    (void)context;
    const char *group = json_string_value(json_object_get(body, "group"));
    if (strcmp(path, "/v1/select") != 0 || group == NULL || strcmp(group, "search") != 0) {
        *out_answer = json_pack("{s:s}", "code", "TRUST_NO_FOUND");
        return 404;
    }
    *out_answer = json_pack("{s:{s:[s, s], s:s}}", "policy", "servers", WORLD_SECOND, WORLD_FIRST,
                            "risk", "low");
    return 200;
}

static void a_group_that_may_not_be_read_is_asked_for_once_and_remembered(void **state)
{
    struct world *world = *state;
    world_board(world);
    world_show(world, WORLD_SECOND, 70);
    assert_true(
        peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), tell_of_group, NULL));
    world_client(world);
    const struct trust_client_query search = {.group = "search", .wait_ms = 5000};
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer;
    assert_int_equal(trust_client_select(world->client, &answer, choices, 16, &search), TRUST_OK);
    assert_int_equal(answer.count, 2);
    assert_string_equal(choices[0].target.subject, WORLD_SECOND);
    assert_string_equal(choices[1].target.subject, WORLD_FIRST);
    (void)world_select(world, choices);
    assert_int_equal(peer_count(&world->peer), 1);
    const struct trust_client_query other = {.group = "other", .wait_ms = 5000};
    assert_int_equal(trust_client_select(world->client, &answer, choices, 16, &other),
                     TRUST_NO_FOUND);
    /* the node goes: what it told serves on */
    peer_stop(&world->peer);
    world_pass(world, 60000, false);
    answer = world_select(world, choices);
    assert_int_equal(answer.count, 2);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_STALE);
}

static void an_unknown_group_without_a_node_is_an_answer_too(void **state)
{
    struct world *world = *state;
    world_client(world);
    struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX];
    struct trust_answer answer = world_select(world, choices);
    assert_int_equal(answer.status, TRUST_ANSWER_UNAVAILABLE);
    assert_int_equal(answer.reason, TRUST_REASON_NO_PROVIDER);
    assert_int_equal(answer.retry_after_ms, 1000);
    assert_int_equal(answer.basis.kind, TRUST_BASIS_NONE);
}

/* Shows on the board what it is asked to score, as the node does. */
static int show_asked(void *context, const char *path, const json_t *body, json_t **out_answer)
{
    const json_t *subjects = json_object_get(body, "subjects");
    if (strcmp(path, "/v1/score") != 0)
        return 404;
    for (size_t i = 0; i < json_array_size(subjects); i++)
        world_show(context, json_string_value(json_array_get(subjects, i)), 90);
    *out_answer = json_array();
    return 200;
}

static void servers_that_the_board_lacks_are_asked_for_once(void **state)
{
    struct world *world = *state;
    world_whole(world);
    assert_true(
        peer_start(&world->peer, world_path(world, TRUST_HOME_AGENT_SOCK), show_asked, world));
    static const char *const candidates[] = {WORLD_FIRST, "mcp:io.example/new"};
    const struct trust_client_query query = {
        .candidates = candidates, .candidate_count = 2, .wait_ms = 5000};
    struct trust_answer answer;
    struct trust_client_choice choices[2];
    assert_int_equal(trust_client_select(world->client, &answer, choices, 2, &query), TRUST_OK);
    assert_int_equal(answer.count, 2);
    assert_string_equal(choices[0].target.subject, "mcp:io.example/new");
    assert_int_equal(choices[0].score_ppm, 900000);
    assert_int_equal(peer_count(&world->peer), 1);
    assert_int_equal(json_array_size(json_object_get(world->peer.asked[0].body, "subjects")), 1);
    assert_int_equal(trust_client_select(world->client, &answer, choices, 2, &query), TRUST_OK);
    assert_int_equal(peer_count(&world->peer), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_group_is_chosen_from_without_asking_anybody),
        TEST(own_failures_hand_over_to_the_fallback),
        TEST(a_failing_tool_is_avoided_alone),
        TEST(what_the_shared_breaker_says_is_learned_from_the_board),
        TEST(with_every_server_open_the_answer_says_when_to_ask_again),
        TEST(the_last_board_serves_while_the_node_is_away_and_says_its_age),
        TEST(high_risk_fails_closed_without_a_live_node),
        TEST(without_any_board_the_own_cells_decide_and_withheld_stays_withheld),
        TEST(candidates_are_taken_in_any_spelling_and_compete_by_score),
        TEST(the_caller_may_ask_for_more_care_than_the_operator_and_not_for_less),
        TEST(only_vetted_fallbacks_serve_where_group_or_caller_says_so),
        TEST(a_wrong_question_is_named_and_nothing_is_written),
        TEST(a_group_that_may_not_be_read_is_asked_for_once_and_remembered),
        TEST(an_unknown_group_without_a_node_is_an_answer_too),
        TEST(servers_that_the_board_lacks_are_asked_for_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
