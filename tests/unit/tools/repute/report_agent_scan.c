/* repute/report_agent_scan: both of its forms; skills and failures are no findings about servers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reports.h"
#include "repute/report.h"
#include "repute/report_part.h"

#define SIGNATURE "'signature': {'tools': []}"
#define SERVER "{'name': 'search', 'server': {'command': 'npx', 'args': ['@acme/search@1.4.2']}, "
#define PATHS(members) "{'/srv/mcp.json': {'path': '/srv/mcp.json', " members "}}"
#define RESPONSES(members) "{'scan_path_responses': [{'path': '~/x', " members "}]}"

static void issues_are_about_the_server_they_point_at(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "draft high shadowing agent-scan.E002 remote https://x.example/mcp 1",
        "draft high poisoning agent-scan.E001 search pkg:npm/%40acme/search@1.4.2 2",
        "draft medium other agent-scan.E099 remote https://x.example/mcp 1",
        "draft low injection agent-scan.W001 search pkg:npm/%40acme/search@1.4.2 1",
        "no_subject high injection agent-scan.E003 - - 1",
        "configuration medium other agent-scan.TF001 - - 1",
        "not_a_server high injection agent-scan.E003 helper - 1",
        "not_a_server high other agent-scan.E004 helper - 1",
        "notice medium other agent-scan.W003 search pkg:npm/%40acme/search@1.4.2 1",
        NULL};
    /* What is said of a skill under a server's code is not about a server either. */
    reports_check(
        REPORT_AUTO,
        PATHS("'servers': [" SERVER SIGNATURE "},"
              "{'name': 'remote', 'server': {'url': 'https://x.example/mcp'}, " SIGNATURE "},"
              "{'name': 'helper', 'server': {'path': '/x', 'type': 'skill'}, 'signature': null}],"
              "'issues': [{'code': 'E001', 'reference': [0, 0]},"
              "{'code': 'W001', 'reference': [0, 3]}, {'code': 'E001', 'reference': [0, null]},"
              "{'code': 'E002', 'reference': [1, 0]}, {'code': 'E099', 'reference': [1, 0]},"
              "{'code': 'W003', 'reference': [0, null]}, {'code': 'TF001', 'reference': null},"
              "{'code': 'E004', 'reference': [2, 0]}, {'code': 'E003', 'reference': [2, 0]},"
              "{'code': 'E003'}]"),
        3, lines);
}

static void what_could_not_be_seen_is_no_verdict(void **state)
{
    (void)state;
    static const char failure[] = "unscanned cleared other - search pkg:npm/%40acme/search@1.4.2 1";
    static const struct {
        const char *text;
        uint32_t scanned;
        const char *line; /* NULL: none */
    } rows[] = {
        {PATHS("'servers': [" SERVER SIGNATURE "}], 'issues': []"), 1, NULL},
        {PATHS("'servers': [" SERVER SIGNATURE ", 'error': {'is_failure': true}}], 'issues': []"),
         0, failure},
        {PATHS("'servers': [" SERVER SIGNATURE ", 'error': {}}], 'issues': []"), 0, failure},
        {PATHS("'servers': [" SERVER SIGNATURE ", 'error': {'is_failure': false}}], 'issues': []"),
         1, NULL},
        /* Configured, and not started. */
        {PATHS("'servers': [" SERVER "'signature': null, 'error': null}], 'issues': []"), 0,
         failure},
        /* inspect looks for nothing. */
        {PATHS("'servers': [" SERVER SIGNATURE "}]"), 0, failure},
        {PATHS("'servers': null, 'issues': [], 'error': {'is_failure': true}"), 0,
         "unscanned cleared other - - - 1"},
        {PATHS("'servers': null, 'issues': [], 'error': {'category': 'file_not_found', "
               "'is_failure': false}"),
         0, NULL},
        {PATHS("'servers': [], 'issues': [{'code': 'X007', 'reference': null}]"), 0,
         "unscanned low other agent-scan.X007 - - 1"},
        {RESPONSES("'server_risks': [{'name': 'a', 'risk_indexes': {}}]"), 1, NULL},
        {RESPONSES("'server_risks': [{'name': 'a', 'risk_indexes': {}, 'error': {}}]"), 0,
         "unscanned cleared other - a - 1"},
        {RESPONSES("'error': {'is_failure': true}"), 0, "unscanned cleared other - - - 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const lines[] = {rows[i].line, NULL};
        reports_check(REPORT_AUTO, rows[i].text, rows[i].scanned, lines);
    }
}

static void risks_carry_a_score_and_no_subject(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "no_subject critical poisoning agent-scan.prompt_injection_tool_desc github - 1",
        "no_subject medium injection agent-scan.dangerous_words github - 1",
        "no_subject medium other agent-scan.some_new_risk github - 1",
        "no_subject low exposure agent-scan.destructive_capabilities github - 1",
        "not_a_server medium other agent-scan.malicious_code helper - 1",
        "notice cleared exposure agent-scan.private_data github - 1",
        NULL};
    reports_check(REPORT_AUTO,
                  RESPONSES("'server_risks': [{'name': 'github', 'risk_indexes': {"
                            "'prompt_injection_tool_desc': {'score': 1000, 'evidence': 'x'},"
                            "'dangerous_words': {'score': 600},"
                            "'destructive_capabilities': {'score': 600},"
                            "'private_data': {'score': 0}, 'some_new_risk': {'score': 999}}}],"
                            "'skill_risks': [{'name': 'helper', 'risk_indexes': {"
                            "'malicious_code': {'score': 1000}}}]"),
                  1, lines);
}

