/* repute/report_mcp_scan: what it says of a server, and what of the configuration that starts it.
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

#define REPORT(results) "{'totalScanned': 1, 'results': [" results "]}"
#define FINDING(id, severity) "{'id': '" id "', 'severity': '" severity "', 'description': 'x'}"

static void findings_are_weighed_by_the_table(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "draft critical malware mcp-scan.known-malicious search pkg:npm/%40acme/search@1.4.2 1",
        "draft high vulnerability mcp-scan.known-vulnerability-high search "
        "pkg:npm/%40acme/search@1.4.2 1",
        "draft high injection mcp-scan.prompt-injection-pattern search "
        "pkg:npm/%40acme/search@1.4.2 2",
        "draft medium other mcp-scan.new-rule search pkg:npm/%40acme/search@1.4.2 1",
        "draft medium impersonation mcp-scan.typosquat-detection search "
        "pkg:npm/%40acme/search@1.4.2 1",
        "configuration critical other mcp-scan.exposed-secret search "
        "pkg:npm/%40acme/search@1.4.2 1",
        "notice cleared other mcp-scan.official-server search pkg:npm/%40acme/search@1.4.2 1",
        NULL};
    reports_check(
        REPORT_AUTO,
        REPORT(
            "{'serverName': 'search', 'connection': {'command': 'npx', 'args': "
            "['-y', '@acme/search@1.4.2']}, 'findings': [" FINDING(
                "prompt-injection-pattern",
                "LO"
                "W") "," FINDING("known-malicious",
                                 "CRITICAL") "," FINDING("prompt-injection-pattern",
                                                         "HIGH") "," FINDING("known-vulnerability-"
                                                                             "high",
                                                                             "HIGH") "," FINDING("t"
                                                                                                 "y"
                                                                                                 "p"
                                                                                                 "o"
                                                                                                 "s"
                                                                                                 "q"
                                                                                                 "u"
                                                                                                 "a"
                                                                                                 "t"
                                                                                                 "-"
                                                                                                 "d"
                                                                                                 "e"
                                                                                                 "t"
                                                                                                 "e"
                                                                                                 "c"
                                                                                                 "t"
                                                                                                 "i"
                                                                                                 "o"
                                                                                                 "n",
                                                                                                 "H"
                                                                                                 "I"
                                                                                                 "G"
                                                                                                 "H") "," FINDING("exposed-secret",
                                                                                                                  "CRITICAL") "," FINDING("official-server",
                                                                                                                                          "INFO") "," FINDING("new-rule",
                                                                                                                                                              "CRITICAL") "]}"),
        1, lines);
}

static void a_scanners_own_error_is_no_verdict(void **state)
{
    (void)state;
    static const char *const lines[] = {"unscanned low other mcp-scan.scanner-error x - 1", NULL};
    reports_check(REPORT_MCP_SCAN,
                  REPORT("{'serverName': 'x', 'findings': [" FINDING("scanner-error", "LOW") "]}"),
                  1, lines);
}

static void a_server_is_known_by_its_launch_its_address_or_its_package(void **state)
{
    (void)state;
    static const struct {
        const char *members;
        const char *line;
    } rows[] = {
        {"'connection': {'url': 'https://x.example/mcp'}, 'metadata': {'packageName': 'y'}",
         "draft high injection mcp-scan.unicode-injection x https://x.example/mcp 1"},
        {"'connection': {'url': 'http://127.0.0.1:8080/mcp'}",
         "local high injection mcp-scan.unicode-injection x - 1"},
        {"'connection': {'command': 'node', 'args': ['x.js']}, 'metadata': {'packageName': 'y'}",
         "no_subject high injection mcp-scan.unicode-injection x - 1"},
        {"'connection': {'command': 'npx', 'args': ['mcp-remote', 'https://x.example/mcp']}",
         "no_subject high injection mcp-scan.unicode-injection x - 1"},
        {"'metadata': {'packageName': '@acme/y', 'source': 'npm'}",
         "draft high injection mcp-scan.unicode-injection x pkg:npm/%40acme/y 1"},
        {"'metadata': {'source': 'local'}",
         "no_subject high injection mcp-scan.unicode-injection x - 1"},
        {"'toolName': 'mcp'", "no_subject high injection mcp-scan.unicode-injection x - 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        const char *const lines[] = {rows[i].line, NULL};
        (void)snprintf(text, sizeof text,
                       REPORT("{'serverName': 'x', %s, 'findings': [" FINDING("unicode-injection",
                                                                              "HIGH") "]}"),
                       rows[i].members);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void nothing_found_is_a_verdict_and_nothing_scanned_is_none(void **state)
{
    (void)state;
    static const char *const nothing[] = {NULL};
    reports_check(REPORT_AUTO, REPORT("{'serverName': 'x', 'findings': []}"), 1, nothing);
    reports_check(REPORT_AUTO, "{'totalScanned': 0, 'results': []}", 0, nothing);
}

static void a_member_of_another_type_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wrong;
    } rows[] = {
        {"{'totalScanned': 1, 'results': {}}", "results: expected an array"},
        {"[]", "results: is missing"},
        {REPORT("1"), "results[0]: expected an object"},
        {REPORT("{'serverName': 'x'}"), "results[0].findings: is missing"},
        {REPORT("{'serverName': 1, 'findings': []}"), "results[0].serverName: expected a text"},
        {REPORT("{'findings': {}}"), "results[0].findings: expected an array"},
        {REPORT("{'findings': [], 'connection': []}"), "results[0].connection: expected an object"},
        {REPORT("{'findings': [], 'metadata': 'x'}"), "results[0].metadata: expected an object"},
        {REPORT("{'findings': []}, {'findings': ['x']}"),
         "results[1].findings[0]: expected an object"},
        {REPORT("{'findings': [{'severity': 'HIGH'}]}"), "results[0].findings[0].id: is missing"},
        {REPORT("{'findings': [{'id': ['x'], 'severity': 'HIGH'}]}"),
         "results[0].findings[0].id: expected a text"},
        {REPORT("{'findings': [" FINDING("x", "SEVERE") "]}"),
         "results[0].findings[0].severity: expected CRITICAL, HIGH, MEDIUM, LOW or INFO"},
        {REPORT("{'findings': [{'id': 'x'}]}"),
         "results[0].findings[0].severity: expected CRITICAL, HIGH, MEDIUM, LOW or INFO"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        reports_refuse(REPORT_MCP_SCAN, rows[i].text, TRUST_NO_TYPE, rows[i].wrong);
}

static void no_two_rows_are_about_one_rule(void **state)
{
    (void)state;
    for (const struct report_rule *row = report_mcp_scan_rules; row->id != NULL; row++)
        assert_ptr_equal(report_find(report_mcp_scan_rules, row->id), row);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_weighed_by_the_table),
        cmocka_unit_test(a_scanners_own_error_is_no_verdict),
        cmocka_unit_test(a_server_is_known_by_its_launch_its_address_or_its_package),
        cmocka_unit_test(nothing_found_is_a_verdict_and_nothing_scanned_is_none),
        cmocka_unit_test(a_member_of_another_type_is_told_with_its_place),
        cmocka_unit_test(no_two_rows_are_about_one_rule),
    };
    return cmocka_run_group_tests_name("repute/report_mcp_scan", tests, NULL, NULL);
}
