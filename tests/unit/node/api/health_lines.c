/* node/api/health_lines: each rule with the numbers around its edge. */
#include "node/api/health_lines.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A node that lacks nothing. */
static const struct health_facts well = {
    .has_operator = true,
    .has_vouch = true,
    .has_groups = true,
    .link_runs = true,
    .peers_known = 2,
    .peers_up = 1,
    .record_size = 89,
    .limit_size = 100,
};

static const struct health_line *find(const struct health_facts *facts, const char *code)
{
    static struct health_line lines[HEALTH_LINES_MAX];
    uint32_t count = health_lines_find(lines, facts);
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(lines[i].code, code) == 0)
            return &lines[i];
    }
    return NULL;
}

static void a_node_that_lacks_nothing_says_nothing(void **state)
{
    (void)state;
    struct health_line lines[HEALTH_LINES_MAX];
    assert_int_equal(health_lines_find(lines, &well), 0);
}

static void expect(const struct health_facts *facts, const char *code, enum health_level level,
                   const char *text)
{
    const struct health_line *line = find(facts, code);
    if (line == NULL) {
        fail_msg("there is no line %s", code);
        return;
    }
    assert_int_equal(line->level, level);
    assert_non_null(strstr(line->text, text));
    assert_non_null(line->next);
}

static void each_fact_has_its_line(void **state)
{
    (void)state;
    struct health_facts facts = well;
    facts.fault = TRUST_NO_ROOM;
    expect(&facts, "store_fault", HEALTH_ERROR, "TRUST_NO_ROOM");
    facts = well;
    facts.damaged = 3;
    expect(&facts, "records_damaged", HEALTH_ERROR, "3 stored records");
    facts = well;
    facts.record_size = 90;
    expect(&facts, "store_nearly_full", HEALTH_WARN, "90 of 100 bytes");
    facts = well;
    facts.unscored = 1;
    expect(&facts, "unscored", HEALTH_WARN, "1 record found");
    facts = well;
    facts.link_runs = false;
    expect(&facts, "link_down", HEALTH_ERROR, "does not run");
    facts = well;
    facts.link_restarts = 3;
    expect(&facts, "link_restarts", HEALTH_WARN, "3 times");
    facts.link_restarts = 2;
    assert_null(find(&facts, "link_restarts"));
    facts = well;
    facts.peers_skewed = 1;
    expect(&facts, "clock_skew", HEALTH_WARN, "1 peer has");
    facts = well;
    facts.clock_has_leapt = true;
    expect(&facts, "clock_jumped", HEALTH_WARN, "weeks ahead");
    facts = well;
    facts.uplink_is_down = true;
    expect(&facts, "uplink_down", HEALTH_WARN, "nothing is charged");
    facts = well;
    facts.api_is_crowded = true;
    expect(&facts, "api_crowded", HEALTH_WARN, "too many connections");
    facts = well;
    facts.audit_is_damaged = true;
    expect(&facts, "audit_damaged", HEALTH_ERROR, "are missing");
    facts = well;
    facts.held_back = 4;
    expect(&facts, "held_back", HEALTH_WARN, "4 quarantines");
    facts = well;
    facts.breakers_open = 5;
    expect(&facts, "breakers_open", HEALTH_INFO, "breakers of 5 servers are");
    facts.breakers_open = 1;
    expect(&facts, "breakers_open", HEALTH_INFO, "breaker of 1 server is");
    facts = well;
    facts.former_operators = 2;
    expect(&facts, "operator_changed", HEALTH_WARN, "the operator changed: all records are kept");
    facts.has_operator = false;
    expect(&facts, "operator_changed", HEALTH_WARN, "of 2 former ones");
    expect(&facts, "no_operator", HEALTH_WARN, "no operator key");
    const struct health_line *missing = find(&facts, "no_operator");
    if (missing != NULL)
        assert_string_equal(missing->next, "put keys/operator.pub back, then start it again");
    facts = well;
    facts.has_groups = false;
    expect(&facts, "no_groups", HEALTH_INFO, "no servers");
}

