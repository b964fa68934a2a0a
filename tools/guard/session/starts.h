/*
 * Which backends of a session run: those that the router wants, except for the ones that wait for
 * the primary's head start and the ones that are withheld. The program of a server in quarantine is
 * not started, and ended as soon as nothing goes on there.
 */
#ifndef GUARD_STARTS_H
#define GUARD_STARTS_H

#include "guard/session/session.h"

/* ROUTER_START. */
void starts_wanted(struct session *session, uint32_t number, struct trust_now now);

/* ROUTER_STOP. */
void starts_unwanted(struct session *session, const struct router_action *action,
                     struct trust_now now);

/* Starts those whose wait for the primary is over. */
void starts_held(struct session *session, struct trust_now now);

/* About once a second: what is withheld, and what is not any more. */
void starts_look(struct session *session, struct trust_now now);

/* Not wanted any more, by whomever. */
void starts_stop(struct session_backend *backend, struct trust_mono now);

/* It has not been up yet, and may be waited for. A server that hangs from the beginning does not
 * delay every call. */
bool starts_is_first(const struct session *session, const struct session_backend *backend,
                     struct trust_mono now);

#endif
