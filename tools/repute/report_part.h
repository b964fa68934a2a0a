/*
 * What the readers of the formats share: members that have the type they should have, and findings
 * weighed by a table.
 */
#ifndef REPUTE_REPORT_PART_H
#define REPUTE_REPORT_PART_H

#include <jansson.h>

#include "repute/report.h"

/* What a rule of a scanner says something about. */
enum report_about {
    REPORT_ABOUT_SERVER,
    REPORT_ABOUT_VERSION, /* one version of a server: a vulnerability that is mended in the next */
    REPORT_ABOUT_CONFIGURATION,
    REPORT_ABOUT_SKILL,
    REPORT_ABOUT_NOTHING, /* a notice */
    REPORT_ABOUT_FAILURE, /* the scanner's own */
};

/* A row: a scanner's rule as a flag. A table ends with a row without an id; what is in no row is
 * report_rule_unknown. docs/reference/scanners.md has each row with its reason. */
struct report_rule {
    const char *id;
    enum report_about about;
    enum trust_class class_;
    enum trust_severity most; /* the scanner's severity counts up to this */
};

extern const struct report_rule report_rule_unknown;

/* The server that is read. */
struct report_server {
    const char *name;                      /* borrowed; NULL: none */
    enum finding_fate fate;                /* FINDING_TAKEN, _NO_SUBJECT, _LOCAL or _NOT_SERVER */
    char subject[TRUST_SUBJECT_TEXT_SIZE]; /* "": none */
    bool is_bridged;                       /* a package of another kind stands before it */
};

/* One thing that the scanner says. */
struct report_hit {
    const char *scanner; /* in front of the rule's name: "mcp-scan" */
    const char *id;      /* the rule's name */
    enum trust_severity severity;
    const struct report_rule *rule;
};

/* ---- places and types ---- */

/* Where the reader is; members are named below it. */
void report_at(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Notes what is wrong at the place, or at its member name if that is not NULL. TRUST_NO_TYPE. */
enum trust_error report_wrong(struct report *report, const char *name, const char *what);

/* A member that may be absent or null: NULL then, which jansson takes as an empty array or object.
 * TRUST_NO_TYPE: it has another type. */
TRUST_MUST_USE enum trust_error report_array(struct report *report, json_t **out_array,
                                             const json_t *object, const char *name);
TRUST_MUST_USE enum trust_error report_object(struct report *report, json_t **out_object,
                                              const json_t *object, const char *name);
TRUST_MUST_USE enum trust_error report_text(struct report *report, const char **out_text,
                                            const json_t *object, const char *name);

/* An item of an array that must be an object, or a text. */
TRUST_MUST_USE enum trust_error report_is_object(struct report *report, const json_t *item);

/* ---- what is found ---- */

/* The row of an id, or report_rule_unknown. */
const struct report_rule *report_find(const struct report_rule *table, const char *id);

/* "HIGH", "medium", "Moderate", "info" (cleared: no finding)... False: no such word. */
bool report_severity(enum trust_severity *out_severity, const char *word);

/* The server of an entry of a configuration: its command, args and env, or its url. */
TRUST_MUST_USE enum trust_error report_place(struct report *report, struct report_server *server,
                                             const json_t *entry);
/* That of an address, or of "stdio:" and a command line. */
void report_place_url(struct report_server *server, const char *url);
/* That of a package of npm, "@acme/search@1.4.2". */
void report_place_package(struct report_server *server, const char *package);

/* TRUST_NO_ROOM, TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error
report_add(struct report *report, const struct report_server *server, const struct report_hit *hit);

/* The scanner could not look at this server. */
TRUST_MUST_USE enum trust_error report_add_failure(struct report *report,
                                                   const struct report_server *server);

/* ---- the formats ---- */

TRUST_MUST_USE enum trust_error report_mcp_scan_read(struct report *report, const json_t *document);
TRUST_MUST_USE enum trust_error report_agent_scan_read(struct report *report, json_t *document);
TRUST_MUST_USE enum trust_error report_cisco_read(struct report *report, const json_t *document);
TRUST_MUST_USE enum trust_error report_sarif_read(struct report *report, const json_t *document);

/* The tables of the scanners that write SARIF too. */
extern const struct report_rule report_mcp_scan_rules[];
extern const struct report_rule report_agent_scan_rules[];

#endif
