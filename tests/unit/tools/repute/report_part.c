/* repute/report_part: members of the right type, and what a rule's row makes of a finding. */
#include "repute/report_part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture.h"
#include "reports.h"

static void a_member_has_its_type_or_the_place_is_told(void **state)
{
    (void)state;
    struct report report = {0};
    json_t *found = NULL;
    const char *text = "untouched";
    json_t *object = json_pack("{s:[i],s:{},s:s,s:n,s:i}", "a", 1, "o", "t", "text", "n", "i", 1);
    report_at(&report, "results[%d]", 7);
    assert_int_equal(report_array(&report, &found, object, "a"), TRUST_OK);
    assert_int_equal(json_array_size(found), 1);
    assert_int_equal(report_object(&report, &found, object, "o"), TRUST_OK);
    assert_true(json_is_object(found));
    assert_int_equal(report_text(&report, &text, object, "t"), TRUST_OK);
    assert_string_equal(text, "text");
    assert_int_equal(report_text(&report, &text, object, "n"), TRUST_OK);
    assert_null(text);
    assert_int_equal(report_array(&report, &found, object, "absent"), TRUST_OK);
    assert_null(found);
    assert_int_equal(report_text(&report, &text, object, "i"), TRUST_NO_TYPE);
    assert_string_equal(report.wrong, "results[7].i: expected a text");
    assert_int_equal(report_array(&report, &found, object, "o"), TRUST_NO_TYPE);
    assert_string_equal(report.wrong, "results[7].o: expected an array");
    assert_int_equal(report_object(&report, &found, object, "a"), TRUST_NO_TYPE);
    assert_string_equal(report.wrong, "results[7].a: expected an object");
    assert_int_equal(report_is_object(&report, json_object_get(object, "a")), TRUST_NO_TYPE);
    assert_string_equal(report.wrong, "results[7]: expected an object");
    json_decref(object);
}

static void severities_are_words_in_any_case(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum trust_severity severity;
    } rows[] = {{"CRITICAL", TRUST_SEVERITY_CRITICAL}, {"High", TRUST_SEVERITY_HIGH},
                {"medium", TRUST_SEVERITY_MEDIUM},     {"moderate", TRUST_SEVERITY_MEDIUM},
                {"LOW", TRUST_SEVERITY_LOW},           {"INFO", TRUST_SEVERITY_CLEARED},
                {"none", TRUST_SEVERITY_CLEARED},      {"SAFE", TRUST_SEVERITY_CLEARED}};
    enum trust_severity severity = TRUST_SEVERITY_LOW;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(report_severity(&severity, rows[i].word));
        assert_int_equal(severity, rows[i].severity);
    }
    assert_false(report_severity(&severity, "SEVERE"));
    assert_false(report_severity(&severity, ""));
    assert_false(report_severity(&severity, "HIGH "));
}

static const struct report_rule rules[] = {
    {"server", REPORT_ABOUT_SERVER, TRUST_CLASS_INJECTION, TRUST_SEVERITY_MEDIUM},
    {"version", REPORT_ABOUT_VERSION, TRUST_CLASS_VULNERABILITY, TRUST_SEVERITY_CRITICAL},
    {"configuration", REPORT_ABOUT_CONFIGURATION, TRUST_CLASS_OTHER, TRUST_SEVERITY_CRITICAL},
    {"skill", REPORT_ABOUT_SKILL, TRUST_CLASS_OTHER, TRUST_SEVERITY_CRITICAL},
    {"nothing", REPORT_ABOUT_NOTHING, TRUST_CLASS_OTHER, TRUST_SEVERITY_CRITICAL},
    {"failure", REPORT_ABOUT_FAILURE, TRUST_CLASS_OTHER, TRUST_SEVERITY_CRITICAL},
    {0},
};

static const struct {
    const char *id;
    enum trust_severity severity;
    struct report_server server;
    const char *line;
} weighed[] = {
    {"server",
     TRUST_SEVERITY_CRITICAL,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "draft medium injection s.server x mcp:io.x/y 1"},
    {"server",
     TRUST_SEVERITY_LOW,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "draft low injection s.server x mcp:io.x/y 1"},
    {"server",
     TRUST_SEVERITY_CLEARED,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "notice cleared injection s.server x mcp:io.x/y 1"},
    {"server",
     TRUST_SEVERITY_HIGH,
     {NULL, FINDING_NO_SUBJECT, "", false},
     "no_subject medium injection s.server - - 1"},
    {"server",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_LOCAL, "", false},
     "local medium injection s.server x - 1"},
    {"version",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_TAKEN, "pkg:npm/y@1.2.3", false},
     "draft high vulnerability s.version x pkg:npm/y@1.2.3 1"},
    {"version",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_TAKEN, "pkg:npm/y", false},
     "no_version high vulnerability s.version x pkg:npm/y 1"},
    {"version",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_NO_SUBJECT, "", false},
     "no_subject high vulnerability s.version x - 1"},
    {"configuration",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "configuration high other s.configuration x mcp:io.x/y 1"},
    {"skill",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "not_a_server high other s.skill x mcp:io.x/y 1"},
    {"nothing",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "notice high other s.nothing x mcp:io.x/y 1"},
    {"failure",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "unscanned high other s.failure x mcp:io.x/y 1"},
    {"new-rule",
     TRUST_SEVERITY_CRITICAL,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "draft medium other s.new-rule x mcp:io.x/y 1"},
    {"a whole sentence",
     TRUST_SEVERITY_HIGH,
     {"x", FINDING_TAKEN, "mcp:io.x/y", false},
     "rule_name medium other - x mcp:io.x/y 1"},
};

