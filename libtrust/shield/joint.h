/*
 * One leave to call out of several cells: the agent's own cell of the tool, its own cell of the
 * server, and the node's shared cell of the server as the board shows it. All must permit; the
 * first that does not is named.
 */
#ifndef TRUST_SHIELD_JOINT_H
#define TRUST_SHIELD_JOINT_H

#include "trust/breaker.h"

enum trust_joint_cell {
    TRUST_JOINT_NONE = 0, /* nobody refused */
    TRUST_JOINT_TOOL = 1,
    TRUST_JOINT_SERVER = 2,
    TRUST_JOINT_SHARED = 3,
};

struct trust_joint {
    struct trust_breaker *tool;   /* NULL: there is none */
    struct trust_breaker *server; /* NULL: there is none */
    bool is_node_live;            /* false: shared is not looked at, and own cells lease one probe
                                   * at a time */
    enum trust_breaker_state shared; /* at this time */
    bool has_shared_lease;           /* the node leased a probe of the shared cell */
};

struct trust_joint_permit {
    struct trust_permit tool;
    struct trust_permit server;
};

/* Transitions of the own cells; their key is the cell's trust_joint_cell. */
struct trust_joint_events {
    struct trust_breaker_events tool;
    struct trust_breaker_events server;
};

/* What the calls below need beside the cells; as trust_breaker_context. */
struct trust_joint_context {
    const struct trust_breaker_policy *policy;
    struct trust_mono now;
    struct trust_joint_events *events; /* NULL: nobody asks */
};

/*
 * Asks all cells, own ones first. TRUST_JOINT_NONE: out_permit is written. Else the cell that
 * refused; a lease that another cell had given is given back, and out_permit is not written.
 */
enum trust_joint_cell trust_joint_permit(const struct trust_joint *joint,
                                         struct trust_joint_permit *out_permit, uint64_t agent,
                                         const struct trust_joint_context *context);

/* Tells both own cells how the call went. The node hears of it elsewhere. */
void trust_joint_record(const struct trust_joint *joint, const struct trust_joint_permit *permit,
                        const struct trust_outcome *outcome,
                        const struct trust_joint_context *context);

/* "none", "tool", "server", "shared". Static. */
const char *trust_joint_cell_name(enum trust_joint_cell cell);

#endif
