/*
 * SARIF 2.1.0 (OASIS, 27 March 2020), of any tool: results of kind "fail" that nobody suppressed.
 * The severity is the rule's property security-severity, a CVSS score, in GitHub's bands; without
 * it the level. Where the tool is a scanner with a table of its own, that table says the class,
 * else the rule's weaknesses (CWE) and tags do.
 *
 * SARIF names files, not servers: a result has a subject only if it gives one in as many words as
 * the full name of a logical location.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "record/charset.h"
#include "repute/report_part.h"

#define SCANNER_SIZE 17 /* of a tool's name, cut no shorter: a longer one is "sarif" */
#define WORD_SET                                                                                   \
    (TRUST_CHARSET_ALNUM | TRUST_CHARSET_DOT | TRUST_CHARSET_UNDERSCORE | TRUST_CHARSET_HYPHEN)

static const struct report_rule class_malware = {"", REPORT_ABOUT_SERVER, TRUST_CLASS_MALWARE,
                                                 TRUST_SEVERITY_CRITICAL};
static const struct report_rule class_exposure = {"", REPORT_ABOUT_SERVER, TRUST_CLASS_EXPOSURE,
                                                  TRUST_SEVERITY_CRITICAL};
static const struct report_rule class_vulnerability = {
    "", REPORT_ABOUT_SERVER, TRUST_CLASS_VULNERABILITY, TRUST_SEVERITY_CRITICAL};

/* Weaknesses that are malice: embedded malicious code and what lies below it. */
static const unsigned malware_cwes[] = {506, 507, 508, 509, 510, 511, 512};
/* Weaknesses whose harm is that somebody reads what they should not. */
static const unsigned exposure_cwes[] = {200, 201, 209, 215, 256, 311, 312, 319,
                                         359, 497, 522, 532, 538, 540, 548, 798};

struct run {
    struct report *report;
    json_t *rules;                   /* by their ids, of the driver and its extensions */
    const json_t *driver_rules;      /* as they stand; may be NULL */
    char scanner[SCANNER_SIZE];      /* in front of the names of rules */
    const struct report_rule *table; /* of a scanner that is known; else NULL */
};

/* ---- rules ---- */

static bool is_among(unsigned number, const unsigned *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number)
            return true;
    }
    return false;
}

/* The number of "external/cwe/cwe-079" or "CWE-79: ...", else 0. */
static unsigned cwe_of(const char *tag)
{
    for (const char *at = tag; *at != '\0'; at++) {
        const struct trust_bytes rest = trust_bytes_text(at);
        if (trust_charset_has_prefix(rest, "cwe-") && isdigit((unsigned char)at[4]) != 0)
            return (unsigned)strtoul(at + 4, NULL, 10);
    }
    return 0;
}

/* The worst class that the tags give; NULL: none is of security. */
static const struct report_rule *class_of_tags(const json_t *tags)
{
    const struct report_rule *found = NULL;
    for (size_t i = 0; i < json_array_size(tags); i++) {
        const char *tag = json_string_value(json_array_get(tags, i));
        unsigned cwe = tag == NULL ? 0 : cwe_of(tag);
        if (is_among(cwe, malware_cwes, sizeof malware_cwes / sizeof *malware_cwes))
            return &class_malware;
        if (is_among(cwe, exposure_cwes, sizeof exposure_cwes / sizeof *exposure_cwes))
            found = &class_exposure;
        else if (found == NULL && (cwe != 0 || (tag != NULL && strcmp(tag, "security") == 0)))
            found = &class_vulnerability;
    }
    return found;
}

/* Adds the rules of a component by their ids; of two with one id the first stands. */
static enum trust_error index_rules(struct run *run, const json_t *component)
{
    json_t *rules = NULL;
    enum trust_error error = report_array(run->report, &rules, component, "rules");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(rules); i++) {
        json_t *rule = json_array_get(rules, i);
        const char *id = json_string_value(json_object_get(rule, "id"));
        if (id == NULL || json_object_get(run->rules, id) != NULL)
            continue;
        if (json_object_set(run->rules, id, rule) != 0)
            return TRUST_FAIL_MEMORY;
    }
    return error;
}

/* The name of a result's rule: its own, or that of the rule it refers to by number. */
static enum trust_error name_rule(struct run *run, const char **out_id, const json_t *result)
{
    json_t *reference = NULL;
    const json_t *index = json_object_get(result, "ruleIndex");
    enum trust_error error = report_text(run->report, out_id, result, "ruleId");
    if (error == TRUST_OK)
        error = report_object(run->report, &reference, result, "rule");
    if (error == TRUST_OK && *out_id == NULL)
        error = report_text(run->report, out_id, reference, "id");
    if (error != TRUST_OK || *out_id != NULL)
        return error;
    json_int_t at = json_is_integer(index) ? json_integer_value(index) : -1;
    const json_t *rule = at < 0 ? NULL : json_array_get(run->driver_rules, (size_t)at);
    *out_id = json_string_value(json_object_get(rule, "id"));
    return *out_id == NULL ? report_wrong(run->report, "ruleId", "is missing") : TRUST_OK;
}

