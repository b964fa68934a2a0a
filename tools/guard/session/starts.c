/* See starts.h. */
#include "guard/session/starts.h"

#include "base/limits.h"

bool starts_is_first(const struct session *session, const struct session_backend *backend,
                     struct trust_mono now)
{
    bool is_early = session->head_start.ms == 0 || now.ms < session->head_start.ms;
    return is_early && !backend->was_ready && !backend->was_down;
}

/* The primary in its first start comes first, so that a group of which nothing is pinned yet is
 * promised as the primary has it, whichever server is quicker. */
static bool has_head_start(const struct session *session, struct trust_mono now)
{
    const struct session_backend *primary = &session->backends[0];
    return primary->calls != NULL && !primary->was_ready && !primary->was_down &&
           !primary->is_withheld && now.ms < session->head_start.ms;
}

/* withheld: of chooser_withheld. */
static void judge(struct session *session, uint32_t number, uint32_t withheld, struct trust_now now)
{
    struct session_backend *backend = &session->backends[number];
    bool was_withheld = backend->is_withheld;
    backend->is_withheld = (withheld >> number & 1) != 0;
    if (backend->is_withheld && !was_withheld)
        notes_say(&session->notes, now.mono, "%s is withheld: it is not started",
                  backend->server->subject);
}

/* One that cannot be reached never starts: it is down for good. */
static void start(struct session *session, uint32_t number, struct trust_now now)
{
    struct session_backend *backend = &session->backends[number];
    if (backend->calls == NULL)
        return;
    backend->is_held = number != 0 && has_head_start(session, now.mono);
    if (!backend->is_held && !backend->is_withheld)
        backend->calls->start(backend->self);
}

void starts_wanted(struct session *session, uint32_t number, struct trust_now now)
{
    if (number == 0 && session->head_start.ms == 0)
        session->head_start.ms = now.mono.ms + TRUST_SELECT_START_WAIT_MS;
    session->backends[number].is_wanted = true;
    judge(session, number, chooser_withheld(&session->chooser), now);
    start(session, number, now);
}

void starts_stop(struct session_backend *backend, struct trust_mono now)
{
    backend->is_held = false;
    backend->is_wanted = false;
    if (backend->calls != NULL)
        backend->calls->stop(backend->self, now);
}

void starts_unwanted(struct session *session, const struct router_action *action,
                     struct trust_now now)
{
    struct session_backend *backend = &session->backends[action->backend];
    backend->is_idle = action->is_idle;
    if (action->is_idle && !backend->is_withheld)
        notes_say(&session->notes, now.mono, "%s is stopped: nobody has called it for idle_timeout",
                  backend->server->subject);
    starts_stop(backend, now.mono);
}

void starts_held(struct session *session, struct trust_now now)
{
    for (uint32_t b = 1; b < session->backend_count; b++) {
        if (session->backends[b].is_held)
            start(session, b, now);
    }
}

static void look_at(struct session *session, uint32_t number, uint32_t withheld,
                    struct trust_now now)
{
    struct session_backend *backend = &session->backends[number];
    bool was_withheld = backend->is_withheld;
    judge(session, number, withheld, now);
    if (was_withheld && !backend->is_withheld)
        start(session, number, now);
    else if (backend->is_withheld && router_is_ready(session->router, number))
        router_spare(session->router, number);
    else if (backend->is_withheld)
        backend->calls->stop(backend->self, now.mono);
}

/* Of a server that nobody has seen yet nothing could be accepted, and a change of one that was
 * never started would show only when it is needed. */
static void meet(struct session *session)
{
    session->has_met = true;
    for (uint32_t b = 1; b < session->backend_count; b++) {
        if (catalogue_manifest(session->catalogue, b) == NULL)
            router_want(session->router, b);
    }
}

void starts_look(struct session *session, struct trust_now now)
{
    if (session->is_ending)
        return;
    if (!session->has_met && session->head_start.ms != 0)
        meet(session);
    uint32_t withheld = chooser_withheld(&session->chooser);
    for (uint32_t b = 0; b < session->backend_count; b++) {
        if (session->backends[b].is_wanted && session->backends[b].calls != NULL)
            look_at(session, b, withheld, now);
    }
}
