/* repute/finding: names are cut to what may be signed or shown, and equal findings are one. */
#include "repute/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_rule_is_a_name_in_the_alphabet_of_rules(void **state)
{
    (void)state;
    static const struct {
        const char *scanner;
        const char *name;
        const char *rule; /* NULL: refused */
    } rows[] = {
        {"mcp-scan", "exposed-secret", "mcp-scan.exposed-secret"},
        {"CodeQL", "js/sql-injection", "CodeQL.js.sql-injection"},
        {"x", "SNYK:js:1.0@2#a+b~c,d", "x.SNYK.js.1.0.2.a.b.c.d"},
        {"x", "a_B-9.", "x.a_B-9."},
        {"x", "", NULL},
        {"x", "ignore all previous instructions", NULL},
        {"x", "tab\there", NULL},
        {"x", "line\nfeed", NULL},
        {"x", "\033[2J", NULL},
        {"x", "quote\"s", NULL},
        {"x", "r\303\274le", NULL},
        {"x", "\342\200\256elur", NULL},
        {"x y", "a", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char rule[TRUST_RULE_SIZE_MAX + 1] = "untouched";
        assert_int_equal(finding_name_rule(rule, rows[i].scanner, rows[i].name),
                         rows[i].rule != NULL);
        assert_string_equal(rule, rows[i].rule == NULL ? "untouched" : rows[i].rule);
    }
}

static void a_long_rule_ends_in_its_hash(void **state)
{
    (void)state;
    static const char begin[] = "python.lang.security.audit.dangerous-subproc";
    char first[TRUST_RULE_SIZE_MAX + 1];
    char second[TRUST_RULE_SIZE_MAX + 1];
    char name[64];
    /* 48 characters fit. */
    assert_int_equal(sizeof begin - 1, 44);
    assert_true(finding_name_rule(first, "abc", begin));
    assert_string_equal(first, "abc.python.lang.security.audit.dangerous-subproc");
    (void)snprintf(name, sizeof name, "%s1", begin);
    assert_true(finding_name_rule(first, "abc", name));
    (void)snprintf(name, sizeof name, "%s2", begin);
    assert_true(finding_name_rule(second, "abc", name));
    assert_int_equal(strlen(first), 48);
    assert_int_equal(strlen(second), 48);
    assert_memory_equal(first, "abc.python.lang.security.audit.dangerou", 39);
    assert_int_equal(first[39], '-');
    assert_int_equal(strspn(first + 40, "0123456789abcdef"), 8);
    assert_memory_equal(first, second, 40);
    assert_string_not_equal(first, second);
    /* What does not fit is read to its end. */
    char prose[256];
    memset(prose, 'x', sizeof prose - 2);
    prose[sizeof prose - 2] = ' ';
    prose[sizeof prose - 1] = '\0';
    assert_false(finding_name_rule(first, "abc", prose));
}

static void a_servers_name_is_printable_and_short(void **state)
{
    (void)state;
    char name[FINDING_SERVER_SIZE];
    char longer[200];
    finding_name_server(name, NULL);
    assert_string_equal(name, "");
    finding_name_server(name, "a b\"c~");
    assert_string_equal(name, "a b\"c~");
    finding_name_server(name, "a\033[2J\n\177\303\274\342\200\256z");
    assert_string_equal(name, "a?[2J???????z");
    memset(longer, 'n', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    finding_name_server(name, longer);
    assert_int_equal(strlen(name), FINDING_SERVER_SIZE - 1);
}

static void add(struct findings *findings, const char *rule, enum trust_severity severity,
                enum finding_fate fate)
{
    struct finding finding = {.fate = fate, .severity = severity, .class_ = TRUST_CLASS_OTHER};
    (void)snprintf(finding.rule, sizeof finding.rule, "%s", rule);
    (void)snprintf(finding.subject, sizeof finding.subject, "mcp:io.example/x");
    assert_int_equal(finding_add(findings, &finding), TRUST_OK);
}

static void equal_findings_become_the_worst_of_them(void **state)
{
    (void)state;
    struct findings findings = {0};
    add(&findings, "b", TRUST_SEVERITY_LOW, FINDING_TAKEN);
    add(&findings, "a", TRUST_SEVERITY_MEDIUM, FINDING_TAKEN);
    add(&findings, "b", TRUST_SEVERITY_CRITICAL, FINDING_NOTICE);
    add(&findings, "a", TRUST_SEVERITY_HIGH, FINDING_TAKEN);
    add(&findings, "b", TRUST_SEVERITY_CRITICAL, FINDING_TAKEN);
    add(&findings, "a", TRUST_SEVERITY_LOW, FINDING_TAKEN);
    finding_join(&findings);
    assert_int_equal(findings.count, 3);
    assert_string_equal(findings.items[0].rule, "b");
    assert_int_equal(findings.items[0].severity, TRUST_SEVERITY_CRITICAL);
    assert_int_equal(findings.items[0].count, 2);
    assert_string_equal(findings.items[1].rule, "a");
    assert_int_equal(findings.items[1].severity, TRUST_SEVERITY_HIGH);
    assert_int_equal(findings.items[1].count, 3);
    assert_int_equal(findings.items[2].fate, FINDING_NOTICE);
    finding_free(&findings);
    finding_join(&findings);
    assert_int_equal(findings.count, 0);
}

static void another_class_or_subject_is_another_flag(void **state)
{
    (void)state;
    struct findings findings = {0};
    struct finding finding = {.class_ = TRUST_CLASS_OTHER, .rule = "a", .subject = "mcp:io.x/a"};
    assert_int_equal(finding_add(&findings, &finding), TRUST_OK);
    finding.class_ = TRUST_CLASS_MALWARE;
    assert_int_equal(finding_add(&findings, &finding), TRUST_OK);
    (void)snprintf(finding.subject, sizeof finding.subject, "mcp:io.x/b");
    assert_int_equal(finding_add(&findings, &finding), TRUST_OK);
    /* The name that the report uses is no part of a flag. */
    (void)snprintf(finding.server, sizeof finding.server, "another name");
    assert_int_equal(finding_add(&findings, &finding), TRUST_OK);
    finding_join(&findings);
    assert_int_equal(findings.count, 3);
    assert_int_equal(findings.items[0].count + findings.items[1].count + findings.items[2].count,
                     4);
    finding_free(&findings);
}

static void there_is_a_bound(void **state)
{
    (void)state;
    struct findings findings = {0};
    const struct finding finding = {.class_ = TRUST_CLASS_OTHER};
    for (size_t i = 0; i < FINDING_COUNT_MAX; i++)
        assert_int_equal(finding_add(&findings, &finding), TRUST_OK);
    assert_int_equal(finding_add(&findings, &finding), TRUST_NO_ROOM);
    finding_join(&findings);
    assert_int_equal(findings.count, 1);
    assert_int_equal(findings.items[0].count, FINDING_COUNT_MAX);
    finding_free(&findings);
}

static void each_fate_has_a_word(void **state)
{
    (void)state;
    static const char *const words[] = {"draft",     "no_subject", "local",         "no_version",
                                        "rule_name", "unscanned",  "configuration", "not_a_server",
                                        "notice",    "suppressed"};
    for (int i = FINDING_TAKEN; i <= FINDING_SUPPRESSED; i++)
        assert_string_equal(finding_fate_word((enum finding_fate)i), words[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_a_name_in_the_alphabet_of_rules),
        cmocka_unit_test(a_long_rule_ends_in_its_hash),
        cmocka_unit_test(a_servers_name_is_printable_and_short),
        cmocka_unit_test(equal_findings_become_the_worst_of_them),
        cmocka_unit_test(another_class_or_subject_is_another_flag),
        cmocka_unit_test(there_is_a_bound),
        cmocka_unit_test(each_fate_has_a_word),
    };
    return cmocka_run_group_tests_name("repute/finding", tests, NULL, NULL);
}
