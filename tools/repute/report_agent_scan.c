/*
 * Snyk agent-scan, once Invariant's mcp-scan, `--json`. Up to 0.5 a map from paths to results,
 * whose issues point at a server by its index and carry a code; from 0.6 on a list, whose servers
 * carry risks with a score. The second form names servers without saying what they are.
 *
 * A skill is no server: what is said of one is left out.
 */
#include <string.h>

#include "repute/report_part.h"

#define SCANNER "agent-scan"

#define SERVER(id, class_, most)                                                                   \
    {                                                                                              \
        (id), REPORT_ABOUT_SERVER, TRUST_CLASS_##class_, TRUST_SEVERITY_##most                     \
    }
#define ELSE(id, about)                                                                            \
    {                                                                                              \
        (id), REPORT_ABOUT_##about, TRUST_CLASS_OTHER, TRUST_SEVERITY_CRITICAL                     \
    }

const struct report_rule report_agent_scan_rules[] = {
    SERVER("E001", POISONING, HIGH),
    SERVER("E002", SHADOWING, HIGH),
    SERVER("E003", INJECTION, HIGH),
    SERVER("W001", INJECTION, LOW),
    SERVER("W015", EXPOSURE, LOW),
    SERVER("W016", EXPOSURE, LOW),
    SERVER("W017", EXPOSURE, LOW),
    SERVER("W018", EXPOSURE, LOW),
    SERVER("W019", EXPOSURE, LOW),
    SERVER("W020", EXPOSURE, LOW),
    ELSE("E004", SKILL),
    ELSE("E005", SKILL),
    ELSE("E006", SKILL),
    ELSE("W007", SKILL),
    ELSE("W008", SKILL),
    ELSE("W009", SKILL),
    ELSE("W011", SKILL),
    ELSE("W012", SKILL),
    ELSE("W013", SKILL),
    ELSE("W014", SKILL),
    ELSE("TF001", CONFIGURATION),
    ELSE("TF002", CONFIGURATION),
    ELSE("W002", NOTHING),
    ELSE("W003", NOTHING),
    ELSE("W004", NOTHING),
    ELSE("W005", NOTHING),
    ELSE("W006", FAILURE),
    ELSE("X001", FAILURE),
    ELSE("X002", FAILURE),
    ELSE("X003", FAILURE),
    ELSE("X004", FAILURE),
    ELSE("X005", FAILURE),
    ELSE("X006", FAILURE),
    ELSE("X007", FAILURE),
    ELSE("X008", FAILURE),
    ELSE("X009", FAILURE),
    SERVER("prompt_injection_tool_desc", POISONING, CRITICAL),
    SERVER("dangerous_words", INJECTION, MEDIUM),
    SERVER("untrusted_content", EXPOSURE, LOW),
    SERVER("private_data", EXPOSURE, LOW),
    SERVER("destructive_capabilities", EXPOSURE, LOW),
    {0},
};

/* An error is a failure unless it says that there was nothing to scan. */
static enum trust_error read_error(struct report *report, bool *out_has_failed,
                                   const json_t *object)
{
    json_t *fault = NULL;
    enum trust_error error = report_object(report, &fault, object, "error");
    *out_has_failed =
        error == TRUST_OK && fault != NULL && !json_is_false(json_object_get(fault, "is_failure"));
    return error;
}

/* ---- up to 0.5 ---- */

/* An issue's code says how bad it is: E an error, W a warning. */
static enum trust_severity severity_of(const char *code)
{
    if (code[0] == 'E')
        return TRUST_SEVERITY_HIGH;
    return code[0] == 'W' || code[0] == 'T' ? TRUST_SEVERITY_MEDIUM : TRUST_SEVERITY_LOW;
}