/* ---- severity ---- */

/* security-severity of properties, a number or its text; below 0: there is none. */
static double score_of(const json_t *object)
{
    const json_t *score =
        json_object_get(json_object_get(object, "properties"), "security-severity");
    if (json_is_number(score))
        return json_number_value(score);
    const char *text = json_string_value(score);
    char *end = NULL;
    double value = text == NULL ? -1 : strtod(text, &end);
    return text != NULL && end != text && *end == '\0' && value >= 0 && value <= 10 ? value : -1;
}

static enum trust_severity severity_of_score(double score)
{
    if (score >= 9)
        return TRUST_SEVERITY_CRITICAL;
    if (score >= 7)
        return TRUST_SEVERITY_HIGH;
    if (score >= 4)
        return TRUST_SEVERITY_MEDIUM;
    return score > 0 ? TRUST_SEVERITY_LOW : TRUST_SEVERITY_CLEARED;
}

static bool severity_of_level(enum trust_severity *out_severity, const char *level)
{
    static const char *const levels[] = {"none", "note", "warning", "error"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(levels[i], level) == 0) {
            *out_severity = (enum trust_severity)(TRUST_SEVERITY_CLEARED + i);
            return true;
        }
    }
    return false;
}

static enum trust_error weigh(struct run *run, enum trust_severity *out_severity,
                              const json_t *result, const json_t *rule)
{
    const char *level = NULL;
    const char *fallback = NULL;
    json_t *defaults = NULL;
    double score = score_of(result) >= 0 ? score_of(result) : score_of(rule);
    enum trust_error error = report_text(run->report, &level, result, "level");
    if (error == TRUST_OK)
        error = report_object(run->report, &defaults, rule, "defaultConfiguration");
    if (error == TRUST_OK)
        error = report_text(run->report, &fallback, defaults, "level");
    if (error != TRUST_OK)
        return error;
    level = level != NULL ? level : fallback != NULL ? fallback : "warning";
    if (!severity_of_level(out_severity, level))
        return report_wrong(run->report, "level", "expected error, warning, note or none");
    if (score >= 0)
        *out_severity = severity_of_score(score);
    return TRUST_OK;
}

/* ---- results ---- */

/* Only "fail", which is the default, is a finding; "open" and "review" are for people to settle. */
static bool is_finding(const json_t *result)
{
    const char *kind = json_string_value(json_object_get(result, "kind"));
    const char *state = json_string_value(json_object_get(result, "baselineState"));
    return (kind == NULL || strcmp(kind, "fail") == 0) &&
           (state == NULL || strcmp(state, "absent") != 0);
}

/* By one suppression that is not still under review or rejected. */
static bool is_suppressed(const json_t *result)
{
    const json_t *list = json_object_get(result, "suppressions");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *status = json_string_value(json_object_get(json_array_get(list, i), "status"));
        if (status == NULL || strcmp(status, "accepted") == 0)
            return true;
    }
    return false;
}

/* The first logical location whose full name is a subject. */
static void place_server(struct report_server *server, const json_t *result)
{
    const json_t *locations = json_object_get(result, "locations");
    server->fate = FINDING_NO_SUBJECT;
    for (size_t i = 0; i < json_array_size(locations); i++) {
        const json_t *names = json_object_get(json_array_get(locations, i), "logicalLocations");
        for (size_t j = 0; j < json_array_size(names); j++) {
            const char *name =
                json_string_value(json_object_get(json_array_get(names, j), "fullyQualifiedName"));
            struct trust_subject subject;
            bool is_subject =
                name != NULL && trust_subject_parse(&subject, trust_bytes_text(name)) == TRUST_OK;
            if (!is_subject)
                continue;
            server->name = name;
            server->fate = trust_subject_is_signable(&subject) ? FINDING_TAKEN : FINDING_LOCAL;
            if (server->fate == FINDING_TAKEN)
                (void)snprintf(server->subject, sizeof server->subject, "%s", name);
            return;
        }
    }
}

static const struct report_rule *class_of(const struct run *run, const char *id, const json_t *rule)
{
    if (run->table != NULL)
        return report_find(run->table, id);
    const json_t *tags = json_object_get(json_object_get(rule, "properties"), "tags");
    const struct report_rule *found = class_of_tags(tags);
    if (found != NULL)
        return found;
    return score_of(rule) >= 0 ? &class_vulnerability : &report_rule_unknown;
}

