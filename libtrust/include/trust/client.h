/*
 * What an agent links: which server to call, leave to call it, and how the call went.
 *
 * A selection is read from the board that the node keeps in shared memory, and costs no round trip.
 * An outcome goes to the agent's own breakers at once and to the node in the background. Nothing
 * here needs the node: while it is away the last board, the agent's own breakers and the list of
 * withheld servers go on deciding, and every answer says what it rests on.
 *
 *     open, select; for each choice: permit, call the server, done; close
 *
 * docs/howto/use-from-an-agent.md has the whole program. Threads: any number may use one client at
 * a time, with all calls but close. A client has one thread of its own, which takes no signals and
 * begins with the first outcome. After a fork only the parent may use it.
 */
#ifndef TRUST_CLIENT_H
#define TRUST_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/answer.h"
#include "trust/breaker.h"
#include "trust/cell.h"
#include "trust/error.h"
#include "trust/outcome.h"
#include "trust/select.h"
#include "trust/subject.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Servers of one group: a primary and 15 fallbacks. */
#define TRUST_CLIENT_GROUP_MAX 16
/* A tool's name of 128 bytes, and the final NUL. */
#define TRUST_CLIENT_TOOL_SIZE 129
/* Room for a lease as the node writes it. */
#define TRUST_CLIENT_LEASE_SIZE 64
/* Room for a group's answer as text: each choice takes 400 bytes at most, and the rest 1,500. */
#define TRUST_CLIENT_ANSWER_SIZE 8192
/* A SHA-256. */
#define TRUST_CLIENT_DIGEST_SIZE 32
/* What a wait of 0 stands for: the node answers within a millisecond, or something is wrong. */
#define TRUST_CLIENT_WAIT_MS 200
/* A wait that is none: what only the node can tell is then done without. */
#define TRUST_CLIENT_NO_WAIT UINT32_MAX

/* An agent's view of its servers; a handle. */
struct trust_client;

/*
 * A server, and maybe one of its tools: hashed once, good for any number of calls and as long as
 * the client is open. Subject and tool are for reading; the rest is the library's.
 */
struct trust_client_target {
    char subject[TRUST_SUBJECT_TEXT_SIZE]; /* canonical, NUL-terminated */
    char tool[TRUST_CLIENT_TOOL_SIZE];     /* "": the server as a whole */
    bool is_last_attempt;                  /* every breaker is open: one careful call is allowed */
    uint8_t digest[32];
    uint32_t slot; /* a hint, checked at each use, as is the next */
    uint32_t tool_slot;
};

/* What is asked for. Zeros: as the operator configured it. */
struct trust_client_query {
    const char *group;             /* a group of the configuration; or NULL, and: */
    const char *const *candidates; /* subjects, in any spelling */
    size_t candidate_count;        /* at most TRUST_SELECT_MAX */
    const char *const *exclude;    /* subjects not to be offered, for example those just tried */
    size_t exclude_count;          /* at most TRUST_SELECT_MAX */
    const char *tool;              /* the tool that will be called; NULL: any */
    uint32_t min_score_ppm;        /* counts where it is above the operator's threshold */
    uint32_t max_latency_ms;       /* 0: any */
    uint32_t wait_ms;              /* for what only the node knows; 0: TRUST_CLIENT_WAIT_MS */
    uint32_t flags;                /* enum trust_client_flag */
};

/* Each asks for more care than the configuration does. */
enum trust_client_flag {
    TRUST_CLIENT_HIGH_RISK = 1,   /* no unknown or suspect server, no basis but a fresh one */
    TRUST_CLIENT_VETTED_ONLY = 2, /* of the fallbacks */
    TRUST_CLIENT_NO_PROBE = 4,    /* the call must not test a recovering server: a write */
    TRUST_CLIENT_BEST = 8,        /* by score and cost, whatever the group's order */
};

/* What became of one candidate. */
struct trust_client_choice {
    struct trust_client_target target;
    uint64_t opens_in_ms; /* refused: when to ask again, or TRUST_NEVER_MS */
    uint32_t score_ppm;   /* TRUST_PPM_NONE: unknown */
    uint8_t why;          /* enum trust_why: its place, or the rule that refused it */
    uint8_t state;        /* enum trust_candidate_state */
    uint8_t reason;       /* enum trust_reason; NONE if it may serve */
    uint8_t leases;       /* enum trust_lease_from: half-open there, so that the call is a probe */
    bool is_vetted;
};

/* Leave to make one call. The members are the library's. */
struct trust_client_call {
    struct trust_client_target target;
    struct trust_permit of_tool;
    struct trust_permit of_server;
    struct trust_mono began;
    char lease[TRUST_CLIENT_LEASE_SIZE]; /* of the shared breaker; "": none was needed */
};

/* What a server offers now, next to what was approved of it: docs/reference/pins.md has the
 * digests. tools: how many are not as approved; with none of them it is what the server says of
 * itself. */
struct trust_client_manifest {
    const char *subject;         /* with its version, in any spelling */
    const uint8_t *capabilities; /* TRUST_CLIENT_DIGEST_SIZE bytes, as is the next */
    const uint8_t *manifest;
    enum trust_manifest_state state; /* not NONE */
    uint32_t tools;
};

