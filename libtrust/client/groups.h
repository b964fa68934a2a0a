/*
 * The groups of interchangeable servers, and the policy of the breakers: from the configuration
 * file where the agent may read it, else of those that the node told of.
 */
#ifndef TRUST_CLIENT_GROUPS_H
#define TRUST_CLIENT_GROUPS_H

#include "trust/client.h"
#include "trust/policy.h"

#include "base/limits.h"
#include "client/file_mark.h"

struct trust_client_member {
    struct trust_client_target target;
    uint8_t transport; /* enum trust_transport; 0: not known */
    bool is_primary;
};

struct trust_client_group {
    char name[TRUST_GROUP_NAME_SIZE_MAX + 1];
    struct trust_client_member members[TRUST_CLIENT_GROUP_MAX]; /* in the operator's order */
    uint32_t count;
    uint32_t min_score_ppm;
    uint8_t strategy;      /* enum trust_strategy */
    uint8_t risk;          /* enum trust_risk */
    uint8_t when_all_open; /* enum trust_when_all_open */
    bool vetted_only;
    struct trust_mono learned; /* of those that the node told of: when */
};

struct trust_client_groups {
    struct trust_client_group *groups;
    uint32_t count;
    bool has_configuration; /* groups and policy come from the file */
    struct trust_breaker_policy policy;
    struct trust_client_group ungrouped; /* the rules for candidates that no group has */
    struct trust_client_file_mark mark;
    struct trust_client_group *learned; /* room for TRUST_CLIENT_LEARNED_MAX */
    uint32_t learned_count;
};

/* TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error trust_client_groups_open(struct trust_client_groups *groups);

/*
 * Reads the configuration at path if it has changed. One that cannot be read or is refused leaves
 * the last good one in force, or none. True: the policy is another one now.
 */
bool trust_client_groups_refresh(struct trust_client_groups *groups, const char *path,
                                 struct trust_mono now);

/* NULL: not among those known. */
struct trust_client_group *trust_client_groups_find(struct trust_client_groups *groups,
                                                    const char *name);

/* Keeps a group that the node told of, in place of what it told before; the one told the longest
 * ago makes room. */
void trust_client_groups_learn(struct trust_client_groups *groups,
                               const struct trust_client_group *group);

void trust_client_groups_close(struct trust_client_groups *groups);

#endif
