/*
 * Requests of the client that have no answer yet: slots, each with the generation of its present
 * attempt. The id that a backend sees is generation << 10 | slot, so that an answer finds its call
 * in one step, and one that comes late, twice or from nowhere finds none.
 */
#ifndef GUARD_CALLS_H
#define GUARD_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/answer.h"
#include "trust/outcome.h"

#include "base/limits.h"
#include "guard/router/hold.h"
#include "guard/router/offer.h"
#include "guard/router/resend.h"
#include "guard/router/round.h"
#include "guard/router/router.h"
#include "guard/router/text.h"
#include "wire/message.h"

#define CALLS_SLOT_BITS 10

enum call_state {
    CALL_FREE,
    CALL_LEARNING, /* answered by the guard itself, once it has learned what is offered */
    CALL_CHOOSING, /* ROUTER_CHOOSE is out */
    CALL_WAITING,  /* a backend was chosen that is not ready */
    CALL_PARKED,   /* may only go to the same server, which is not back yet; no permit */
    CALL_SENT,     /* on its way, or at the backend */
    CALL_ASKING,   /* the client is asked what the backend has to know; no permit */
    CALL_HELD,     /* at the backend, while the client is away to find out what it asked */
};

/* One backend that was tried in vain. */
struct call_try {
    uint32_t backend;
    enum trust_outcome_class class_;
    bool is_sent;
};

struct call {
    uint64_t id; /* of the present attempt */
    enum call_state state;
    uint32_t place; /* among the active */

    uint8_t *held; /* the client's line; message lies in it */
    size_t held_size;
    struct message message;
    char *tool; /* decoded; "" for other methods */
    size_t tool_size;
    uint64_t tag;
    enum resend_kind kind;

    uint32_t backend; /* chosen, or the one that it waits for */
    uint64_t number;  /* of the message to it */
    bool has_permit;
    bool is_believed;
    struct offer_hints hints; /* as that backend gives them */
    bool has_output;          /* that backend says what its answers look like */
    uint64_t began_ms;        /* of the attempt: when it was sent */
    uint64_t until_ms;        /* of the state; moved by progress */
    uint64_t deadline_ms;     /* of the call */

    uint32_t excluded; /* backends that it is not offered to again */
    struct call_try tries[ROUTER_BACKENDS_MAX];
    uint32_t try_count;
    uint32_t first;  /* the backend that saw it first, once has_first */
    uint32_t losses; /* of a session */
    bool has_first;
    bool is_endless;         /* subscriptions/listen: silence is no fault, and it has no deadline */
    bool is_local;           /* SENT, but to nobody: the guard serves it for a legacy backend */
    bool is_short_wait;      /* WAITING: the selection said how long, not the timeout */
    bool is_relearned;       /* its backend was asked for its tools anew on its behalf */
    bool is_last_wait;       /* WAITING: the backend is stopped, which is about to be told */
    bool has_returned;       /* it was sent to the same server again */
    bool is_doubtful;        /* nobody knows whether it took effect */
    bool is_consumed;        /* the client answered what the call asked back */
    bool is_error;           /* its result has isError: true */
    bool is_executed;        /* it may have been: it left and has no answer */
    bool has_progress;       /* progress was told */
    bool is_acknowledged;    /* subscriptions/listen: the client was told so */
    double progress;         /* the greatest that was told */
    uint64_t retry_after_ms; /* least that a failed attempt asked for */
    uint64_t pause_ms;       /* that the last one asked for; TRUST_NEVER_MS: it did not */
    struct hold *hold;       /* what a legacy backend wants to know; NULL: nothing */
    struct round *round;     /* what a modern backend wanted to know last; NULL: nothing */
    struct text error;       /* what a backend answered a read, if nothing else can serve */
};

struct calls {
    struct call *slots;
    uint16_t *active; /* slots in use, in no order */
    uint16_t *unused; /* a stack: what was used last is warm */
    uint32_t count;
    uint64_t generation;
    size_t held_size;
};

void calls_init(struct calls *calls);
void calls_close(struct calls *calls);

/* A call without a state yet, which owns held from here; NULL: all slots are in use. */
struct call *calls_take(struct calls *calls, uint8_t *held, size_t held_size);

/* held becomes that of the call, which is what message was read from. */
void calls_replace(struct calls *calls, struct call *call, uint8_t *held,
                   const struct message *message);

/* So many bytes more are kept for it. False: there is no room for them. */
bool calls_keep(struct calls *calls, struct call *call, size_t size);

/* A new id: answers to the earlier one come late from here. */
void calls_renew(struct calls *calls, struct call *call);

/* The call whose present attempt this is, or NULL. */
struct call *calls_find(const struct calls *calls, uint64_t id);

/* Its memory goes with it. */
void calls_end(struct calls *calls, struct call *call);

/* The id of a request of the guard itself, in the slot that no call has. */
uint64_t calls_own_id(struct calls *calls);

/* id was given to some request, at some time. */
bool calls_was_given(const struct calls *calls, uint64_t id);

/* No more: every slot, or the memory for requests, is taken. */
bool calls_are_full(const struct calls *calls, size_t size);

/* One of the active calls; i is below count. The one at i may be ended within a loop that counts
 * down. */
static inline struct call *calls_at(const struct calls *calls, uint32_t i)
{
    return &calls->slots[calls->active[i]];
}

#endif
