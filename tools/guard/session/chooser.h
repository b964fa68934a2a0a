/*
 * Which backend takes a call: the selection and the breakers of libtrust, asked on behalf of the
 * router.
 *
 * Every backend that cannot take the call is excluded, and the degraded answer then says of each
 * why: not covered, changed, resting after its end, or tried already. The permit of each attempt is
 * kept here until the router settles it.
 */
#ifndef GUARD_CHOOSER_H
#define GUARD_CHOOSER_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/client.h"

#include "guard/router/router.h"
#include "host/group.h"

/* How a backend is, by what the shell knows of it. */
enum chooser_life {
    CHOOSER_READY,
    CHOOSER_FIRST_START, /* never ready yet: not started, or starting */
    CHOOSER_STARTING,    /* it runs again, and is being learned */
    CHOOSER_RESTING,     /* it ended, and is started again in rest_ms */
    CHOOSER_SKIPPED,     /* this guard cannot start it */
};

struct chooser_backend {
    enum chooser_life life;
    uint64_t rest_ms;
    enum trust_outcome_class unready_class; /* RESTING: router_unready_class */
};

struct chooser {
    struct trust_client *client;
    const struct trust_group *group;
    uint32_t count; /* of the backends: the primary and the fallbacks */

    /* Attempts that have a permit; call n belongs to id n. */
    uint64_t *ids;
    struct trust_client_call *calls;
    uint32_t permit_count;
    uint32_t permit_capacity;

    char text[TRUST_CLIENT_ANSWER_SIZE + 1]; /* of the last answer */
};

/* client and group outlive it. */
void chooser_init(struct chooser *chooser, struct trust_client *client,
                  const struct trust_group *group);

/* What was not settled is given back as cancelled. */
void chooser_close(struct chooser *chooser);

/* The n-th server of a group, the primary first. */
const struct trust_group_server *chooser_server(const struct trust_group *group, uint32_t n);

/*
 * The backends, a bit each, to which no call may go for security reasons: quarantined, under
 * investigation or banned. All of them if that cannot be found out.
 */
uint32_t chooser_withheld(const struct chooser *chooser);

/*
 * The answer to ROUTER_CHOOSE. backends has an entry for each. The texts of out_choice are good
 * until the next call.
 */
void chooser_choose(struct chooser *chooser, struct router_choice *out_choice,
                    const struct router_action *action, const struct chooser_backend *backends);

/* ROUTER_SETTLE: the permit of that attempt ends. */
void chooser_settle(struct chooser *chooser, const struct router_action *action);

#endif
