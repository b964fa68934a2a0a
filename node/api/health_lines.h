/*
 * What is not well with this node, each with a code, one sentence and the next step. Rules over one
 * value that status.c fills in, so that each can be tested with numbers.
 */
#ifndef API_HEALTH_LINES_H
#define API_HEALTH_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"

enum health_level {
    HEALTH_INFO,
    HEALTH_WARN,
    HEALTH_ERROR,
};

struct health_facts {
    bool has_operator;
    uint32_t former_operators; /* whose records are kept */
    bool is_revoked;           /* the operator's key has ended */
    bool has_vouch;            /* the operator vouches for somebody */
    bool has_groups;           /* servers are configured */
    bool link_runs;
    uint32_t link_restarts;
    uint32_t peers_known;
    uint32_t peers_up;
    uint32_t peers_skewed;  /* whose clocks are far from ours */
    enum trust_error fault; /* of the store */
    uint64_t damaged;       /* records set aside */
    uint64_t record_size;
    uint64_t limit_size;
    uint64_t unscored; /* records that found no room in the scorer */
    uint64_t held_back;
    bool audit_is_damaged;     /* lines were changed or are missing, found at this start */
    uint32_t withheld;         /* servers */
    uint32_t withheld_by_file; /* of them, those that only the file knew of at a start */
    uint32_t withheld_damaged; /* lines of the file that did not read at this start */
    uint32_t breakers_open;
    uint32_t manifests_changed; /* servers of groups, as agents say, and nobody accepted it */
    uint32_t changes_held;      /* of these, those that are not suspect for want of room */
    bool uplink_is_down;
    bool clock_has_leapt; /* and is not believed so far */
    bool api_is_crowded;  /* connections had to be closed for want of room lately */
};

struct health_line {
    const char *code; /* [a-z_]+ */
    enum health_level level;
    char text[160];
    const char *next; /* NULL: nothing to do */
};

#define HEALTH_LINES_MAX 22

/* Writes the lines that apply, worst first, and returns how many. */
uint32_t health_lines_find(struct health_line out_lines[HEALTH_LINES_MAX],
                           const struct health_facts *facts);

/* "info", "warn", "error". */
const char *health_level_name(enum health_level level);

#endif
