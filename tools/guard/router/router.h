/*
 * One client and the backends that serve it, as a state machine: events in, actions out, time given
 * with each event. It does no I/O, reads no clock and starts no thread, so that every race between
 * an answer, a death, a cancellation and a deadline is a list of calls that a test can make.
 *
 * The caller turns: one event, then router_poll until it is false, carrying out each action. An
 * action may be answered by an event at once. Every message is one JSON text without a newline.
 *
 * Memory: calls in flight and the bytes kept to send them again are bounded (router_is_full); what
 * one event queues is bounded by them.
 */
#ifndef GUARD_ROUTER_H
#define GUARD_ROUTER_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/answer.h"
#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/outcome.h"
#include "trust/time.h"

#include "guard/router/offer.h"

/* A group has a primary and 15 fallbacks. */
#define ROUTER_BACKENDS_MAX 16

struct router;

struct router_config {
    const char *group;                         /* all texts are copied */
    const char *subjects[ROUTER_BACKENDS_MAX]; /* canonical; 0 is the primary */
    uint32_t backend_count;
    uint32_t call_timeout_ms;    /* without an answer or progress; 0: 60,000 */
    uint32_t deadline_ms;        /* of one call, whatever its progress; 0: ten timeouts */
    uint32_t connect_timeout_ms; /* of a start with its handshake; 0: 10,000 */
    uint32_t idle_timeout_ms;    /* a backend unused for so long is stopped; 0: never */
    bool is_state_shared;        /* the group's shared_state */
    bool is_auth_elsewhere;      /* what one backend refuses for want of credentials may go on */
    struct offer offer;          /* context outlives the router */
    uint8_t secret[32];          /* seals what goes through the client; nobody else knows it */
};

/* Why a backend is gone. */
struct router_loss {
    enum trust_outcome_class class_; /* of what was in flight there: mostly TRUST_OUTCOME_REFUSED */
    uint64_t written;                /* the last message of which at least one byte left; 0: none */
    uint64_t retry_ms;               /* until it is started again; TRUST_NEVER_MS: not known */
};

/* What became of one message to a backend that lives on: HTTP. */
struct router_failure {
    enum trust_outcome_class class_;
    uint64_t retry_after_ms; /* what a 429 asked for; 0: nothing */
    bool is_sent;            /* it may have been executed; false: the connection was never made */
};

/* The answer to ROUTER_CHOOSE. */
struct router_choice {
    bool is_found;              /* with a permit, which ROUTER_SETTLE ends */
    uint32_t backend;           /* found: one of able */
    bool is_believed;           /* found: its hints are, by configuration or score */
    uint32_t wait_ms;           /* found, not ready yet: wait so long; 0: connect_timeout_ms */
    struct trust_answer answer; /* of the selection; its basis is read in any case */
    const char *candidates;     /* not found: JSON arrays of the degraded answer; NULL: [] */
    const char *alternatives;
};

enum router_kind {
    ROUTER_TO_CLIENT,
    ROUTER_TO_BACKEND,
    ROUTER_CHOOSE,  /* say router_chosen, now or later */
    ROUTER_SETTLE,  /* the permit of a found choice ends: exactly one for each */
    ROUTER_START,   /* the backend is wanted: start or connect it, when its back-off allows */
    ROUTER_STOP,    /* it is of no use: end it; router_backend_down then says that it is gone */
    ROUTER_LEARNED, /* all of it was learned: judge it against its pins, then say router_judged */
    ROUTER_LOG,     /* something for stderr */
};

enum router_note {
    ROUTER_NOTE_GARBAGE,   /* a backend wrote something that is no message */
    ROUTER_NOTE_FOREIGN,   /* a backend answered what it was never asked */
    ROUTER_NOTE_HANDSHAKE, /* a backend refused to begin, or took too long */
    ROUTER_NOTE_ERA,       /* a backend speaks no version of either era */
    ROUTER_NOTE_MANIFEST,  /* what a backend says of itself cannot be used */
    ROUTER_NOTE_CLIENT,    /* the client wrote something that is no message */
    ROUTER_NOTE_NO_ROOM,   /* a bound was reached: something was refused */
};

/* Spans are good until the next router_poll. */
struct router_action {
    enum router_kind kind;
    uint32_t backend; /* of all but TO_CLIENT and CHOOSE */
    struct trust_bytes bytes;

    uint64_t tag;    /* TO_CLIENT: of the line it belongs to (router_client_line); 0: none */
    bool is_answer;  /* TO_CLIENT: to that line, and the last with its tag. Without bytes: there is
                        none, since it was cancelled; only where the tag is not 0 */
    uint64_t number; /* TO_BACKEND: ascends from 1 in each life of the backend */

