/*
 * Cisco mcp-scanner: `--raw` (or `--format raw`), an object with the address of one server and its
 * scan_results, and the bare array of results that other ways of it write. A result is a tool, a
 * prompt or a resource; its findings are summed up by analyzer: one severity, the worst, and the
 * names of threats, or a tree of techniques in the form of its REST API.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/charset.h"
#include "repute/report_part.h"

#define SCANNER_SIZE 24
#define THREAT_SIZE 64
#define CATEGORY "cisco"

#define SERVER(id, class_, most)                                                                   \
    {                                                                                              \
        (id), REPORT_ABOUT_SERVER, TRUST_CLASS_##class_, TRUST_SEVERITY_##most                     \
    }

/* Threats as they are named here: lower case, with hyphens. Then techniques of the taxonomy. */
static const struct report_rule rules[] = {
    SERVER("prompt-injection", INJECTION, CRITICAL),
    SERVER("goal-manipulation", INJECTION, MEDIUM),
    SERVER("tool-poisoning", POISONING, CRITICAL),
    SERVER("tool-shadowing", SHADOWING, CRITICAL),
    SERVER("backdoor", MALWARE, CRITICAL),
    SERVER("malware", MALWARE, CRITICAL),
    SERVER("defense-evasion", MALWARE, MEDIUM),
    SERVER("data-exfiltration", EXFILTRATION, CRITICAL),
    SERVER("credential-harvesting", EXFILTRATION, CRITICAL),
    SERVER("injection-attack", VULNERABILITY, CRITICAL),
    SERVER("injection-attacks", VULNERABILITY, CRITICAL),
    SERVER("template-injection", VULNERABILITY, CRITICAL),
    SERVER("vulnerable-dependency", VULNERABILITY, CRITICAL),
    SERVER("arbitrary-resource-read.write", VULNERABILITY, CRITICAL),
    SERVER("resource-exhaustion", VULNERABILITY, MEDIUM),
    SERVER("unauthorized-or-unsolicited-network-access", EXPOSURE, HIGH),
    SERVER("unauthorized-or-unsolicited-system-access", EXPOSURE, HIGH),
    SERVER("unauthorized-or-unsolicited-code-execution", EXPOSURE, HIGH),
    SERVER("code-execution", EXPOSURE, MEDIUM),
    SERVER("code-detection", EXPOSURE, MEDIUM),
    SERVER("suspicious-code-execution", EXPOSURE, MEDIUM),
    SERVER("system-manipulation", EXPOSURE, MEDIUM),
    SERVER("security-violation", OTHER, MEDIUM),
    SERVER("general-description-code-mismatch", OTHER, LOW),
    SERVER("harassment", OTHER, LOW),
    SERVER("hate-speech", OTHER, LOW),
    SERVER("profanity", OTHER, LOW),
    SERVER("sexual-content-and-exploitation", OTHER, LOW),
    SERVER("social-division-and-polarization", OTHER, LOW),
    SERVER("violence-and-public-safety-threats", OTHER, LOW),
    SERVER("AISubtech-1.1.1", INJECTION, CRITICAL),
    SERVER("AISubtech-1.3.2", INJECTION, MEDIUM),
    SERVER("AISubtech-8.2.3", EXFILTRATION, CRITICAL),
    SERVER("AISubtech-9.1.1", EXPOSURE, MEDIUM),
    SERVER("AISubtech-9.1.2", EXPOSURE, MEDIUM),
    SERVER("AISubtech-9.1.3", EXPOSURE, HIGH),
    SERVER("AISubtech-9.1.4", VULNERABILITY, CRITICAL),
    SERVER("AISubtech-9.1.5", VULNERABILITY, CRITICAL),
    SERVER("AISubtech-9.2.1", VULNERABILITY, CRITICAL),
    SERVER("AISubtech-9.2.2", MALWARE, CRITICAL),
    SERVER("AISubtech-11.1.2", MALWARE, MEDIUM),
    SERVER("AISubtech-12.1.2", POISONING, CRITICAL),
    SERVER("AISubtech-12.1.3", VULNERABILITY, CRITICAL),
    SERVER("AISubtech-12.1.5", SHADOWING, CRITICAL),
    SERVER("AISubtech-13.1.1", VULNERABILITY, MEDIUM),
    {0},
};

