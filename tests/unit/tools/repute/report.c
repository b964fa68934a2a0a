/* repute/report: what a report is told by, its bounds, and what is said of a broken one. */
#include "repute/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reports.h"

static void a_format_is_told_by_its_members(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum report_format format;
    } rows[] = {
        {"{'results': [], 'totalScanned': 0}", REPORT_MCP_SCAN},
        {"{'scan_path_responses': []}", REPORT_AGENT_SCAN},
        {"{'/srv/mcp.json': {'path': '/srv/mcp.json', 'servers': [], 'issues': []}}",
         REPORT_AGENT_SCAN},
        {"{'server_url': 'https://x.example/mcp', 'scan_results': []}", REPORT_CISCO},
        {"[{'status': 'completed', 'findings': {}, 'is_safe': true}]", REPORT_CISCO},
        {"{'version': '2.1.0', 'runs': []}", REPORT_SARIF},
        {"\357\273\277{'version': '2.1.0', 'runs': []}", REPORT_SARIF},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report report;
        assert_int_equal(reports_read(&report, REPORT_AUTO, rows[i].text), TRUST_OK);
        assert_int_equal(report.format, rows[i].format);
        assert_int_equal(report.findings.count, 0);
        report_close(&report);
    }
}

static void what_is_no_known_report_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {"{}",  "[]",       "{'results': []}",
                                       "[1]", "{'a': 1}", "{'a': {'path': 'a'}, 'b': {}}"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        reports_refuse(REPORT_AUTO, rows[i], TRUST_NO_TYPE,
                       "the document: no report of a scanner that is known");
}

static void broken_json_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wrong;
    } rows[] = {
        {"", "1:0: it ends too early"},
        {"{\n 'a': [1,\n", "3:0: it ends too early"},
        {"{} {}", "1:4: more stands behind its end"},
        {"{'a': 1, 'a': 2}", "1:12: a member that is there twice"},
        {"['\377']", "1:2: not UTF-8"},
        {"['\\u0000']", "1:9: a NUL in a text"},
        {"[123456789012345678901234567890]", "1:31: a number that is too large"},
        {"{a: 1}", "1:2: no JSON"},
        {"2025-10-30 - INFO - scanned\n[]", "1:4: no JSON"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report report;
        assert_int_equal(reports_read(&report, REPORT_AUTO, rows[i].text), TRUST_NO_SYNTAX);
        assert_string_equal(report.wrong, rows[i].wrong);
        report_close(&report);
    }
}

/* A text of count times piece. */
static char *repeat(const char *begin, const char *piece, size_t count, const char *end)
{
    size_t size = strlen(piece);
    char *text = malloc(strlen(begin) + count * size + strlen(end) + 1);
    assert_non_null(text);
    char *at = stpcpy(text, begin);
    for (size_t i = 0; i < count; i++) {
        memcpy(at, piece, size);
        at += size;
    }
    (void)strcpy(at, end);
    return text;
}

static void refuse(char *text, const char *wrong)
{
    reports_refuse(REPORT_CISCO, text, TRUST_NO_SIZE, wrong);
    free(text);
}

static void a_report_over_its_bounds_is_refused_before_it_is_parsed(void **state)
{
    (void)state;
    refuse(repeat("", "[", 65, ""), "1:65: nested too deeply");
    refuse(repeat("\n\n {'a': ", "[", 1000000, ""), "3:71: nested too deeply");
    refuse(repeat("[", "{},", REPORT_CONTAINERS_MAX, "{}]"), "1:2999999: too many values");
    refuse(repeat("[", "0,", REPORT_VALUES_MAX, "0]"), "1:8000001: too many values");
    refuse(repeat("['", "x", REPORT_SIZE_MAX, "']"), "longer than 50331648 bytes");
}

static void what_stands_in_a_text_is_not_counted(void **state)
{
    (void)state;
    char *text = repeat("[{'status': 'completed', 'findings': {}, 'tool_name': '", "[{,\\'\\\\",
                        1000, "'}]");
    static const char *const nothing[] = {NULL};
    reports_check(REPORT_CISCO, text, 1, nothing);
    free(text);
    /* 64 deep is not too deep. */
    text = repeat("[{'status': 'completed', 'findings': {}, 'x': ", "[", 62, "");
    char *whole = repeat(text, "]", 62, "}]");
    reports_check(REPORT_CISCO, whole, 1, nothing);
    free(whole);
    free(text);
}

static void a_hundred_thousand_findings_are_one_flag_each_rule(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "draft high injection mcp-scan.unicode-injection x https://x.example/mcp 100000", NULL};
    static const char begin[] = "{'totalScanned': 1, 'results': [{'serverName': 'x', 'connection':"
                                " {'url': 'https://x.example/mcp'}, 'findings': [";
    static const char piece[] = "{'id': 'unicode-injection', 'severity': 'HIGH'}";
    char more[64];
    (void)snprintf(more, sizeof more, "%s,", piece);
    char *text = repeat(begin, more, 99999, piece);
    char *whole = repeat(text, "", 0, "]}]}");
    reports_check(REPORT_AUTO, whole, 1, lines);
    free(whole);
    free(text);
    text = repeat(begin, more, FINDING_COUNT_MAX, piece);
    whole = repeat(text, "", 0, "]}]}");
    reports_refuse(REPORT_AUTO, whole, TRUST_NO_ROOM, "more than 131072 findings");
    free(whole);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_format_is_told_by_its_members),
        cmocka_unit_test(what_is_no_known_report_is_refused),
        cmocka_unit_test(broken_json_is_named_with_its_place),
        cmocka_unit_test(a_report_over_its_bounds_is_refused_before_it_is_parsed),
        cmocka_unit_test(what_stands_in_a_text_is_not_counted),
        cmocka_unit_test(a_hundred_thousand_findings_are_one_flag_each_rule),
    };
    return cmocka_run_group_tests_name("repute/report", tests, NULL, NULL);
}
