/* guard/chooser: a real client on a home of its own, without a node: its own breakers decide. */
#include "guard/session/chooser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "host/config.h"
#include "host/files.h"

static const char text[] =
    "breaker: { streak: 2 }\n"
    "groups:\n"
    "  work:\n"
    "    primary: { subject: \"mcp:io.example/a\", command: a, trust_hints: true }\n"
    "    fallbacks:\n"
    "      - { subject: \"mcp:io.example/b\", command: b }\n"
    "      - { subject: \"mcp:io.example/c\", command: c }\n";

struct desk {
    char folder[64];
    struct trust_config config;
    struct trust_client *client;
    struct chooser chooser;
    uint64_t call;
};

static const struct chooser_backend all_ready[3];

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    struct trust_yaml_fault fault;
    char path[128];
    assert_non_null(desk);
    (void)snprintf(desk->folder, sizeof desk->folder, "/tmp/rptXXXXXX");
    assert_non_null(mkdtemp(desk->folder));
    (void)snprintf(path, sizeof path, "%s/reputed.yaml", desk->folder);
    assert_int_equal(trust_file_write(path, trust_bytes_text(text), 0600), TRUST_OK);
    assert_int_equal(trust_config_load(&desk->config, &fault, path, trust_bytes_text(text)),
                     TRUST_OK);
    assert_int_equal(trust_client_open(&desk->client, desk->folder, "test"), TRUST_OK);
    chooser_init(&desk->chooser, desk->client, trust_config_group(&desk->config, "work"));
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    char path[128];
    chooser_close(&desk->chooser);
    trust_client_close(desk->client);
    trust_config_close(&desk->config);
    (void)snprintf(path, sizeof path, "%s/reputed.yaml", desk->folder);
    (void)unlink(path);
    (void)rmdir(desk->folder);
    free(desk);
    return 0;
}

static struct router_choice choose(struct desk *desk, const struct router_action *asked,
                                   const struct chooser_backend *backends)
{
    struct router_action action = *asked;
    struct router_choice choice;
    action.kind = ROUTER_CHOOSE;
    action.tool = action.tool == NULL ? "look" : action.tool;
    action.call = ++desk->call;
    chooser_choose(&desk->chooser, &choice, &action, backends);
    return choice;
}

static void settle(struct desk *desk, uint64_t call, enum trust_outcome_class class_)
{
    const struct router_action action = {
        .kind = ROUTER_SETTLE, .call = call, .outcome = {.class_ = class_, .latency_ms = 1}};
    chooser_settle(&desk->chooser, &action);
}

static void expect_backend(struct desk *desk, uint32_t able, uint32_t backend)
{
    struct router_choice choice = choose(desk, &(struct router_action){.able = able}, all_ready);
    assert_true(choice.is_found);
    assert_int_equal(choice.backend, backend);
    assert_int_equal(choice.wait_ms, 0);
    settle(desk, desk->call, TRUST_OUTCOME_OK);
}

static void the_first_that_is_able_is_taken(void **state)
{
    struct desk *desk = *state;
    expect_backend(desk, 7, 0);
    expect_backend(desk, 6, 1);
    expect_backend(desk, 4, 2);
    assert_int_equal(desk->chooser.permit_count, 0);
}

static void hints_are_believed_if_somebody_stands_for_them(void **state)
{
    struct desk *desk = *state;
    struct router_choice choice = choose(desk, &(struct router_action){.able = 1}, all_ready);
    assert_true(choice.is_believed);
    choice = choose(desk, &(struct router_action){.able = 2}, all_ready);
    assert_false(choice.is_believed); /* nothing is known of its score */
}

static void permits_are_settled_in_any_order(void **state)
{
    struct desk *desk = *state;
    for (uint64_t i = 1; i <= 40; i++)
        assert_true(choose(desk, &(struct router_action){.able = 1}, all_ready).is_found);
    assert_int_equal(desk->chooser.permit_count, 40);
    for (uint64_t i = 40; i > 20; i--)
        settle(desk, i, TRUST_OUTCOME_OK);
    for (uint64_t i = 1; i <= 19; i++)
        settle(desk, i, TRUST_OUTCOME_OK);
    assert_int_equal(desk->chooser.permit_count, 1); /* closing gives it back */
    assert_int_equal(desk->chooser.ids[0], 20);
}

static void failures_open_the_breaker_and_the_next_one_serves(void **state)
{
    struct desk *desk = *state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(choose(desk, &(struct router_action){.able = 7}, all_ready).backend, 0);
        settle(desk, desk->call, TRUST_OUTCOME_REFUSED);
    }
    expect_backend(desk, 7, 1);
    struct router_choice choice = choose(desk, &(struct router_action){.able = 1}, all_ready);
    assert_false(choice.is_found);
    assert_int_equal(choice.answer.reason, TRUST_REASON_ALL_OPEN);
    assert_true(choice.answer.retry_after_ms > 0);
    assert_true(choice.answer.retry_after_ms <= 7500); /* 5 s and the most of its jitter */
    assert_non_null(strstr(choice.candidates,
                           "{\"subject\":\"mcp:io.example/a\",\"state\":\"open\",\"why\":"
                           "\"tool_breaker\",\"score\":null,\"opens_in_ms\":"));
}