struct result {
    struct report *report;
    struct report_server server;
    char place[64];
    char scanner[SCANNER_SIZE]; /* "cisco.yara" */
    enum trust_severity severity;
};

/* ---- an analyzer ---- */

/* "PROMPT INJECTION" and "PROMPT_INJECTION" are one threat. Only a threat of the table may have
 * blanks: else any sentence would do. */
static const struct report_rule *find_threat(char out_name[THREAT_SIZE], const char *threat)
{
    size_t size = 0;
    for (; threat[size] != '\0' && size + 1 < THREAT_SIZE; size++) {
        uint8_t c = trust_charset_fold((uint8_t)threat[size]);
        out_name[size] = (char)(c == ' ' || c == '_' ? '-' : c == '/' ? '.' : c);
    }
    out_name[size] = '\0';
    return report_find(rules, out_name);
}

static enum trust_error add_threat(struct result *result, const char *threat)
{
    char name[THREAT_SIZE];
    const struct report_rule *rule = find_threat(name, threat);
    const struct report_hit hit = {.scanner = result->scanner,
                                   .id = rule == &report_rule_unknown ? threat : name,
                                   .severity = result->severity,
                                   .rule = rule};
    return report_add(result->report, &result->server, &hit);
}

static enum trust_error add_technique(struct result *result, const json_t *item)
{
    struct report *report = result->report;
    const char *id = NULL;
    const char *word = NULL;
    enum trust_error error = report_is_object(report, item);
    if (error == TRUST_OK)
        error = report_text(report, &id, item, "sub_technique_id");
    if (error == TRUST_OK)
        error = report_text(report, &word, item, "max_severity");
    if (error != TRUST_OK)
        return error;
    if (id == NULL)
        return report_wrong(report, "sub_technique_id", "is missing");
    struct report_hit hit = {.scanner = result->scanner,
                             .id = id,
                             .severity = result->severity,
                             .rule = report_find(rules, id)};
    if (word != NULL && !report_severity(&hit.severity, word))
        return report_wrong(report, "max_severity", "expected HIGH, MEDIUM, LOW or INFO");
    return report_add(report, &result->server, &hit);
}

/* threats.items[].items[], of which each is a technique below a technique. */
static enum trust_error read_techniques(struct result *result, size_t *out_count,
                                        const json_t *analysis)
{
    json_t *threats = NULL;
    json_t *groups = NULL;
    enum trust_error error = report_object(result->report, &threats, analysis, "threats");
    if (error == TRUST_OK)
        error = report_array(result->report, &groups, threats, "items");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(groups); i++) {
        json_t *items = NULL;
        error = report_array(result->report, &items, json_array_get(groups, i), "items");
        for (size_t j = 0; error == TRUST_OK && j < json_array_size(items); j++) {
            error = add_technique(result, json_array_get(items, j));
            (*out_count)++;
        }
    }
    return error;
}

static enum trust_error read_threats(struct result *result, const json_t *analysis)
{
    json_t *names = NULL;
    size_t count = 0;
    enum trust_error error = report_array(result->report, &names, analysis, "threat_names");
    if (error == TRUST_OK && json_array_size(names) == 0)
        error = read_techniques(result, &count, analysis);
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(names); i++) {
        const char *name = json_string_value(json_array_get(names, i));
        if (name == NULL)
            return report_wrong(result->report, "threat_names", "expected texts");
        error = add_threat(result, name);
        count++;
    }
    /* Something was found, and the report does not say what. */
    if (error == TRUST_OK && count == 0 && result->severity != TRUST_SEVERITY_CLEARED)
        error = add_threat(result, "unspecified");
    return error;
}