static enum trust_error read_result(struct run *run, const json_t *result)
{
    struct report_server server = {0};
    const char *id = NULL;
    enum trust_error error = report_is_object(run->report, result);
    if (error == TRUST_OK)
        error = name_rule(run, &id, result);
    if (error != TRUST_OK)
        return error;
    const json_t *rule = json_object_get(run->rules, id);
    struct report_hit hit = {.scanner = run->scanner, .id = id, .rule = class_of(run, id, rule)};
    error = weigh(run, &hit.severity, result, rule);
    if (error != TRUST_OK)
        return error;
    place_server(&server, result);
    if (!is_finding(result))
        hit.severity = TRUST_SEVERITY_CLEARED;
    if (is_suppressed(result) && server.fate != FINDING_NOT_SERVER)
        server.fate = FINDING_SUPPRESSED;
    return report_add(run->report, &server, &hit);
}

/* ---- runs ---- */

/* The tool's name as a word of rules, with hyphens for blanks. */
static void name_scanner(struct run *run, const char *name)
{
    char word[SCANNER_SIZE] = "";
    size_t size = name == NULL ? 0 : strlen(name);
    for (size_t i = 0; i < size && size < sizeof word; i++)
        word[i] = (char)(name[i] == ' ' ? '-' : name[i]);
    bool is_word = word[0] != '\0' && trust_charset_covers(WORD_SET, trust_bytes_text(word));
    (void)snprintf(run->scanner, sizeof run->scanner, "%s", is_word ? word : "sarif");
    if (strcmp(run->scanner, "mcp-scan") == 0) {
        run->table = report_mcp_scan_rules;
    } else if (strcmp(run->scanner, "Snyk-Agent-Scan") == 0) {
        run->table = report_agent_scan_rules;
        (void)snprintf(run->scanner, sizeof run->scanner, "agent-scan");
    }
}

/* A run that did not succeed is no verdict on what it did not find. */
static enum trust_error read_invocations(struct report *report, bool *out_has_failed,
                                         const json_t *entry)
{
    json_t *invocations = NULL;
    enum trust_error error = report_array(report, &invocations, entry, "invocations");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(invocations); i++) {
        const json_t *success =
            json_object_get(json_array_get(invocations, i), "executionSuccessful");
        *out_has_failed = *out_has_failed || json_is_false(success);
    }
    return error;
}

/* Who writes, and by which rules. */
static enum trust_error read_tool(struct run *run, const json_t *entry)
{
    json_t *tool = NULL;
    json_t *driver = NULL;
    json_t *extensions = NULL;
    const char *name = NULL;
    enum trust_error error = report_object(run->report, &tool, entry, "tool");
    if (error == TRUST_OK)
        error = report_object(run->report, &driver, tool, "driver");
    if (error == TRUST_OK)
        error = report_array(run->report, &extensions, tool, "extensions");
    if (error == TRUST_OK)
        error = report_text(run->report, &name, driver, "name");
    if (error == TRUST_OK)
        error = index_rules(run, driver);
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(extensions); i++)
        error = index_rules(run, json_array_get(extensions, i));
    run->driver_rules = json_object_get(driver, "rules");
    name_scanner(run, name);
    return error;
}

static enum trust_error read_results(struct run *run, const json_t *entry, size_t index)
{
    const struct report_server nobody = {.fate = FINDING_NO_SUBJECT};
    struct report *report = run->report;
    json_t *results = NULL;
    bool has_failed = false;
    enum trust_error error = report_array(report, &results, entry, "results");
    if (error == TRUST_OK)
        error = read_invocations(report, &has_failed, entry);
    /* Without results the run did not look for any (SARIF 2.1.0, 3.14.23). */
    if (error == TRUST_OK && (has_failed || results == NULL))
        error = report_add_failure(report, &nobody);
    report->scanned += !has_failed && results != NULL;
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(results); i++) {
        report_at(report, "runs[%zu].results[%zu]", index, i);
        error = read_result(run, json_array_get(results, i));
    }
    return error;
}

static enum trust_error read_run(struct report *report, const json_t *entry, size_t index)
{
    struct run run = {.report = report, .rules = json_object()};
    enum trust_error error = run.rules == NULL ? TRUST_FAIL_MEMORY : TRUST_OK;
    if (error == TRUST_OK)
        error = report_is_object(report, entry);
    if (error == TRUST_OK)
        error = read_tool(&run, entry);
    if (error == TRUST_OK)
        error = read_results(&run, entry, index);
    json_decref(run.rules);
    return error;
}

enum trust_error report_sarif_read(struct report *report, const json_t *document)
{
    const char *version = NULL;
    json_t *runs = NULL;
    report_at(report, "%s", "");
    enum trust_error error = report_text(report, &version, document, "version");
    if (error == TRUST_OK)
        error = report_array(report, &runs, document, "runs");
    if (error == TRUST_OK && (version == NULL || strcmp(version, "2.1.0") != 0)) {
        (void)report_wrong(report, "version", "expected 2.1.0");
        return TRUST_NO_VERSION;
    }
    if (error == TRUST_OK && runs == NULL)
        return report_wrong(report, "runs", "is missing");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(runs); i++) {
        report_at(report, "runs[%zu]", i);
        error = read_run(report, json_array_get(runs, i), i);
    }
    return error;
}