/* Figures since open. */
struct trust_client_stats {
    struct trust_basis basis;    /* what an answer would rest on now */
    uint64_t told;               /* outcomes that the node accepted */
    uint64_t lost;               /* what it never heard of: too many, too old, or refused */
    uint32_t queued;             /* on their way */
    uint32_t withheld;           /* servers on the list of withheld ones, as last read */
    bool is_withheld_incomplete; /* lines of that list could not be read: the others hold */
    bool has_configuration;      /* groups come from the file, not from the node */
};

/*
 * home is the folder of an instance; NULL: REPUTE_HOME, else the user's or the system's places.
 * agent is this agent's name, which spreads agents over equal servers; NULL: made of the process
 * id. A node that is not there is no error. TRUST_NO_SIZE: a path, or a name over 64 bytes;
 * TRUST_NO_OPTION: nothing says where; TRUST_FAIL_MEMORY, TRUST_FAIL_SYSTEM, TRUST_FAIL_LIBRARY.
 */
TRUST_API TRUST_MUST_USE enum trust_error trust_client_open(struct trust_client **out_client,
                                                            const char *home, const char *agent);

/* Waits up to TRUST_CLIENT_WAIT_MS for outcomes on their way. NULL does nothing. */
TRUST_API void trust_client_close(struct trust_client *client);

/*
 * Always an answer: out_choices[0..answer.count) may serve, in this order, and behind them stand
 * answer.refused_count others with the rule that refused each. room is TRUST_CLIENT_GROUP_MAX for a
 * group, or the number of candidates. wait_ms bounds the time; a group of the configuration file
 * and servers on the board never need it. The same state gives the same answer.
 * Nothing is written with TRUST_NO_FOUND: no such group; TRUST_NO_SUBJECT: a candidate without
 * canonical form; TRUST_NO_SIZE: more candidates than room, or a text too long; TRUST_NO_OPTION:
 * both a group and candidates, or neither.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_client_select(struct trust_client *client, struct trust_answer *out_answer,
                    struct trust_client_choice *out_choices, size_t room,
                    const struct trust_client_query *query);

/*
 * The answer as a JSON document, for a log or a language model; docs/reference/selection.md has its
 * members. NUL-terminated; a whole group fits into TRUST_CLIENT_ANSWER_SIZE bytes. group may be
 * NULL. TRUST_NO_SIZE: it does not fit; TRUST_FAIL_MEMORY.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_client_answer_text(char *out_text, size_t size, const struct trust_answer *answer,
                         const struct trust_client_choice *choices, const char *group);

/* A target without a selection: for a server that is settled already. tool may be NULL.
 * TRUST_NO_SUBJECT, TRUST_NO_SIZE: as above. */
TRUST_API TRUST_MUST_USE enum trust_error
trust_client_target_init(struct trust_client_target *out_target, const char *subject,
                         const char *tool);

/* The board's cell of a server. TRUST_NO_FOUND: the node does not show it; TRUST_NO_NODE: there is
 * no board; TRUST_NO_BUSY, TRUST_FAIL_CORRUPT: see trust_board_find. */
TRUST_API TRUST_MUST_USE enum trust_error trust_client_find(struct trust_client *client,
                                                            struct trust_board_cell *out_cell,
                                                            struct trust_client_target *target);

/*
 * Leave to call now: the server is not withheld, and the own breakers of tool and server and the
 * shared one let the call pass. Only while the shared breaker is half-open the node is asked, for
 * a lease, for at most wait_ms. The call must be settled by trust_client_done or _outcome; one that
 * was never made is settled as cancelled.
 * TRUST_NO_PROVIDER: withheld, or a breaker is open; TRUST_NO_LEASE: half-open, and it is not our
 * turn: take the next choice. *out_why, if asked for, then names the rule as a selection does.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_client_permit(struct trust_client *client, struct trust_client_call *out_call,
                    const struct trust_client_target *target, uint32_t wait_ms,
                    enum trust_why *out_why);

/* Tells how the call went; its latency is the time since its permit. Each call once. */
TRUST_API void trust_client_done(struct trust_client *client, const struct trust_client_call *call,
                                 enum trust_outcome_class class_);

/* The same, with everything that the caller knows. */
TRUST_API void trust_client_outcome(struct trust_client *client,
                                    const struct trust_client_call *call,
                                    const struct trust_outcome *outcome);

/*
 * Tells the node what a server offers, in the background: never waits. It is kept until the node
 * has it, 64 servers at most. A change makes the server suspect, for other agents of this host too,
 * until the operator accepts it or a day has passed. TRUST_NO_SUBJECT, TRUST_NO_SIZE: as above;
 * TRUST_NO_RANGE: the state is none.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_client_tell_manifest(struct trust_client *client,
                           const struct trust_client_manifest *manifest);

/* Waits until the outcomes and manifests told so far have left, at most wait_ms.
 * TRUST_NO_NODE: the node is away; TRUST_NO_BUSY: they have not all left in that time. */
TRUST_API TRUST_MUST_USE enum trust_error trust_client_flush(struct trust_client *client,
                                                             uint32_t wait_ms);

TRUST_API void trust_client_stats(struct trust_client *client,
                                  struct trust_client_stats *out_stats);

#ifdef __cplusplus
}
#endif

#endif