static void ready_ones_go_before_those_that_start(void **state)
{
    struct desk *desk = *state;
    const struct chooser_backend again[3] = {{.life = CHOOSER_STARTING}};
    struct router_choice choice = choose(desk, &(struct router_action){.able = 7}, again);
    assert_int_equal(choice.backend, 1);
    const struct chooser_backend later[3] = {{0}, {.life = CHOOSER_FIRST_START}, {0}};
    choice = choose(desk, &(struct router_action){.able = 6}, later);
    assert_int_equal(choice.backend, 2);
    /* Nothing else is left. */
    choice = choose(desk, &(struct router_action){.able = 2}, later);
    assert_true(choice.is_found);
    assert_int_equal(choice.backend, 1);
    assert_int_equal(choice.wait_ms, 0);
}

static void a_primary_in_its_first_start_is_waited_for(void **state)
{
    struct desk *desk = *state;
    const struct chooser_backend first[3] = {{.life = CHOOSER_FIRST_START}};
    struct router_choice choice = choose(desk, &(struct router_action){.able = 7}, first);
    assert_true(choice.is_found);
    assert_int_equal(choice.backend, 0);
    assert_int_equal(choice.wait_ms, TRUST_SELECT_START_WAIT_MS);
    choice = choose(desk, &(struct router_action){.able = 1}, first);
    assert_int_equal(choice.backend, 0);
    assert_int_equal(choice.wait_ms, 0);
}

struct refusal {
    struct router_action asked;
    struct chooser_backend backends[3];
    enum trust_reason reason;
    uint64_t retry_ms;
    const char *told;
};

#define TOLD(name, state, why, opens)                                                              \
    "{\"subject\":\"mcp:io.example/" name "\",\"state\":\"" state "\",\"why\":\"" why              \
    "\",\"score\":null,\"opens_in_ms\":" opens "}"

static void a_refusal_says_of_each_why(void **state)
{
    struct desk *desk = *state;
    static const struct refusal rows[] = {
        {{.able = 0},
         {{0}},
         TRUST_REASON_NOT_COVERED,
         TRUST_NEVER_MS,
         TOLD("a", "closed", "not_covered", "null")},
        {{.changed = 7},
         {{0}},
         TRUST_REASON_TOOL_CHANGED,
         TRUST_NEVER_MS,
         TOLD("b", "closed", "tool_changed", "null")},
        {{.able = 7},
         {{CHOOSER_RESTING, 900, TRUST_OUTCOME_REFUSED},
          {CHOOSER_RESTING, 400, TRUST_OUTCOME_HTTP5XX},
          {.life = CHOOSER_SKIPPED}},
         TRUST_REASON_NO_PROVIDER,
         400,
         TOLD("a", "down", "restarting", "900") "," TOLD("b", "down", "restarting", "400") "," TOLD(
             "c", "down", "transport", "null")},
        {{.able = 7},
         {{CHOOSER_RESTING, 900, TRUST_OUTCOME_AUTH},
          {CHOOSER_RESTING, 400, TRUST_OUTCOME_RATE_LIMITED},
          {.life = CHOOSER_SKIPPED}},
         TRUST_REASON_RATE_LIMITED,
         400,
         TOLD("a", "down", "auth_required", "900") "," TOLD("b", "down", "rate_limited", "400")},
        {{.tried = 7},
         {{0}},
         TRUST_REASON_NO_PROVIDER,
         TRUST_NEVER_MS,
         TOLD("c", "closed", "excluded", "null")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct router_choice choice = choose(desk, &rows[i].asked, rows[i].backends);
        assert_false(choice.is_found);
        assert_int_equal(choice.answer.reason, rows[i].reason);
        assert_true(choice.answer.retry_after_ms == rows[i].retry_ms);
        assert_int_equal(choice.answer.basis.kind, TRUST_BASIS_OWN);
        assert_non_null(strstr(choice.candidates, rows[i].told));
        assert_int_equal(choice.candidates[0], '[');
        assert_int_equal(choice.candidates[strlen(choice.candidates) - 1], ']');
    }
}

/* Names have no bound of their own on the wire. */
static void a_long_name_of_a_tool_has_no_cell_and_is_served(void **state)
{
    struct desk *desk = *state;
    char name[TRUST_CLIENT_TOOL_SIZE + 1];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    struct router_choice choice =
        choose(desk, &(struct router_action){.able = 7, .tool = name}, all_ready);
    assert_true(choice.is_found);
    assert_string_equal(desk->chooser.calls[0].target.tool, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_that_is_able_is_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hints_are_believed_if_somebody_stands_for_them, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(permits_are_settled_in_any_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(failures_open_the_breaker_and_the_next_one_serves, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(ready_ones_go_before_those_that_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_primary_in_its_first_start_is_waited_for, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_refusal_says_of_each_why, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_name_of_a_tool_has_no_cell_and_is_served, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("guard/chooser", tests, NULL, NULL);
}
