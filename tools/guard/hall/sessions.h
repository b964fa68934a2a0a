/*
 * The sessions behind one HTTP listener, each with a router, backends and a face of its own, turned
 * as one. A legacy client begins one and is given a name for it, which no failover of its servers
 * changes. Modern clients know none: those that say the same of themselves share one, so that a
 * server is started once for them and is offered exactly what they offer.
 *
 * Their number is bounded. One that rests makes room: a modern one at once, since nothing is lost
 * with it, a legacy one after a while.
 */
#ifndef GUARD_SESSIONS_H
#define GUARD_SESSIONS_H

#include "guard/face/face_http.h"
#include "guard/face/face_seal.h"
#include "guard/face/face_verdict.h"
#include "guard/session/session.h"
#include "wire/message.h"

/* Those that end take a place until nothing of them is left. */
#define SESSIONS_PLACES (2 * TRUST_GUARD_SESSIONS_MAX)
#define SESSIONS_WATCHED (SESSIONS_PLACES * SESSION_WATCHED)

struct sessions;

/* config: of each, all but its face; what it points to outlives them. TRUST_NO_FOUND: none could be
 * served, as was said on notes_fd; TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error sessions_new(struct sessions **out_sessions,
                                             const struct session_config *config,
                                             void (*wake)(struct face_http_request *request),
                                             struct trust_now now);

/* Ends what is left of them at once, and none begins any more. */
void sessions_close(struct sessions *sessions);

/* Closes them; NULL does nothing. */
void sessions_free(struct sessions *sessions);

struct face_http_budget *sessions_budget(struct sessions *sessions);

/* Not FACE_FINE: why there is no face. */
enum face_verdict sessions_begin(struct sessions *sessions, struct face_http **out_face,
                                 struct trust_now now);
enum face_verdict sessions_find(struct sessions *sessions, struct face_http **out_face,
                                struct trust_bytes name);
enum face_verdict sessions_share(struct sessions *sessions, struct face_http **out_face,
                                 const struct message *message, struct trust_now now);

/* What a client calls the session of this face. */
void sessions_name(const struct sessions *sessions, char out_name[FACE_SEAL_TEXT_SIZE],
                   const struct face_http *face);

/* The input schema that the clients of this face were promised for the tool that a request calls;
 * empty: none. Good until the session is turned. */
struct trust_bytes sessions_input(const struct face_http *face, const struct message *message);

/* Its client is done with it. */
void sessions_drop(struct sessions *sessions, struct face_http *face, struct trust_now now);

/* As of one session (session.h). */
uint32_t sessions_watch(struct sessions *sessions, struct pollfd *out_items);
struct trust_mono sessions_deadline(const struct sessions *sessions);
void sessions_turn(struct sessions *sessions, const struct pollfd *items, struct trust_now now);
void sessions_end(struct sessions *sessions, struct trust_now now);
void sessions_refresh(struct sessions *sessions, struct trust_now now);
bool sessions_are_over(const struct sessions *sessions);

#endif