static void scores_have_four_levels(void **state)
{
    (void)state;
    static const struct {
        int score;
        const char *line;
    } rows[] = {
        {1, "low"},      {100, "low"},  {299, "low"},       {300, "medium"},
        {599, "medium"}, {600, "high"}, {1000, "critical"}, {2000000000, "critical"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        char line[128];
        const char *const lines[] = {line, NULL};
        (void)snprintf(text, sizeof text,
                       RESPONSES("'server_risks': [{'name': 'a', 'risk_indexes': {"
                                 "'prompt_injection_tool_desc': {'score': %d}}}]"),
                       rows[i].score);
        (void)snprintf(line, sizeof line,
                       "no_subject %s poisoning agent-scan.prompt_injection_tool_desc a - 1",
                       rows[i].line);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void a_member_of_another_type_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wrong;
    } rows[] = {
        {"[]", "the document: expected an object"},
        {"{'/x': 1}", "path 0: expected an object"},
        {PATHS("'servers': {}"), "path 0.servers: expected an array"},
        {PATHS("'issues': 'x'"), "path 0.issues: expected an array"},
        {PATHS("'error': true"), "path 0.error: expected an object"},
        {PATHS("'servers': [1]"), "path 0.servers[0]: expected an object"},
        {PATHS("'servers': [{'server': 'x'}]"), "path 0.servers[0].server: expected an object"},
        {PATHS("'servers': [{'server': {'url': 1}}]"), "path 0.servers[0].url: expected a text"},
        {PATHS("'issues': [{}]"), "path 0.issues[0].code: is missing"},
        {PATHS("'issues': [{'code': 1}]"), "path 0.issues[0].code: expected a text"},
        {PATHS("'issues': [{'code': 'E001', 'reference': [0, 0]}]"),
         "path 0.issues[0].reference: expected the index of a server"},
        {PATHS("'servers': [" SERVER SIGNATURE "}], 'issues': [{'code': 'E1', 'reference': [-1]}]"),
         "path 0.issues[0].reference: expected the index of a server"},
        {PATHS("'servers': [" SERVER SIGNATURE "}], 'issues': [{'code': 'E1', 'reference': 0}]"),
         "path 0.issues[0].reference: expected the index of a server"},
        {"{'scan_path_responses': {}}", "scan_path_responses: expected an array"},
        {"{'scan_path_responses': [0]}", "scan_path_responses[0]: expected an object"},
        {RESPONSES("'server_risks': [[]]"),
         "scan_path_responses[0].server_risks[0]: expected an object"},
        {RESPONSES("'server_risks': [{'risk_indexes': {'x': 1}}]"),
         "scan_path_responses[0].server_risks[0]: expected an object"},
        {RESPONSES("'skill_risks': [{'risk_indexes': {'x': {'score': 'high'}}}]"),
         "scan_path_responses[0].skill_risks[0].score: expected a whole number from 0 to 1000"},
        {RESPONSES("'server_risks': [{'risk_indexes': {'x': {'score': -1}}}]"),
         "scan_path_responses[0].server_risks[0].score: expected a whole number from 0 to 1000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        reports_refuse(REPORT_AGENT_SCAN, rows[i].text, TRUST_NO_TYPE, rows[i].wrong);
}

static void no_two_rows_are_about_one_rule(void **state)
{
    (void)state;
    for (const struct report_rule *row = report_agent_scan_rules; row->id != NULL; row++)
        assert_ptr_equal(report_find(report_agent_scan_rules, row->id), row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(issues_are_about_the_server_they_point_at),
        cmocka_unit_test(what_could_not_be_seen_is_no_verdict),
        cmocka_unit_test(risks_carry_a_score_and_no_subject),
        cmocka_unit_test(scores_have_four_levels),
        cmocka_unit_test(a_member_of_another_type_is_told_with_its_place),
        cmocka_unit_test(no_two_rows_are_about_one_rule),
    };
    return cmocka_run_group_tests_name("repute/report_agent_scan", tests, NULL, NULL);
}
