/*
 * What a scanner found, as far as a record can say it: no text of the scanner's but the name of its
 * rule, in the alphabet of rules. The name of the server is kept for people to read and is never
 * signed.
 */
#ifndef REPUTE_FINDING_H
#define REPUTE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/record.h"
#include "trust/subject.h"

#include "base/limits.h"

/* Findings of one report before equal ones are joined, at 360 bytes each. Scans of a whole fleet
 * have some thousands. */
#define FINDING_COUNT_MAX 131072
/* A server's name in a report, cut, with its NUL. */
#define FINDING_SERVER_SIZE 65

/* What becomes of a finding: a draft, or why not. */
enum finding_fate {
    FINDING_TAKEN,
    FINDING_NO_SUBJECT,    /* the report does not say which server in the world it is */
    FINDING_LOCAL,         /* its address means another server on every host */
    FINDING_NO_VERSION,    /* it holds for one version, and the report does not say which */
    FINDING_RULE_NAME,     /* the rule's name is no name but a text */
    FINDING_UNSCANNED,     /* the scanner could not look: no verdict */
    FINDING_CONFIGURATION, /* about how this host runs the server, not about the server */
    FINDING_NOT_SERVER,    /* about a skill or another thing that is no server */
    FINDING_NOTICE,        /* no finding of security */
    FINDING_SUPPRESSED,    /* somebody told the scanner that it does not hold */
};

struct finding {
    enum finding_fate fate;
    enum trust_severity severity; /* cleared: the scanner gives none */
    enum trust_class class_;
    uint32_t count;                        /* of equal findings, joined */
    char server[FINDING_SERVER_SIZE];      /* as the report calls it, printable ASCII */
    char subject[TRUST_SUBJECT_TEXT_SIZE]; /* "": none */
    char rule[TRUST_RULE_SIZE_MAX + 1];    /* "": none */
};

struct findings {
    struct finding *items;
    size_t count;
    size_t capacity;
};

/* TRUST_NO_ROOM: more than FINDING_COUNT_MAX; TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error finding_add(struct findings *findings,
                                            const struct finding *finding);
void finding_free(struct findings *findings);

/* Joins those that would be one flag, or that are left out for one reason, to the worst of them;
 * then sorts: drafts first, the worst first. */
void finding_join(struct findings *findings);

/* "draft", "no_subject", ...; static. */
const char *finding_fate_word(enum finding_fate fate);

/* A name for people to read: cut, and with "?" for whatever is no printable ASCII, so that it can
 * move no cursor and turn no line around. NULL is "". */
void finding_name_server(char out_name[FINDING_SERVER_SIZE], const char *name);

/*
 * "scanner.name" as the rule of a flag. Separators that rules cannot have become dots, and what is
 * too long is cut and ends in eight digits of its hash, so that two names stay two. False: empty,
 * or with blanks, control characters, quotes or anything beyond ASCII: prose, not a name.
 */
bool finding_name_rule(char out_rule[TRUST_RULE_SIZE_MAX + 1], const char *scanner,
                       const char *name);

#endif