static void changed_manifests_are_said_with_what_waits(void **state)
{
    (void)state;
    struct health_facts facts = well;
    assert_null(find(&facts, "manifests_changed"));
    facts.manifests_changed = 1;
    expect(&facts, "manifests_changed", HEALTH_WARN,
           "1 server of a group offers other tools than were approved");
    facts.manifests_changed = 5;
    facts.changes_held = 1;
    expect(&facts, "manifests_changed", HEALTH_WARN,
           "5 servers of groups offer other tools than were approved (1 of them is not suspect");
}

static void what_is_withheld_is_said_with_its_reason(void **state)
{
    (void)state;
    struct health_facts facts = well;
    facts.withheld = 2;
    expect(&facts, "withheld", HEALTH_WARN, "2 servers are");
    facts.withheld = 1;
    expect(&facts, "withheld", HEALTH_WARN, "1 server is");
    facts = well;
    facts.withheld_by_file = 3;
    expect(&facts, "withheld_by_file", HEALTH_WARN, "3 servers are");
    facts = well;
    facts.withheld_damaged = 1;
    expect(&facts, "withheld_damaged", HEALTH_ERROR, "may be selected");
}

static void only_the_next_step_towards_trust_is_shown(void **state)
{
    (void)state;
    struct health_facts facts = {.has_groups = true, .link_runs = true};
    expect(&facts, "no_operator", HEALTH_WARN, "no operator key");
    assert_null(find(&facts, "no_peers"));
    facts.has_operator = true;
    facts.is_revoked = true;
    expect(&facts, "operator_revoked", HEALTH_ERROR, "was revoked");
    assert_null(find(&facts, "no_peers"));
    facts.is_revoked = false;
    assert_null(find(&facts, "operator_revoked"));
    expect(&facts, "no_peers", HEALTH_INFO, "no peers");
    assert_null(find(&facts, "no_vouch"));
    facts.peers_known = 2;
    expect(&facts, "peers_down", HEALTH_WARN, "none of 2 peers");
    facts.peers_up = 1;
    expect(&facts, "no_vouch", HEALTH_INFO, "no vouch");
    facts.has_vouch = true;
    assert_null(find(&facts, "no_vouch"));
}

static void the_worst_comes_first(void **state)
{
    (void)state;
    struct health_facts facts = {.fault = TRUST_FAIL_IO, .breakers_open = 1, .withheld = 1};
    struct health_line lines[HEALTH_LINES_MAX];
    uint32_t count = health_lines_find(lines, &facts);
    assert_int_equal(count, 6);
    assert_string_equal(lines[0].code, "store_fault");
    assert_string_equal(lines[1].code, "link_down");
    for (uint32_t i = 1; i < count; i++)
        assert_true(lines[i - 1].level >= lines[i].level);
    assert_string_equal(health_level_name(lines[0].level), "error");
}

static void everything_at_once_fits(void **state)
{
    (void)state;
    struct health_facts facts = {
        .former_operators = UINT32_MAX,
        .fault = TRUST_FAIL_IO,
        .damaged = UINT64_MAX,
        .record_size = UINT64_MAX,
        .limit_size = UINT64_MAX,
        .unscored = UINT64_MAX,
        .peers_skewed = UINT32_MAX,
        .uplink_is_down = true,
        .withheld = UINT32_MAX,
        .held_back = UINT64_MAX,
        .breakers_open = UINT32_MAX,
        .manifests_changed = UINT32_MAX,
        .changes_held = UINT32_MAX,
    };
    struct health_line lines[HEALTH_LINES_MAX];
    assert_int_equal(health_lines_find(lines, &facts), 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_that_lacks_nothing_says_nothing),
        cmocka_unit_test(each_fact_has_its_line),
        cmocka_unit_test(changed_manifests_are_said_with_what_waits),
        cmocka_unit_test(what_is_withheld_is_said_with_its_reason),
        cmocka_unit_test(only_the_next_step_towards_trust_is_shown),
        cmocka_unit_test(the_worst_comes_first),
        cmocka_unit_test(everything_at_once_fits),
    };
    return cmocka_run_group_tests_name("node/api/health_lines", tests, NULL, NULL);
}