    uint64_t call;         /* CHOOSE, SETTLE: names one attempt; never 0, never used again */
    const char *tool;      /* CHOOSE, SETTLE: the tool's name in the contract; "": none */
    uint32_t able;         /* CHOOSE: backends that may take it, a bit each */
    uint32_t tried;        /* CHOOSE: those that already failed at it */
    uint32_t changed;      /* CHOOSE: those whose tool is withheld by its pin */
    bool is_probe_allowed; /* CHOOSE: it is a read: a half-open breaker may be tested with it */
    bool is_idle;          /* STOP: it was unused for long, which counts for no back-off */
    struct trust_outcome outcome; /* SETTLE */
    enum router_note note;        /* LOG */
};

/* Counted since router_new. */
struct router_stats {
    uint64_t calls;     /* requests of the client */
    uint64_t failovers; /* answers that came from another backend than the first */
    uint64_t unknown;   /* calls answered outcome_unknown */
    uint64_t late;      /* answers dropped since their call had ended */
    uint64_t foreign;   /* answers dropped since nothing was asked */
    uint32_t in_flight; /* calls now */
    uint32_t asked;     /* requests of backends that the client has not answered */
    uint64_t held_size; /* bytes kept to send calls again */
};

/* TRUST_FAIL_MEMORY. The client is expected to speak first. */
enum trust_error router_new(struct router **out_router,
                            const struct router_config *config) TRUST_MUST_USE;

/* NULL does nothing. Permits that are out are the caller's to end. */
void router_free(struct router *router);

/*
 * One message of the client. tag comes back with the answer and with all that belongs to it, so
 * that an HTTP face finds the stream; a stdio face says 0.
 */
void router_client_line(struct router *router, struct trust_bytes line, uint64_t tag,
                        struct trust_now now);

/* A line too long: answered with an error that has no id. */
void router_client_garbage(struct router *router, uint64_t tag, struct trust_now now);

/* Nobody waits for the answer to that line any more: its call is cancelled, which the backend is
 * told, and has no answer. */
void router_client_left(struct router *router, uint64_t tag, struct trust_now now);

/* Everything in flight is cancelled and settled, every backend stopped. The last event. */
void router_client_gone(struct router *router, struct trust_now now);

/* It can be written to: the handshake begins. */
void router_backend_up(struct router *router, uint32_t backend, struct trust_now now);

/* One message of a backend. */
void router_backend_line(struct router *router, uint32_t backend, struct trust_bytes line,
                         struct trust_now now);

/* A line too long: settles every call in flight there, as one that is no message does. */
void router_backend_garbage(struct router *router, uint32_t backend, struct trust_now now);

/* It is gone, or could not be started. */
void router_backend_down(struct router *router, uint32_t backend, const struct router_loss *loss,
                         struct trust_now now);

/* The message number failed by itself. One that was answered already is ignored. */
void router_backend_failed(struct router *router, uint32_t backend, uint64_t number,
                           const struct router_failure *failure, struct trust_now now);

/* Said of an attempt that has ended meanwhile (cancelled), a found choice is settled at once. */
void router_chosen(struct router *router, uint64_t call, const struct router_choice *choice,
                   struct trust_now now);

/* offer.route now knows this backend, which serves from here on. */
void router_judged(struct router *router, uint32_t backend, struct trust_now now);

/* offer.revision may have changed by something else than router_judged: pins were accepted. */
void router_offer_changed(struct router *router, struct trust_now now);

/* It is to be started and learned although no call needs it yet. */
void router_want(struct router *router, uint32_t backend);

/* It is to be stopped if it is ready and nothing goes on there; the next call that wants it starts
 * it again. */
void router_spare(struct router *router, uint32_t backend);

/* router_deadline has passed; earlier is harmless. */
void router_time(struct router *router, struct trust_now now);

/* The next action; false: none. */
bool router_poll(struct router *router, struct router_action *out_action);

/* When router_time is due; TRUST_NEVER_MS: never. It may be earlier than needed. */
struct trust_mono router_deadline(const struct router *router);

/* Read no more of the client until a call has ended: what comes is refused as rate_limited. */
bool router_is_full(const struct router *router);

/* It has been learned, judged, and takes calls. */
bool router_is_ready(const struct router *router, uint32_t backend);

/* Why it was not ready the last time: in what class its greeting failed; TRUST_OUTCOME_REFUSED:
 * nothing more is known. */
enum trust_outcome_class router_unready_class(const struct router *router, uint32_t backend);

struct router_stats router_stats(const struct router *router);

#endif
