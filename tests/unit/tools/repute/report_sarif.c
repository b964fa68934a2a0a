/* repute/report_sarif: severities, classes and subjects of any tool's results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reports.h"
#include "repute/report.h"

#define RUN(driver, results)                                                                       \
    "{'version': '2.1.0', 'runs': [{'tool': {'driver': {" driver "}}, 'results': [" results "]}]}"
#define RULE(properties) "'name': 'T', 'rules': [{'id': 'r', " properties "}]"

static void the_score_of_the_rule_is_the_severity_and_else_the_level(void **state)
{
    (void)state;
    static const struct {
        const char *driver;
        const char *result;
        const char *line;
    } rows[] = {
        {"'name': 'T'", "", "no_subject medium other T.r - - 1"},
        {"'name': 'T'", ", 'level': 'note'", "no_subject low other T.r - - 1"},
        {"'name': 'T'", ", 'level': 'none'", "notice cleared other T.r - - 1"},
        /* A rule that says nothing of security is weighed as one that nobody knows. */
        {"'name': 'T'", ", 'level': 'error'", "no_subject medium other T.r - - 1"},
        {RULE("'defaultConfiguration': {'level': 'note'}"), "", "no_subject low other T.r - - 1"},
        {RULE("'defaultConfiguration': {'level': 'note'}"), ", 'level': 'warning'",
         "no_subject medium other T.r - - 1"},
        {RULE("'properties': {'security-severity': '9.0'}"), ", 'level': 'note'",
         "no_subject critical vulnerability T.r - - 1"},
        {RULE("'properties': {'security-severity': '8.9'}"), "",
         "no_subject high vulnerability T.r - - 1"},
        {RULE("'properties': {'security-severity': 7}"), "",
         "no_subject high vulnerability T.r - - 1"},
        {RULE("'properties': {'security-severity': '6.99'}"), "",
         "no_subject medium vulnerability T.r - - 1"},
        {RULE("'properties': {'security-severity': 4.0}"), "",
         "no_subject medium vulnerability T.r - - 1"},
        {RULE("'properties': {'security-severity': '0.1'}"), "",
         "no_subject low vulnerability T.r - - 1"},
        {RULE("'properties': {'security-severity': '0'}"), "",
         "notice cleared vulnerability T.r - - 1"},
        {RULE("'properties': {'security-severity': 'very'}"), ", 'level': 'note'",
         "no_subject low other T.r - - 1"},
        {RULE("'properties': {'security-severity': 'nan'}"), ", 'level': 'note'",
         "no_subject low other T.r - - 1"},
        {RULE("'properties': {'security-severity': '9.0'}"),
         ", 'properties': {'security-severity': '3.0'}", "no_subject low vulnerability T.r - - 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        const char *const lines[] = {rows[i].line, NULL};
        (void)snprintf(text, sizeof text, RUN("%s", "{'ruleId': 'r'%s}"), rows[i].driver,
                       rows[i].result);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void weaknesses_and_tags_say_the_class(void **state)
{
    (void)state;
    static const struct {
        const char *tags;
        const char *line;
    } rows[] = {
        {"'external/cwe/cwe-078'", "no_subject high vulnerability T.r - - 1"},
        {"'CWE-89: SQL Injection'", "no_subject high vulnerability T.r - - 1"},
        {"'security'", "no_subject high vulnerability T.r - - 1"},
        {"'security', 'external/cwe/cwe-200'", "no_subject high exposure T.r - - 1"},
        {"'external/cwe/cwe-798', 'security'", "no_subject high exposure T.r - - 1"},
        {"'external/cwe/cwe-506'", "no_subject high malware T.r - - 1"},
        {"'external/cwe/cwe-200', 'CWE-511'", "no_subject high malware T.r - - 1"},
        {"'maintainability', 'cwe-', 7", "no_subject medium other T.r - - 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        const char *const lines[] = {rows[i].line, NULL};
        (void)snprintf(
            text, sizeof text,
            RUN(RULE("'properties': {'tags': [%s]}"), "{'ruleId': 'r', 'level': 'error'}"),
            rows[i].tags);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void only_what_failed_and_stands_is_a_finding(void **state)
{
    (void)state;
    static const struct {
        const char *members;
        const char *line;
    } rows[] = {
        {"'kind': 'fail'", "no_subject medium other T.r - - 1"},
        {"'kind': 'pass'", "notice cleared other T.r - - 1"},
        {"'kind': 'review'", "notice cleared other T.r - - 1"},
        {"'baselineState': 'unchanged'", "no_subject medium other T.r - - 1"},
        {"'baselineState': 'absent'", "notice cleared other T.r - - 1"},
        {"'suppressions': []", "no_subject medium other T.r - - 1"},
        {"'suppressions': [{'kind': 'inSource'}]", "suppressed medium other T.r - - 1"},
        {"'suppressions': [{'status': 'accepted'}]", "suppressed medium other T.r - - 1"},
        {"'suppressions': [{'status': 'underReview'}, {'status': 'rejected'}]",
         "no_subject medium other T.r - - 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        const char *const lines[] = {rows[i].line, NULL};
        (void)snprintf(text, sizeof text, RUN("'name': 'T'", "{'ruleId': 'r', %s}"),
                       rows[i].members);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void a_logical_location_may_name_the_server(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *line;
    } rows[] = {
        {"mcp:io.acme/search", "draft medium other T.r mcp:io.acme/search mcp:io.acme/search 1"},
        {"pkg:npm/x@1.0.0", "draft medium other T.r pkg:npm/x@1.0.0 pkg:npm/x@1.0.0 1"},
        {"http://127.0.0.1:1/x", "local medium other T.r http://127.0.0.1:1/x - 1"},
        {"acme::search::run", "no_subject medium other T.r - - 1"},
        {"MCP:io.acme/search", "no_subject medium other T.r - - 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        const char *const lines[] = {rows[i].line, NULL};
        (void)snprintf(text, sizeof text,
                       RUN("'name': 'T'",
                           "{'ruleId': 'r', 'locations': [{'physicalLocation': {}}, "
                           "{'logicalLocations': [{'name': 'x'}, {'fullyQualifiedName': '%s'}]}]}"),
                       rows[i].name);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void a_tools_name_is_a_word_or_sarif(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *rule;
    } rows[] = {
        {"CodeQL", "CodeQL.r"},
        {"Some Tool 2.0", "Some-Tool-2.0.r"},
        {"sixteen-letters-", "sixteen-letters-.r"},
        {"seventeen-letters", "sarif.r"},
        {"t\303\266\303\266l", "sarif.r"},
        {"a\\tb", "sarif.r"},
        {"", "sarif.r"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        char line[128];
        const char *const lines[] = {line, NULL};
        (void)snprintf(text, sizeof text, RUN("'name': '%s'", "{'ruleId': 'r'}"), rows[i].name);
        (void)snprintf(line, sizeof line, "no_subject medium other %s - - 1", rows[i].rule);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void scanners_of_servers_keep_their_own_tables(void **state)
{
    (void)state;
    static const char *const mcp_scan[] = {
        "no_subject medium impersonation mcp-scan.typosquat-detection - - 1",
        "configuration high other mcp-scan.exposed-secret - - 1", NULL};
    static const char *const agent_scan[] = {"no_subject high poisoning agent-scan.E001 - - 1",
                                             "unscanned medium other agent-scan.X001 - - 1", NULL};
    reports_check(REPORT_AUTO,
                  RUN("'name': 'mcp-scan'", "{'ruleId': 'exposed-secret', 'level': 'error'}, "
                                            "{'ruleId': 'typosquat-detection', 'level': 'error'}"),
                  1, mcp_scan);
    reports_check(REPORT_AUTO,
                  RUN("'name': 'Snyk Agent Scan', 'rules': ["
                      "{'id': 'E001', 'properties': {'security-severity': '8.0'}}, "
                      "{'id': 'X001', 'properties': {'security-severity': '6.0'}}]",
                      "{'ruleId': 'E001'}, {'ruleId': 'X001'}"),
                  1, agent_scan);
}

static void rules_are_found_by_number_and_in_extensions(void **state)
{
    (void)state;
    static const char *const lines[] = {"no_subject critical vulnerability T.b - - 1",
                                        "no_subject high malware T.ext - - 1",
                                        "no_subject low other T.a - - 1", NULL};
    reports_check(
        REPORT_AUTO,
        "{'version': '2.1.0', 'runs': [{'tool': {'driver': {'name': 'T', 'rules': ["
        "{'id': 'a', 'defaultConfiguration': {'level': 'note'}}, "
        "{'id': 'b', 'properties': {'security-severity': '9.8'}}, {'id': 'a'}, 7]}, "
        "'extensions': [{'rules': [{'id': 'ext', 'properties': {'tags': ['CWE-506']}}]}]}, "
        "'results': [{'ruleIndex': 1}, {'ruleId': 'a', 'ruleIndex': 1}, "
        "{'rule': {'id': 'ext', 'toolComponent': {'index': 0}}, 'level': 'error'}]}]}",
        1, lines);
}

static void a_run_that_failed_is_no_verdict(void **state)
{
    (void)state;
    static const char *const failure[] = {"unscanned cleared other - - - 1", NULL};
    static const char *const nothing[] = {NULL};
    reports_check(REPORT_AUTO, RUN("'name': 'T'", ""), 1, nothing);
    reports_check(REPORT_AUTO, "{'version': '2.1.0', 'runs': [{'tool': {}}]}", 0, failure);
    reports_check(REPORT_AUTO,
                  "{'version': '2.1.0', 'runs': [{'results': [], 'invocations': "
                  "[{'executionSuccessful': true}, {'executionSuccessful': false}]}]}",
                  0, failure);
    reports_check(REPORT_AUTO, "{'version': '2.1.0', 'runs': []}", 0, nothing);
}

static void a_member_of_another_type_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wrong;
    } rows[] = {
        {"{'version': '2.1.0'}", "runs: is missing"},
        {"{'version': '2.1.0', 'runs': {}}", "runs: expected an array"},
        {"{'version': '2.1.0', 'runs': [1]}", "runs[0]: expected an object"},
        {"{'version': '2.1.0', 'runs': [{'results': {}}]}", "runs[0].results: expected an array"},
        {"{'version': '2.1.0', 'runs': [{'tool': 1}]}", "runs[0].tool: expected an object"},
        {"{'version': '2.1.0', 'runs': [{'tool': {'driver': {'rules': {}}}}]}",
         "runs[0].rules: expected an array"},
        {RUN("'name': 1", ""), "runs[0].name: expected a text"},
        {RUN("", "1"), "runs[0].results[0]: expected an object"},
        {RUN("", "{}"), "runs[0].results[0].ruleId: is missing"},
        {RUN("", "{'ruleIndex': 7}"), "runs[0].results[0].ruleId: is missing"},
        {RUN("", "{'ruleIndex': -1}"), "runs[0].results[0].ruleId: is missing"},
        {RUN("", "{'ruleId': 7}"), "runs[0].results[0].ruleId: expected a text"},
        {RUN("", "{'ruleId': 'r', 'level': 'bad'}"),
         "runs[0].results[0].level: expected error, warning, note or none"},
        {RUN("", "{'ruleId': 'r', 'level': 2}"), "runs[0].results[0].level: expected a text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        reports_refuse(REPORT_SARIF, rows[i].text, TRUST_NO_TYPE, rows[i].wrong);
    reports_refuse(REPORT_AUTO, "{'version': '2.0.0', 'runs': []}", TRUST_NO_VERSION,
                   "version: expected 2.1.0");
    reports_refuse(REPORT_AUTO, "{'runs': []}", TRUST_NO_VERSION, "version: expected 2.1.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_score_of_the_rule_is_the_severity_and_else_the_level),
        cmocka_unit_test(weaknesses_and_tags_say_the_class),
        cmocka_unit_test(only_what_failed_and_stands_is_a_finding),
        cmocka_unit_test(a_logical_location_may_name_the_server),
        cmocka_unit_test(a_tools_name_is_a_word_or_sarif),
        cmocka_unit_test(scanners_of_servers_keep_their_own_tables),
        cmocka_unit_test(rules_are_found_by_number_and_in_extensions),
        cmocka_unit_test(a_run_that_failed_is_no_verdict),
        cmocka_unit_test(a_member_of_another_type_is_told_with_its_place),
    };
    return cmocka_run_group_tests_name("repute/report_sarif", tests, NULL, NULL);
}