static enum trust_error place_server(struct report *report, struct report_server *out_server,
                                     const json_t *entry)
{
    struct report_server server = {.fate = FINDING_NO_SUBJECT};
    json_t *launch = NULL;
    const char *type = NULL;
    enum trust_error error = report_is_object(report, entry);
    if (error == TRUST_OK)
        error = report_text(report, &server.name, entry, "name");
    if (error == TRUST_OK)
        error = report_object(report, &launch, entry, "server");
    if (error == TRUST_OK)
        error = report_text(report, &type, launch, "type");
    if (error == TRUST_OK && type != NULL && strcmp(type, "skill") == 0)
        server.fate = FINDING_NOT_SERVER;
    else if (error == TRUST_OK)
        error = report_place(report, &server, launch);
    if (error == TRUST_OK)
        *out_server = server;
    return error;
}

static enum trust_error read_server(struct report *report, const json_t *entry, bool is_judged)
{
    struct report_server server;
    bool has_failed = false;
    enum trust_error error = place_server(report, &server, entry);
    if (error == TRUST_OK)
        error = read_error(report, &has_failed, entry);
    if (error != TRUST_OK)
        return error;
    bool was_seen = is_judged && json_is_object(json_object_get(entry, "signature"));
    if (server.fate != FINDING_NOT_SERVER && (has_failed || !was_seen))
        return report_add_failure(report, &server);
    report->scanned++;
    return TRUST_OK;
}

/* The server that an issue refers to; one without a place if it is about all of them. */
static enum trust_error find_server(struct report *report, struct report_server *out_server,
                                    const json_t *servers, const json_t *issue)
{
    const json_t *reference = json_object_get(issue, "reference");
    const json_t *index = json_array_get(reference, 0);
    *out_server = (struct report_server){.fate = FINDING_NO_SUBJECT};
    if (reference == NULL || json_is_null(reference))
        return TRUST_OK;
    json_int_t at = json_integer_value(index);
    if (!json_is_integer(index) || at < 0 || (uint64_t)at >= json_array_size(servers))
        return report_wrong(report, "reference", "expected the index of a server");
    return place_server(report, out_server, json_array_get(servers, (size_t)at));
}

static enum trust_error read_issue(struct report *report, const json_t *servers,
                                   const json_t *issue)
{
    struct report_server server;
    const char *code = NULL;
    enum trust_error error = report_is_object(report, issue);
    if (error == TRUST_OK)
        error = report_text(report, &code, issue, "code");
    if (error == TRUST_OK && code == NULL)
        return report_wrong(report, "code", "is missing");
    if (error == TRUST_OK)
        error = find_server(report, &server, servers, issue);
    if (error != TRUST_OK)
        return error;
    const struct report_hit hit = {.scanner = SCANNER,
                                   .id = code,
                                   .severity = severity_of(code),
                                   .rule = report_find(report_agent_scan_rules, code)};
    return report_add(report, &server, &hit);
}

static enum trust_error read_path(struct report *report, const json_t *result, size_t index)
{
    const struct report_server nobody = {.fate = FINDING_NO_SUBJECT};
    json_t *servers = NULL;
    json_t *issues = NULL;
    bool has_failed = false;
    report_at(report, "path %zu", index);
    enum trust_error error = report_is_object(report, result);
    if (error == TRUST_OK)
        error = report_array(report, &servers, result, "servers");
    if (error == TRUST_OK)
        error = report_array(report, &issues, result, "issues");
    if (error == TRUST_OK)
        error = read_error(report, &has_failed, result);
    if (error == TRUST_OK && has_failed)
        error = report_add_failure(report, &nobody);
    /* What `inspect` writes has no issues, since nobody looked for any. */
    bool is_judged = json_object_get(result, "issues") != NULL && !has_failed;
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(servers); i++) {
        report_at(report, "path %zu.servers[%zu]", index, i);
        error = read_server(report, json_array_get(servers, i), is_judged);
    }
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(issues); i++) {
        report_at(report, "path %zu.issues[%zu]", index, i);
        error = read_issue(report, servers, json_array_get(issues, i));
    }
    return error;
}

