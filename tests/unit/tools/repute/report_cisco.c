/* repute/report_cisco: an object and a bare array, threats by name and by technique. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reports.h"
#include "repute/report.h"

#define RAW(results) "{'server_url': 'https://x.example/mcp', 'scan_results': [" results "]}"
#define DONE(findings)                                                                             \
    "{'status': 'completed', 'is_safe': false, 'tool_name': 't', 'findings': {" findings "}}"
#define YARA(severity, threats)                                                                    \
    "'yara_analyzer': {'severity': '" severity "', 'threat_names': [" threats "]}"
#define X " https://x.example/mcp https://x.example/mcp 1"

static void threats_have_one_name_each(void **state)
{
    (void)state;
    static const struct {
        const char *threat;
        const char *line;
    } rows[] = {
        {"PROMPT INJECTION", "draft high injection cisco.yara.prompt-injection" X},
        {"PROMPT_INJECTION", "draft high injection cisco.yara.prompt-injection" X},
        {"prompt injection", "draft high injection cisco.yara.prompt-injection" X},
        {"TOOL POISONING", "draft high poisoning cisco.yara.tool-poisoning" X},
        {"TOOL SHADOWING", "draft high shadowing cisco.yara.tool-shadowing" X},
        {"BACKDOOR", "draft high malware cisco.yara.backdoor" X},
        {"CREDENTIAL HARVESTING", "draft high exfiltration cisco.yara.credential-harvesting" X},
        {"INJECTION ATTACK", "draft high vulnerability cisco.yara.injection-attack" X},
        {"ARBITRARY RESOURCE READ/WRITE",
         "draft high vulnerability cisco.yara.arbitrary-resource-read.write" X},
        {"CODE EXECUTION", "draft medium exposure cisco.yara.code-execution" X},
        {"HARASSMENT", "draft low other cisco.yara.harassment" X},
        {"SECURITY_VIOLATION", "draft medium other cisco.yara.security-violation" X},
        {"other", "draft medium other cisco.yara.other" X},
        {"IGNORE ALL RULES", "rule_name medium other -" X},
        {"a\\u001b[2J", "rule_name medium other -" X},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        const char *const lines[] = {rows[i].line, NULL};
        (void)snprintf(text, sizeof text, RAW(DONE(YARA("HIGH", "'%s'"))), rows[i].threat);
        reports_check(REPORT_AUTO, text, 1, lines);
    }
}

static void an_analyzers_severity_is_that_of_each_of_its_threats(void **state)
{
    (void)state;
    static const char *const lines[] = {"draft high injection cisco.yara.prompt-injection" X,
                                        "draft medium exfiltration cisco.llm.data-exfiltration" X,
                                        "draft medium exposure cisco.yara.code-execution" X, NULL};
    reports_check(
        REPORT_AUTO,
        RAW(DONE(YARA(
            "HIGH",
            "'PROMPT INJECTION', 'CODE EXECUTION'") ", 'llm_analyzer': {'severity': 'MEDIUM', "
                                                    "'threat_names': "
                                                    "['DATA EXFILTRATION']}, 'api_analyzer': "
                                                    "{'severity': 'SAFE', "
                                                    "'threat_names': [], 'total_findings': 0}")),
        1, lines);
}

static void what_failed_is_no_verdict_even_if_it_is_called_safe(void **state)
{
    (void)state;
    static const char failure[] = "unscanned cleared other -" X;
    static const struct {
        const char *text;
        uint32_t scanned;
        const char *line; /* NULL: none */
    } rows[] = {
        {RAW(DONE("")), 1, NULL},
        {RAW(DONE(YARA("SAFE", ""))), 1, NULL},
        {RAW("{'status': 'failed', 'is_safe': true, 'findings': {}}"), 0, failure},
        {RAW("{'is_safe': true, 'findings': {}}"), 0, failure},
        {RAW("{'status': 'skipped', 'is_safe': true, 'findings': {}}"), 0, failure},
        {RAW(DONE(YARA("UNKNOWN", "'UNKNOWN'"))), 1, failure},
        {RAW(""), 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const lines[] = {rows[i].line, NULL};
        reports_check(REPORT_AUTO, rows[i].text, rows[i].scanned, lines);
    }
}

static void techniques_stand_in_for_names(void **state)
{
    (void)state;
    static const char *const lines[] = {"draft high vulnerability cisco.yara.AISubtech-9.1.4" X,
                                        "draft medium exposure cisco.yara.AISubtech-9.1.1" X,
                                        "draft medium other cisco.yara.AISubtech-99.9.9" X,
                                        "draft low poisoning cisco.yara.AISubtech-12.1.2" X, NULL};
    reports_check(REPORT_AUTO,
                  RAW(DONE("'yara_analyzer': {'severity': 'HIGH', 'threats': {'items': ["
                           "{'technique_id': 'AITech-9.1', 'items': [{'sub_technique_id': "
                           "'AISubtech-9.1.4'}, {'sub_technique_id': 'AISubtech-9.1.1', "
                           "'max_severity': 'HIGH'}]}, {'items': [{'sub_technique_id': "
                           "'AISubtech-12.1.2', 'max_severity': 'LOW'}, {'sub_technique_id': "
                           "'AISubtech-99.9.9'}]}]}}")),
                  1, lines);
}

