/* See report_part.h. */
#include "repute/report_part.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "record/charset.h"
#include "repute/launch.h"

/* A rule that nobody weighed yet: it says something, but may be about anything. */
const struct report_rule report_rule_unknown = {"", REPORT_ABOUT_SERVER, TRUST_CLASS_OTHER,
                                                TRUST_SEVERITY_MEDIUM};

/* ---- places and types ---- */

void report_at(struct report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(report->place, sizeof report->place, format, arguments);
    va_end(arguments);
}

enum trust_error report_wrong(struct report *report, const char *name, const char *what)
{
    const char *dot = report->place[0] == '\0' || name == NULL ? "" : ".";
    (void)snprintf(report->wrong, sizeof report->wrong, "%s%s%s: %s", report->place, dot,
                   name == NULL ? "" : name, what);
    return TRUST_NO_TYPE;
}

static json_t *member(const json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

enum trust_error report_array(struct report *report, json_t **out_array, const json_t *object,
                              const char *name)
{
    json_t *value = member(object, name);
    if (value != NULL && !json_is_array(value))
        return report_wrong(report, name, "expected an array");
    *out_array = value;
    return TRUST_OK;
}

enum trust_error report_object(struct report *report, json_t **out_object, const json_t *object,
                               const char *name)
{
    json_t *value = member(object, name);
    if (value != NULL && !json_is_object(value))
        return report_wrong(report, name, "expected an object");
    *out_object = value;
    return TRUST_OK;
}

enum trust_error report_text(struct report *report, const char **out_text, const json_t *object,
                             const char *name)
{
    const json_t *value = member(object, name);
    if (value != NULL && !json_is_string(value))
        return report_wrong(report, name, "expected a text");
    *out_text = json_string_value(value);
    return TRUST_OK;
}

enum trust_error report_is_object(struct report *report, const json_t *item)
{
    return json_is_object(item) ? TRUST_OK : report_wrong(report, NULL, "expected an object");
}

/* ---- what is found ---- */

const struct report_rule *report_find(const struct report_rule *table, const char *id)
{
    for (; table->id != NULL; table++) {
        if (strcmp(table->id, id) == 0)
            return table;
    }
    return &report_rule_unknown;
}

bool report_severity(enum trust_severity *out_severity, const char *word)
{
    static const struct {
        const char *word;
        enum trust_severity severity;
    } words[] = {
        {"critical", TRUST_SEVERITY_CRITICAL}, {"high", TRUST_SEVERITY_HIGH},
        {"medium", TRUST_SEVERITY_MEDIUM},     {"moderate", TRUST_SEVERITY_MEDIUM},
        {"low", TRUST_SEVERITY_LOW},           {"info", TRUST_SEVERITY_CLEARED},
        {"none", TRUST_SEVERITY_CLEARED},      {"safe", TRUST_SEVERITY_CLEARED},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (trust_charset_is_word(trust_bytes_text(word), words[i].word)) {
            *out_severity = words[i].severity;
            return true;
        }
    }
    return false;
}

static void place(struct report_server *server, const struct launch_line *line)
{
    struct launch launch;
    struct trust_subject subject;
    launch_derive(&launch, line);
    server->is_bridged = launch.via != NULL;
    server->fate = FINDING_NO_SUBJECT;
    if (launch.gap != LAUNCH_GAP_NONE ||
        trust_subject_parse(&subject, trust_bytes_text(launch.subject)) != TRUST_OK)
        return;
    server->fate = trust_subject_is_signable(&subject) ? FINDING_TAKEN : FINDING_LOCAL;
    if (server->fate == FINDING_TAKEN)
        memcpy(server->subject, launch.subject, sizeof server->subject);
}

/* Whether an environment, as an object or as the list of its names, changes the registry. */
static bool names_registry(json_t *env)
{
    const char *name = NULL;
    json_t *value = NULL;
    for (size_t i = 0; i < json_array_size(env); i++) {
        name = json_string_value(json_array_get(env, i));
        if (name != NULL && launch_is_registry_variable(name, strlen(name)))
            return true;
    }
    json_object_foreach(env, name, value)
    {
        if (launch_is_registry_variable(name, strlen(name)))
            return true;
    }
    return false;
}

enum trust_error report_place(struct report *report, struct report_server *server,
                              const json_t *entry)
{
    const char *words[TRUST_SCAN_WORDS_MAX];
    struct launch_line line = {.args = words};
    json_t *args = NULL;
    server->fate = FINDING_NO_SUBJECT;
    enum trust_error error = report_text(report, &line.command, entry, "command");
    if (error == TRUST_OK)
        error = report_text(report, &line.url, entry, "url");
    if (error == TRUST_OK)
        error = report_array(report, &args, entry, "args");
    line.arg_count = json_array_size(args);
    if (error != TRUST_OK || line.arg_count > TRUST_SCAN_WORDS_MAX)
        return error;
    for (size_t i = 0; i < line.arg_count; i++) {
        words[i] = json_string_value(json_array_get(args, i));
        if (words[i] == NULL)
            return report_wrong(report, "args", "expected texts");
    }
    line.has_other_registry = names_registry(json_object_get(entry, "env"));
    place(server, &line);
    return TRUST_OK;
}

void report_place_url(struct report_server *server, const char *url)
{
    static const char stdio[] = "stdio:";
    bool is_line = strncmp(url, stdio, sizeof stdio - 1) == 0;
    const char *const words[] = {"-c", url + (is_line ? sizeof stdio - 1 : 0)};
    const struct launch_line shell = {.command = "sh", .args = words, .arg_count = 2};
    const struct launch_line address = {.url = url};
    place(server, is_line ? &shell : &address);
}

void report_place_package(struct report_server *server, const char *package)
{
    const struct launch_line line = {.command = "npx", .args = &package, .arg_count = 1};
    place(server, &line);
}

/* What the rule alone says about the fate. */
static enum finding_fate fate_of(enum report_about about)
{
    switch (about) {
    case REPORT_ABOUT_SERVER:
    case REPORT_ABOUT_VERSION:
        return FINDING_TAKEN;
    case REPORT_ABOUT_CONFIGURATION:
        return FINDING_CONFIGURATION;
    case REPORT_ABOUT_SKILL:
        return FINDING_NOT_SERVER;
    case REPORT_ABOUT_NOTHING:
        return FINDING_NOTICE;
    case REPORT_ABOUT_FAILURE:
        return FINDING_UNSCANNED;
    }
    return FINDING_NOTICE;
}

static bool has_version(const char *text)
{
    struct trust_subject subject;
    return trust_subject_parse(&subject, trust_bytes_text(text)) == TRUST_OK &&
           subject.version.size > 0;
}

/* What the server makes of a finding about it. */
static enum finding_fate fate_at(const struct report_server *server, const struct report_rule *rule)
{
    bool lacks_version = server->fate == FINDING_TAKEN && rule->about == REPORT_ABOUT_VERSION &&
                         !has_version(server->subject);
    return lacks_version ? FINDING_NO_VERSION : server->fate;
}

enum trust_error report_add(struct report *report, const struct report_server *server,
                            const struct report_hit *hit)
{
    const struct report_rule *rule = hit->rule;
    struct finding finding = {
        .fate = fate_of(rule->about),
        .severity = hit->severity < rule->most ? hit->severity : rule->most,
        .class_ = rule->class_,
    };
    finding_name_server(finding.server, server->name);
    memcpy(finding.subject, server->subject, sizeof finding.subject);
    bool has_name = finding_name_rule(finding.rule, hit->scanner, hit->id);
    if (finding.fate == FINDING_TAKEN && hit->severity == TRUST_SEVERITY_CLEARED)
        finding.fate = FINDING_NOTICE;
    if (finding.fate == FINDING_TAKEN && !has_name)
        finding.fate = FINDING_RULE_NAME;
    if (finding.fate == FINDING_TAKEN)
        finding.fate = fate_at(server, rule);
    return finding_add(&report->findings, &finding);
}

enum trust_error report_add_failure(struct report *report, const struct report_server *server)
{
    struct finding finding = {.fate = FINDING_UNSCANNED, .class_ = TRUST_CLASS_OTHER};
    finding_name_server(finding.server, server->name);
    memcpy(finding.subject, server->subject, sizeof finding.subject);
    return finding_add(&report->findings, &finding);
}