/* "yara_analyzer" is "cisco.yara"; what is no such word, plain "cisco". */
static void name_scanner(char out_scanner[SCANNER_SIZE], const char *analyzer)
{
    size_t size = strcspn(analyzer, "_");
    (void)snprintf(out_scanner, SCANNER_SIZE, CATEGORY);
    const struct trust_bytes word = {.data = (const uint8_t *)analyzer, .size = size};
    if (size > 0 && size < SCANNER_SIZE - sizeof CATEGORY - 1 &&
        trust_charset_covers(TRUST_CHARSET_ALNUM, word))
        (void)snprintf(out_scanner, SCANNER_SIZE, CATEGORY ".%.*s", (int)size, analyzer);
}

static enum trust_error read_analysis(struct result *result, const char *analyzer,
                                      const json_t *analysis)
{
    const char *word = NULL;
    enum trust_error error = report_is_object(result->report, analysis);
    if (error == TRUST_OK)
        error = report_text(result->report, &word, analysis, "severity");
    if (error != TRUST_OK)
        return error;
    if (word == NULL)
        return report_wrong(result->report, "severity", "is missing");
    if (trust_charset_is_word(trust_bytes_text(word), "unknown"))
        return report_add_failure(result->report, &result->server);
    if (!report_severity(&result->severity, word))
        return report_wrong(result->report, "severity",
                            "expected CRITICAL, HIGH, MEDIUM, LOW, INFO, SAFE or UNKNOWN");
    name_scanner(result->scanner, analyzer);
    return read_threats(result, analysis);
}

/* ---- results ---- */

static enum trust_error read_findings(struct result *result, const json_t *entry)
{
    json_t *findings = NULL;
    enum trust_error error = report_object(result->report, &findings, entry, "findings");
    if (error == TRUST_OK && findings == NULL)
        return report_wrong(result->report, "findings", "is missing");
    const char *analyzer = NULL;
    json_t *analysis = NULL;
    size_t index = 0;
    json_object_foreach(findings, analyzer, analysis)
    {
        report_at(result->report, "%s.findings, analyzer %zu", result->place, index++);
        if (error == TRUST_OK)
            error = read_analysis(result, analyzer, analysis);
    }
    return error;
}

static enum trust_error read_result(struct result *result, const json_t *entry)
{
    struct report *report = result->report;
    const char *status = NULL;
    const char *name = NULL;
    enum trust_error error = report_is_object(report, entry);
    if (error == TRUST_OK)
        error = report_text(report, &status, entry, "status");
    if (error == TRUST_OK)
        error = report_text(report, &name, entry, "server_name");
    if (error != TRUST_OK)
        return error;
    if (name != NULL)
        result->server.name = name;
    /* Nobody looked, whatever is_safe says. */
    if (status == NULL || strcmp(status, "completed") != 0)
        return report_add_failure(report, &result->server);
    report->scanned++;
    return read_findings(result, entry);
}

enum trust_error report_cisco_read(struct report *report, const json_t *document)
{
    struct report_server server = {.fate = FINDING_NO_SUBJECT};
    const char *url = NULL;
    json_t *results = NULL;
    bool is_bare = json_is_array(document);
    report_at(report, "%s", "");
    enum trust_error error = report_text(report, &url, document, "server_url");
    if (error == TRUST_OK && !is_bare)
        error = report_array(report, &results, document, "scan_results");
    if (error == TRUST_OK && !is_bare && results == NULL)
        return report_wrong(report, "scan_results", "is missing");
    if (error == TRUST_OK && url != NULL) {
        report_place_url(&server, url);
        server.name = url;
    }
    const json_t *list = is_bare ? document : results;
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(list); i++) {
        struct result result = {.report = report, .server = server};
        (void)snprintf(result.place, sizeof result.place, "%s[%zu]", is_bare ? "" : "scan_results",
                       i);
        report_at(report, "%s", result.place);
        error = read_result(&result, json_array_get(list, i));
    }
    return error;
}
