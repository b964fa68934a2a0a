/*
 * One client and the backends that serve it, wired: the face's lines to the router, the router's
 * actions to backends, face and chooser. What may happen when is the router's; here nothing is
 * decided.
 *
 * The caller turns: session_watch, poll until session_deadline, session_turn.
 */
#ifndef GUARD_SESSION_H
#define GUARD_SESSION_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/client.h"

#include "guard/backend/backend.h"
#include "guard/face/face.h"
#include "guard/offer/catalogue.h"
#include "guard/router/router.h"
#include "guard/session/chooser.h"
#include "guard/session/notes.h"
#include "host/group.h"

#define SESSION_WATCHED (FACE_WATCHED + ROUTER_BACKENDS_MAX * BACKEND_WATCHED)

struct session_config {
    const struct trust_group *group; /* borrowed, as all of it */
    struct trust_client *client;
    const struct backend_calls *http; /* how URLs are reached; NULL: the group has none */
    const char *launcher;             /* the guard's own program */
    struct face face;                 /* outlives the session */
    int notes_fd;                     /* standard error */
    struct pins *pins;
    const struct trust_key *operator_key; /* NULL: there is none */
};

struct session_backend {
    const struct trust_group_server *server;
    const struct backend_calls *calls; /* NULL: it cannot be reached as it is configured */
    void *self;
    bool was_ready;
    bool was_down;
    bool is_wanted;   /* the router has it started */
    bool is_held;     /* to be started when the primary has had its time */
    bool is_withheld; /* no call may go to it: not to be started */
    bool is_idle;     /* it was stopped since nobody called it; until it is up again */
};

struct session {
    struct session_config config;
    struct router *router;
    struct catalogue *catalogue;
    struct trust_mono head_start;  /* of the primary: until then */
    struct trust_mono refresh_due; /* of what is pinned, which others change */
    struct chooser chooser;
    struct notes notes;
    struct session_backend backends[ROUTER_BACKENDS_MAX];
    uint32_t backend_count;
    struct trust_mono over_by; /* it is ending: when it must have */
    bool is_ending;
    bool has_met; /* what is known of no backend is to be learned */
};

/* TRUST_NO_FOUND: no server of the group can be reached, as was said on notes_fd; TRUST_FAIL_*.
 * Nothing runs before the client has spoken. */
TRUST_MUST_USE enum trust_error
session_open(struct session *session, const struct session_config *config, struct trust_now now);

/* Ends what still runs, at once. */
void session_close(struct session *session);

/* What to poll for: SESSION_WATCHED items at most, of which it returns the number. */
uint32_t session_watch(const struct session *session, struct pollfd out_items[SESSION_WATCHED]);

/* When session_turn has something to do without any descriptor. */
struct trust_mono session_deadline(const struct session *session);

/* Does all that can be done now. items: as session_watch made them and poll filled them; NULL:
 * nobody has polled since it was opened. */
void session_turn(struct session *session, const struct pollfd *items, struct trust_now now);

/* The client is done with: what is in flight is cancelled, the backends are ended. */
void session_end(struct session *session, struct trust_now now);

/* The operator has changed something: what rests is started again, what is offered looked at. */
void session_refresh(struct session *session, struct trust_now now);

/* It was ended, by the client or by session_end, and nothing of it is left. */
bool session_is_over(const struct session *session, struct trust_mono now);

#endif
