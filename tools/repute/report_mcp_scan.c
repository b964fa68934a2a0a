/*
 * npm mcp-scan, `mcp-scan --json`: it reads the configurations of MCP clients, and most of what it
 * says is about these: a secret in an environment, a directory that is too wide. Such a finding is
 * the operator's own to mend; as a flag it would blame the server's author for it.
 */
#include "repute/report_part.h"

#define SCANNER "mcp-scan"

#define SERVER(id, class_, most)                                                                   \
    {                                                                                              \
        (id), REPORT_ABOUT_SERVER, TRUST_CLASS_##class_, TRUST_SEVERITY_##most                     \
    }
#define VERSION(id)                                                                                \
    {                                                                                              \
        (id), REPORT_ABOUT_VERSION, TRUST_CLASS_VULNERABILITY, TRUST_SEVERITY_CRITICAL             \
    }
#define ELSE(id, about)                                                                            \
    {                                                                                              \
        (id), REPORT_ABOUT_##about, TRUST_CLASS_OTHER, TRUST_SEVERITY_CRITICAL                     \
    }

const struct report_rule report_mcp_scan_rules[] = {
    SERVER("known-malicious", MALWARE, CRITICAL),
    VERSION("known-vulnerability-critical"),
    VERSION("known-vulnerability-high"),
    VERSION("known-vulnerability-medium"),
    VERSION("known-vulnerability-low"),
    SERVER("typosquat-detection", IMPERSONATION, MEDIUM),
    SERVER("prompt-injection-pattern", INJECTION, HIGH),
    SERVER("unicode-injection", INJECTION, HIGH),
    SERVER("hidden-instruction-risk", POISONING, HIGH),
    SERVER("capability-escalation-risk", POISONING, MEDIUM),
    SERVER("tool-name-shadow", SHADOWING, MEDIUM),
    SERVER("cross-server-flow", SHADOWING, MEDIUM),
    SERVER("tool-exfiltration-risk", EXFILTRATION, HIGH),
    SERVER("credential-relay-risk", EXFILTRATION, HIGH),
    SERVER("network-egress-suspicious", EXFILTRATION, HIGH),
    SERVER("network-egress-obfuscated", EXFILTRATION, MEDIUM),
    SERVER("network-egress-data-in-url", EXFILTRATION, MEDIUM),
    SERVER("data-exfiltration-risk", EXPOSURE, MEDIUM),
    SERVER("screen-data-egress", EXPOSURE, MEDIUM),
    SERVER("network-egress-bypass-attempt", EXPOSURE, MEDIUM),
    SERVER("network-egress-raw-ip", EXPOSURE, MEDIUM),
    SERVER("data-controls-prompt-logging", EXPOSURE, MEDIUM),
    SERVER("network-egress-non-standard-port", EXPOSURE, LOW),
    SERVER("network-egress-telemetry", EXPOSURE, LOW),
    SERVER("temp-storage-risk", EXPOSURE, LOW),
    SERVER("schema-bypass-risk", VULNERABILITY, LOW),
    SERVER("unverified-source", OTHER, LOW),
    SERVER("supply-chain-low-trust", OTHER, LOW),
    SERVER("stale-server", OTHER, LOW),
    ELSE("blocked-package-policy", CONFIGURATION),
    ELSE("broad-filesystem-access", CONFIGURATION),
    ELSE("data-controls-stale-temp-files", CONFIGURATION),
    ELSE("duplicate-server", CONFIGURATION),
    ELSE("env-secret-exposed", CONFIGURATION),
    ELSE("env-var-prefix-risk", CONFIGURATION),
    ELSE("env-var-scope-leak", CONFIGURATION),
    ELSE("excessive-permissions", CONFIGURATION),
    ELSE("exfiltration-vector", CONFIGURATION),
    ELSE("exposed-secret", CONFIGURATION),
    ELSE("high-entropy-value", CONFIGURATION),
    ELSE("http-transport-no-auth", CONFIGURATION),
    ELSE("insecure-transport", CONFIGURATION),
    ELSE("large-arg-list", CONFIGURATION),
    ELSE("missing-env-var", CONFIGURATION),
    ELSE("missing-referenced-env-var", CONFIGURATION),
    ELSE("node-inline-execution", CONFIGURATION),
    ELSE("outdated-transport", CONFIGURATION),
    ELSE("python-inline-execution", CONFIGURATION),
    ELSE("reverse-shell-risk", CONFIGURATION),
    ELSE("sensitive-glob-pattern", CONFIGURATION),
    ELSE("server-mutation", CONFIGURATION),
    ELSE("shell-injection-risk", CONFIGURATION),
    ELSE("suspicious-execution", CONFIGURATION),
    ELSE("windows-path-on-unix", CONFIGURATION),
    ELSE("data-controls-consent-gap", NOTHING),
    ELSE("data-controls-deletion-gap", NOTHING),
    ELSE("data-controls-encryption-gap", NOTHING),
    ELSE("data-controls-minimization-risk", NOTHING),
    ELSE("data-controls-pii", NOTHING),
    ELSE("data-controls-retention-gap", NOTHING),
    ELSE("license-risk", NOTHING),
    ELSE("network-egress-api", NOTHING),
    ELSE("network-egress-cdn", NOTHING),
    ELSE("network-egress-unknown", NOTHING),
    ELSE("official-server", NOTHING),
    ELSE("trusted-community-server", NOTHING),
    ELSE("upgrade-available", NOTHING),
    ELSE("scanner-error", FAILURE),
    {0},
};

