/* What a router holds; only the files of the router itself look inside. */
#ifndef GUARD_STATE_H
#define GUARD_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/limits.h"
#include "guard/router/calls.h"
#include "guard/router/era.h"
#include "guard/router/queue.h"
#include "guard/router/recall.h"
#include "guard/router/router.h"
#include "guard/router/text.h"

/* What a backend is being asked of itself, in this order. */
enum state_step {
    STEP_NONE,
    STEP_SERVER,    /* initialize, or server/discover */
    STEP_TOOLS,     /* tools/list */
    STEP_PROMPTS,   /* prompts/list */
    STEP_TEMPLATES, /* resources/templates/list */
};

enum state_phase {
    BACKEND_IDLE,        /* never asked for */
    BACKEND_STARTING,    /* ROUTER_START is out */
    BACKEND_HANDSHAKING, /* it is being learned for the first time in this life */
    BACKEND_JUDGING,     /* ROUTER_LEARNED is out */
    BACKEND_READY,       /* takes calls, though it may be learned anew meanwhile */
    BACKEND_STOPPING,    /* ROUTER_STOP is out */
    BACKEND_UNUSABLE,    /* gone, and of no use to this client */
};

struct backend {
    char *subject;
    enum state_phase phase;
    uint64_t next_number;

    enum state_step step;
    uint64_t asked_id; /* of the guard's own request; 0: none is out */
    uint64_t asked_number;
    uint64_t asked_until_ms;
    uint32_t pages;     /* of the present list */
    struct text server; /* its result of initialize, kept to learn its lists anew */
    bool has_tools;     /* by its capabilities, as the next three */
    bool has_prompts;
    bool has_resources;
    bool has_logging;
    enum era era;           /* in which it is, or was, greeted */
    enum era begin_era;     /* in which it will be, NONE: that of the client */
    bool is_era_known;      /* it was greeted in era, with success */
    bool is_foreign;        /* so far it refused as who speaks no version of an era does */
    uint32_t eras_tried;    /* a bit each, since it began */
    uint32_t hello;         /* the one it was greeted with, of hello_count */
    uint32_t refused_hello; /* with which it spoke no version of either era; 0: with none */
    uint64_t listen_id;     /* of the guard's own subscriptions/listen; 0: none */
    uint64_t listen_number;
    uint64_t listen_ms;      /* when it is made again; 0 or TRUST_NEVER_MS: never */
    uint64_t listen_wait_ms; /* before that */
    /* Why it was not ready the last time; REFUSED: nothing more is known. */
    enum trust_outcome_class unready_class;

    bool is_stale;            /* it says that its lists have changed */
    uint64_t relearn_ms;      /* not before */
    uint64_t relearned_ms;    /* when it was learned anew last; the next time is not before */
    uint64_t relearn_wait_ms; /* so long after */
    uint64_t used_ms;         /* READY: when it last had a call */
    bool is_idle;             /* STOPPING: since it was unused for long */
    uint32_t open_requests;   /* of it, that the client has not answered */
};

/* A request of a backend that the client has not answered. */
struct state_asked {
    uint64_t id;   /* as the client sees it; 0: free */
    uint64_t call; /* which asks for itself (rounds.h); 0: the backend does */
    uint32_t item;
    uint32_t backend;
    enum message_method method;
    char *raw_id;    /* the backend's */
    char *raw_token; /* of its progress; NULL: none */
    uint64_t tag;
};

/* A resource whose changes the client wants to hear of. */
struct state_subscription {
    char *uri;        /* a JSON string */
    uint32_t backend; /* that was told; ROUTER_BACKENDS_MAX: none */
};

/* Notices of changed lists, at most one of each kind in a while. */
enum state_notice {
    NOTICE_TOOLS,
    NOTICE_PROMPTS,
    NOTICE_RESOURCES,
};

#define STATE_NOTICES (NOTICE_RESOURCES + 1)

struct state_throttle {
    bool is_due;
    uint64_t next_ms;
};

/* Who can go on with a task or a request that was begun. */
struct state_sticky {
    struct recall_digest digest;
    uint32_t backend;
    bool is_used;
};

struct router {
    struct router_config config; /* its texts are not used after router_new */
    char *group;
    uint32_t backend_count;
    struct backend backends[ROUTER_BACKENDS_MAX];
    const char *subjects[ROUTER_BACKENDS_MAX];

    struct queue queue;
    struct calls calls;
    struct recall recall;
    struct trust_basis basis; /* of the last selection */

    enum era era;
    bool is_closed;
    bool is_greeted;      /* initialize was answered */
    struct text hello;    /* what legacy backends are greeted with: the client's initialize */
    struct text meta;     /* what modern ones are told in each request: who speaks, as _meta */
    uint32_t hello_count; /* the client may begin anew */
    char *log_level;      /* a JSON value, NULL: not set */

    struct state_asked asked[TRUST_GUARD_ASKED_MAX];
    uint64_t asked_generation;
    struct state_subscription subscriptions[TRUST_GUARD_SUBSCRIPTIONS_MAX];
    uint32_t subscription_count;

    struct state_sticky sticky[TRUST_GUARD_STICKY_MAX]; /* a ring */
    uint32_t sticky_next;

    uint64_t revision; /* of the offer, as the client knows it */
    struct state_throttle notices[STATE_NOTICES];
    uint64_t due_ms; /* nothing is due before */
    struct router_stats stats;
};

/* Something is due then. */
static inline void state_due(struct router *r, uint64_t ms)
{
    if (ms < r->due_ms)
        r->due_ms = ms;
}

/* Its time without an answer begins anew. */
static inline void state_touch(const struct router *r, struct call *call, uint64_t now)
{
    uint64_t until = call->is_endless ? TRUST_NEVER_MS : now + r->config.call_timeout_ms;
    call->until_ms = until < call->deadline_ms ? until : call->deadline_ms;
}

static inline uint32_t state_bit(uint32_t backend)
{
    return UINT32_C(1) << backend;
}

#endif
