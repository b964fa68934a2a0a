/*
 * What putting the guard in front of a client's servers changes: which server goes behind which
 * group, the entries in the client's file, and the groups that reputed.yaml lacks.
 */
#ifndef REPUTE_GUARD_PLAN_H
#define REPUTE_GUARD_PLAN_H

#include "host/config.h"
#include "repute/change.h"
#include "repute/groups_edit.h"
#include "repute/guard_server.h"

struct guard_plan {
    struct context *context;
    struct change client;     /* the client's file */
    struct change config;     /* reputed.yaml */
    json_t *document;         /* of the client's file */
    struct trust_config file; /* what reputed.yaml says now */
    bool has_file;
    struct guard_server *servers;
    size_t server_count;
    size_t chosen_count;              /* of them, those that were meant */
    struct groups_edit_group *groups; /* new ones; names are of rows */
    size_t group_count;
    size_t moved_count; /* servers that go behind the guard */
    size_t left_count;  /* servers that stay although they were meant */
    bool moves_secrets; /* what goes into reputed.yaml is not all shown */
    json_t *rows;       /* [{name, project, subject, group, state, text, next}] */
};

struct guard_plan_choice {
    unsigned members;         /* where servers may stand in the file: enum clients_members */
    const char *client;       /* whose file it is; NULL: nobody knows */
    const char *const *names; /* of the servers that are meant */
    size_t name_count;        /* 0: all */
    const char *group;        /* for the only one; NULL: each gets a group of its own */
};

/* Reads reputed.yaml. The plan is zeroed but for its context and client, which is open. */
TRUST_MUST_USE enum trust_error guard_plan_open(struct guard_plan *plan);
void guard_plan_close(struct guard_plan *plan);

/* Reads the servers of the client's file. TRUST_NO_FOUND, noted: one that was named is not there.
 */
TRUST_MUST_USE enum trust_error guard_plan_read(struct guard_plan *plan,
                                                const struct guard_plan_choice *choice);

/* Makes the rows, both patches and both diffs. Refusals are noted. */
TRUST_MUST_USE enum trust_error guard_plan_make(struct guard_plan *plan,
                                                const struct guard_plan_choice *choice);

/* The same back: entries that name a group get what its primary says. */
TRUST_MUST_USE enum trust_error guard_plan_make_back(struct guard_plan *plan,
                                                     const struct guard_plan_choice *choice);

#endif