static void the_row_says_what_a_finding_may_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof weighed / sizeof *weighed; i++) {
        struct report report = {0};
        const struct report_hit hit = {.scanner = "s",
                                       .id = weighed[i].id,
                                       .severity = weighed[i].severity,
                                       .rule = report_find(rules, weighed[i].id)};
        const char *const lines[] = {weighed[i].line, NULL};
        assert_int_equal(report_add(&report, &weighed[i].server, &hit), TRUST_OK);
        reports_expect(&report, lines);
        report_close(&report);
    }
}

static void servers_are_where_they_are_called_or_started(void **state)
{
    (void)state;
    static const struct {
        const char *entry; /* or, without a brace, an address */
        enum finding_fate fate;
        bool is_bridged;
        const char *subject;
    } rows[] = {
        {"{'command': 'npx', 'args': ['-y', '@acme/x@1.0.0']}", FINDING_TAKEN, false,
         "pkg:npm/%40acme/x@1.0.0"},
        {"{'command': 'npx', 'args': ['-y', '@acme/x@latest'], 'env': null}", FINDING_TAKEN, false,
         "pkg:npm/%40acme/x"},
        {"{'command': 'npx', 'args': ['x'], 'env': {'A': 'b'}}", FINDING_TAKEN, false, "pkg:npm/x"},
        {"{'command': 'npx', 'args': ['x'], 'env': {'NPM_CONFIG_REGISTRY': 'https://b'}}",
         FINDING_NO_SUBJECT, false, ""},
        {"{'command': 'npx', 'args': ['x'], 'env': ['A', 'NPM_CONFIG_REGISTRY']}",
         FINDING_NO_SUBJECT, false, ""},
        {"{'command': 'npx', 'args': ['mcp-remote', 'https://x.example/mcp']}", FINDING_TAKEN, true,
         "https://x.example/mcp"},
        {"{'command': 'node', 'args': ['x.js']}", FINDING_NO_SUBJECT, false, ""},
        {"{'url': 'https://x.example/mcp'}", FINDING_TAKEN, false, "https://x.example/mcp"},
        {"{}", FINDING_NO_SUBJECT, false, ""},
        {"https://x.example/mcp", FINDING_TAKEN, false, "https://x.example/mcp"},
        {"http://127.0.0.1:1/sse", FINDING_LOCAL, false, ""},
        {"http://x.example/mcp", FINDING_NO_SUBJECT, false, ""},
        {"stdio:uvx acme", FINDING_TAKEN, false, "pkg:pypi/acme"},
        {"stdio:uvx $acme", FINDING_NO_SUBJECT, false, ""},
        {"stdio:", FINDING_NO_SUBJECT, false, ""},
        {"configuration", FINDING_NO_SUBJECT, false, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report report = {0};
        struct report_server server = {.fate = FINDING_SUPPRESSED};
        if (rows[i].entry[0] == '{') {
            json_t *entry = capture_document(rows[i].entry);
            assert_int_equal(report_place(&report, &server, entry), TRUST_OK);
            json_decref(entry);
        } else {
            report_place_url(&server, rows[i].entry);
        }
        assert_string_equal(server.subject, rows[i].subject);
        assert_int_equal(server.fate, rows[i].fate);
        assert_int_equal(server.is_bridged, rows[i].is_bridged);
    }
}

static void a_launch_of_other_types_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *entry;
        const char *wrong;
    } rows[] = {
        {"{'command': 1}", "x.command: expected a text"},
        {"{'command': 'npx', 'args': 'x'}", "x.args: expected an array"},
        {"{'command': 'npx', 'args': ['x', 1]}", "x.args: expected texts"},
        {"{'url': ['x']}", "x.url: expected a text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct report report = {.place = "x"};
        struct report_server server = {0};
        json_t *entry = capture_document(rows[i].entry);
        assert_int_equal(report_place(&report, &server, entry), TRUST_NO_TYPE);
        assert_string_equal(report.wrong, rows[i].wrong);
        json_decref(entry);
    }
}

static void many_arguments_are_not_read(void **state)
{
    (void)state;
    struct report report = {0};
    struct report_server server = {0};
    json_t *args = json_array();
    json_t *entry = json_pack("{s:s,s:o}", "command", "npx", "args", args);
    for (size_t i = 0; i <= TRUST_SCAN_WORDS_MAX; i++)
        assert_int_equal(json_array_append_new(args, json_string("x")), 0);
    assert_int_equal(report_place(&report, &server, entry), TRUST_OK);
    assert_int_equal(server.fate, FINDING_NO_SUBJECT);
    json_decref(entry);
}

static void a_package_is_that_of_npm(void **state)
{
    (void)state;
    struct report_server server = {0};
    report_place_package(&server, "@acme/x@1.2.3");
    assert_string_equal(server.subject, "pkg:npm/%40acme/x@1.2.3");
    assert_int_equal(server.fate, FINDING_TAKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_has_its_type_or_the_place_is_told),
        cmocka_unit_test(severities_are_words_in_any_case),
        cmocka_unit_test(the_row_says_what_a_finding_may_be),
        cmocka_unit_test(servers_are_where_they_are_called_or_started),
        cmocka_unit_test(a_launch_of_other_types_is_refused),
        cmocka_unit_test(many_arguments_are_not_read),
        cmocka_unit_test(a_package_is_that_of_npm),
    };
    return cmocka_run_group_tests_name("repute/report_part", tests, NULL, NULL);
}