static enum trust_error read_paths(struct report *report, json_t *document)
{
    const char *path = NULL;
    json_t *result = NULL;
    size_t index = 0;
    if (!json_is_object(document))
        return report_wrong(report, NULL, "expected an object");
    json_object_foreach(document, path, result)
    {
        enum trust_error error = read_path(report, result, index++);
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

/* ---- from 0.6 on ---- */

static enum trust_severity severity_of_score(json_int_t score)
{
    if (score >= 1000)
        return TRUST_SEVERITY_CRITICAL;
    if (score >= 600)
        return TRUST_SEVERITY_HIGH;
    if (score >= 300)
        return TRUST_SEVERITY_MEDIUM;
    return score > 0 ? TRUST_SEVERITY_LOW : TRUST_SEVERITY_CLEARED;
}

static enum trust_error read_risk(struct report *report, const struct report_server *server,
                                  const char *name, const json_t *risk)
{
    const json_t *score = json_object_get(risk, "score");
    enum trust_error error = report_is_object(report, risk);
    if (error != TRUST_OK)
        return error;
    if (!json_is_integer(score) || json_integer_value(score) < 0)
        return report_wrong(report, "score", "expected a whole number from 0 to 1000");
    const struct report_hit hit = {.scanner = SCANNER,
                                   .id = name,
                                   .severity = severity_of_score(json_integer_value(score)),
                                   .rule = report_find(report_agent_scan_rules, name)};
    return report_add(report, server, &hit);
}

static enum trust_error read_component(struct report *report, const json_t *component,
                                       enum finding_fate fate)
{
    struct report_server server = {.fate = fate};
    json_t *risks = NULL;
    bool has_failed = false;
    enum trust_error error = report_is_object(report, component);
    if (error == TRUST_OK)
        error = report_text(report, &server.name, component, "name");
    if (error == TRUST_OK)
        error = report_object(report, &risks, component, "risk_indexes");
    if (error == TRUST_OK)
        error = read_error(report, &has_failed, component);
    if (error == TRUST_OK && has_failed && fate != FINDING_NOT_SERVER)
        error = report_add_failure(report, &server);
    report->scanned += !has_failed && fate != FINDING_NOT_SERVER;
    const char *name = NULL;
    json_t *risk = NULL;
    json_object_foreach(risks, name, risk)
    {
        if (error == TRUST_OK)
            error = read_risk(report, &server, name, risk);
    }
    return error;
}

static enum trust_error read_response(struct report *report, const json_t *response, size_t index)
{
    const struct report_server nobody = {.fate = FINDING_NO_SUBJECT};
    json_t *servers = NULL;
    json_t *skills = NULL;
    bool has_failed = false;
    report_at(report, "scan_path_responses[%zu]", index);
    enum trust_error error = report_is_object(report, response);
    if (error == TRUST_OK)
        error = report_array(report, &servers, response, "server_risks");
    if (error == TRUST_OK)
        error = report_array(report, &skills, response, "skill_risks");
    if (error == TRUST_OK)
        error = read_error(report, &has_failed, response);
    if (error == TRUST_OK && has_failed)
        error = report_add_failure(report, &nobody);
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(servers); i++) {
        report_at(report, "scan_path_responses[%zu].server_risks[%zu]", index, i);
        error = read_component(report, json_array_get(servers, i), FINDING_NO_SUBJECT);
    }
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(skills); i++) {
        report_at(report, "scan_path_responses[%zu].skill_risks[%zu]", index, i);
        error = read_component(report, json_array_get(skills, i), FINDING_NOT_SERVER);
    }
    return error;
}

enum trust_error report_agent_scan_read(struct report *report, json_t *document)
{
    json_t *responses = NULL;
    if (json_object_get(document, "scan_path_responses") == NULL)
        return read_paths(report, document);
    report_at(report, "%s", "");
    enum trust_error error = report_array(report, &responses, document, "scan_path_responses");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(responses); i++)
        error = read_response(report, json_array_get(responses, i), i);
    return error;
}