static void a_finding_without_a_name_is_still_one(void **state)
{
    (void)state;
    static const char *const lines[] = {"draft medium other cisco.yara.unspecified" X, NULL};
    reports_check(REPORT_AUTO, RAW(DONE(YARA("HIGH", ""))), 1, lines);
}

static void a_server_is_the_address_or_the_name_of_a_configuration(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *line;
    } rows[] = {
        {"[{'status': 'completed', 'server_name': 'search', 'server_source': '/srv/x.json', "
         "'findings': {" YARA("HIGH", "'BACKDOOR'") "}}]",
         "no_subject high malware cisco.yara.backdoor search - 1"},
        {"[" DONE(YARA("HIGH", "'BACKDOOR'")) "]",
         "no_subject high malware cisco.yara.backdoor - - 1"},
        {"{'server_url': 'stdio:npx -y @acme/search@1.4.2', 'scan_results': [" DONE(
             YARA("HIGH", "'BACKDOOR'")) "]}",
         "draft high malware cisco.yara.backdoor stdio:npx -y @acme/search@1.4.2 "
         "pkg:npm/%40acme/search@1.4.2 1"},
        {"{'server_url': 'http://127.0.0.1:8001/sse', 'scan_results': [" DONE(
             YARA("HIGH", "'BACKDOOR'")) "]}",
         "local high malware cisco.yara.backdoor http://127.0.0.1:8001/sse - 1"},
        {"{'scan_results': [" DONE(
             "'x y': {'severity': 'HIGH', 'threat_names': ['BACKDOOR']}") "]}",
         "no_subject high malware cisco.backdoor - - 1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *const lines[] = {rows[i].line, NULL};
        reports_check(REPORT_AUTO, rows[i].text, 1, lines);
    }
}

static void a_member_of_another_type_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *wrong;
    } rows[] = {
        {"{}", "scan_results: is missing"},
        {"{'server_url': 1, 'scan_results': []}", "server_url: expected a text"},
        {"{'scan_results': {}}", "scan_results: expected an array"},
        {"[1]", "[0]: expected an object"},
        {RAW("[]"), "scan_results[0]: expected an object"},
        {RAW("{'status': 1}"), "scan_results[0].status: expected a text"},
        {RAW("{'status': 'completed'}"), "scan_results[0].findings: is missing"},
        {RAW("{'status': 'completed', 'findings': []}"),
         "scan_results[0].findings: expected an object"},
        {RAW(DONE("'a': {'severity': 'SAFE'}, 'b': 1")),
         "scan_results[0].findings, analyzer 1: expected an object"},
        {RAW(DONE("'a': {}")), "scan_results[0].findings, analyzer 0.severity: is missing"},
        {RAW(DONE(YARA("BAD", ""))), "scan_results[0].findings, analyzer 0.severity: expected "
                                     "CRITICAL, HIGH, MEDIUM, LOW, INFO, SAFE or UNKNOWN"},
        {RAW(DONE(YARA("HIGH", "1"))),
         "scan_results[0].findings, analyzer 0.threat_names: expected texts"},
        {RAW(DONE("'a': {'severity': 'HIGH', 'threats': {'items': [{'items': [{}]}]}}")),
         "scan_results[0].findings, analyzer 0.sub_technique_id: is missing"},
        {RAW(DONE("'a': {'severity': 'HIGH', 'threats': {'items': [{'items': "
                  "[{'sub_technique_id': 'x', 'max_severity': 'BAD'}]}]}}")),
         "scan_results[0].findings, analyzer 0.max_severity: expected HIGH, MEDIUM, LOW or INFO"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        reports_refuse(REPORT_CISCO, rows[i].text, TRUST_NO_TYPE, rows[i].wrong);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threats_have_one_name_each),
        cmocka_unit_test(an_analyzers_severity_is_that_of_each_of_its_threats),
        cmocka_unit_test(what_failed_is_no_verdict_even_if_it_is_called_safe),
        cmocka_unit_test(techniques_stand_in_for_names),
        cmocka_unit_test(a_finding_without_a_name_is_still_one),
        cmocka_unit_test(a_server_is_the_address_or_the_name_of_a_configuration),
        cmocka_unit_test(a_member_of_another_type_is_told_with_its_place),
    };
    return cmocka_run_group_tests_name("repute/report_cisco", tests, NULL, NULL);
}