static enum trust_error read_finding(struct report *report, const struct report_server *server,
                                     const json_t *finding)
{
    const char *id = NULL;
    const char *word = NULL;
    struct report_hit hit = {.scanner = SCANNER};
    enum trust_error error = report_is_object(report, finding);
    if (error == TRUST_OK)
        error = report_text(report, &id, finding, "id");
    if (error == TRUST_OK)
        error = report_text(report, &word, finding, "severity");
    if (error != TRUST_OK)
        return error;
    if (id == NULL)
        return report_wrong(report, "id", "is missing");
    if (word == NULL || !report_severity(&hit.severity, word))
        return report_wrong(report, "severity", "expected CRITICAL, HIGH, MEDIUM, LOW or INFO");
    hit.id = id;
    hit.rule = report_find(report_mcp_scan_rules, id);
    return report_add(report, server, &hit);
}

/* Where it is called or how it is started; for older reports, the package that was looked up. */
static enum trust_error place_server(struct report *report, struct report_server *server,
                                     const json_t *result)
{
    json_t *connection = NULL;
    json_t *metadata = NULL;
    const char *package = NULL;
    server->fate = FINDING_NO_SUBJECT;
    enum trust_error error = report_object(report, &connection, result, "connection");
    if (error == TRUST_OK)
        error = report_object(report, &metadata, result, "metadata");
    if (error == TRUST_OK)
        error = report_text(report, &package, metadata, "packageName");
    if (error == TRUST_OK && connection != NULL)
        error = report_place(report, server, connection);
    else if (error == TRUST_OK && package != NULL)
        report_place_package(server, package);
    /* What is said of a server behind a bridge may be about the package that is the bridge. */
    if (error == TRUST_OK && server->is_bridged) {
        server->subject[0] = '\0';
        server->fate = FINDING_NO_SUBJECT;
    }
    return error;
}

static enum trust_error read_result(struct report *report, const json_t *result, size_t index)
{
    struct report_server server = {0};
    json_t *findings = NULL;
    report_at(report, "results[%zu]", index);
    enum trust_error error = report_is_object(report, result);
    if (error == TRUST_OK)
        error = report_text(report, &server.name, result, "serverName");
    if (error == TRUST_OK)
        error = place_server(report, &server, result);
    if (error == TRUST_OK)
        error = report_array(report, &findings, result, "findings");
    if (error == TRUST_OK && findings == NULL)
        return report_wrong(report, "findings", "is missing");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(findings); i++) {
        report_at(report, "results[%zu].findings[%zu]", index, i);
        error = read_finding(report, &server, json_array_get(findings, i));
    }
    report->scanned++;
    return error;
}

enum trust_error report_mcp_scan_read(struct report *report, const json_t *document)
{
    json_t *results = NULL;
    report_at(report, "%s", "");
    enum trust_error error = report_array(report, &results, document, "results");
    if (error == TRUST_OK && results == NULL)
        return report_wrong(report, "results", "is missing");
    for (size_t i = 0; error == TRUST_OK && i < json_array_size(results); i++)
        error = read_result(report, json_array_get(results, i), i);
    return error;
}
