/*
 * Reports of scanners, from their bytes to findings. Each format has its own file; what they share,
 * the bounds above all, is here.
 *
 * A report is foreign: it is refused whole, with the place, if anything in it has another type than
 * the format says, so that no finding is lost unseen. Members that are not known are passed over.
 */
#ifndef REPUTE_REPORT_H
#define REPUTE_REPORT_H

#include "trust/bytes.h"

#include "repute/finding.h"

/* A report with 100,000 findings has 30 MB. */
#define REPORT_SIZE_MAX ((size_t)48 * 1024 * 1024)
/* Deeper than any format goes: SARIF's deepest are a dozen. */
#define REPORT_DEPTH_MAX 64u
/* Arrays and objects, at some 300 bytes of memory each, and values of any kind, at some 100. */
#define REPORT_CONTAINERS_MAX 1000000u
#define REPORT_VALUES_MAX 4000000u

enum report_format {
    REPORT_AUTO, /* told by its members */
    REPORT_MCP_SCAN,
    REPORT_AGENT_SCAN,
    REPORT_CISCO,
    REPORT_SARIF,
};

struct report {
    enum report_format format;
    struct findings findings;
    uint32_t scanned; /* servers, or parts of one, that the scanner has a verdict on */
    char place[128];  /* of what is read: "results[3].findings[0]" */
    char wrong[256];  /* of a refused report: where, and what is wrong there */
};

/* The words of --format, NULL-terminated, in the order of the enum. */
extern const char *const report_formats[];

/*
 * Reads a whole report; report_close is due in any case. Refused, with report->wrong:
 * TRUST_NO_SIZE: over one of the bounds; TRUST_NO_SYNTAX: no JSON; TRUST_NO_TYPE: a member of the
 * wrong type or missing, or no report that is known; TRUST_NO_VERSION: a SARIF other than 2.1.0;
 * TRUST_NO_ROOM: too many findings; TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error report_read(struct report *out_report, enum report_format format,
                                            struct trust_bytes text);
void report_close(struct report *report);

#endif
