/* See session.h. */
#include "guard/session/session.h"

#include <sodium.h>

#include "base/assert.h"
#include "guard/backend/backend_command.h"
#include "guard/backend/child.h"
#include "guard/session/starts.h"
#include "guard/session/telling.h"

/* What the client has not read when the guard ends is kept for it so long, and children get the
 * same time before they are killed. */
#define END_PATIENCE_MS (2 * CHILD_PATIENCE_MS + 500)

/* What the operator accepts takes effect so soon. */
#define REFRESH_MS 1000u

/* ---- opening ---- */

static uint32_t milliseconds(uint64_t ms)
{
    return ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

/* One that cannot be reached as it is configured is left out. */
static enum trust_error open_backend(struct session *session, uint32_t number,
                                     struct trust_mono now)
{
    struct session_backend *backend = &session->backends[number];
    const struct session_config *config = &session->config;
    const struct trust_group_server *server = chooser_server(config->group, number);
    const struct backend_calls *calls =
        server->command != NULL ? &backend_command_calls : config->http;
    const struct backend_config reached = {.server = server,
                                           .launcher = config->launcher,
                                           .connect_timeout_ms =
                                               milliseconds(config->group->connect_timeout_ms)};
    char why[BACKEND_WHY_SIZE] = "it has neither a command nor a url";
    *backend = (struct session_backend){.server = server};
    session->backend_count++;
    enum trust_error error = TRUST_NO_FOUND;
    if (server->command != NULL || server->url != NULL) {
        assert(calls != NULL);
        error = calls->open(&backend->self, why, &reached);
    }
    if (error > TRUST_OK) {
        notes_skipped(&session->notes, server->subject, why, now);
        return TRUST_OK;
    }
    backend->calls = error == TRUST_OK ? calls : NULL;
    return error;
}

static bool is_reachable(const struct session *session)
{
    for (uint32_t b = 0; b < session->backend_count; b++) {
        if (session->backends[b].calls != NULL)
            return true;
    }
    return false;
}

static enum trust_error open_router(struct session *session)
{
    const struct trust_group *group = session->config.group;
    struct router_config config = {
        .group = group->name,
        .backend_count = session->backend_count,
        .call_timeout_ms = milliseconds(group->call_timeout_ms),
        .connect_timeout_ms = milliseconds(group->connect_timeout_ms),
        .idle_timeout_ms = milliseconds(group->idle_timeout_ms),
        .is_state_shared = group->shared_state,
        .is_auth_elsewhere = group->auth_elsewhere,
        .offer = catalogue_offer(session->catalogue),
    };
    randombytes_buf(config.secret, sizeof config.secret);
    for (uint32_t b = 0; b < session->backend_count; b++)
        config.subjects[b] = session->backends[b].server->subject;
    return router_new(&session->router, &config);
}

enum trust_error session_open(struct session *session, const struct session_config *config,
                              struct trust_now now)
{
    *session = (struct session){.config = *config};
    uint32_t count = (uint32_t)config->group->fallbacks.count + 1;
    chooser_init(&session->chooser, config->client, config->group);
    notes_init(&session->notes, config->notes_fd);
    enum trust_error error = TRUST_OK;
    for (uint32_t b = 0; b < count && error == TRUST_OK; b++)
        error = open_backend(session, b, now.mono);
    if (error == TRUST_OK && !is_reachable(session))
        error = TRUST_NO_FOUND;
    const struct catalogue_config offered = {
        .group = config->group, .pins = config->pins, .operator_key = config->operator_key};
    if (error == TRUST_OK)
        error = catalogue_new(&session->catalogue, &offered);
    if (error == TRUST_OK)
        error = open_router(session);
    if (error != TRUST_OK)
        session_close(session);
    return error;
}

void session_close(struct session *session)
{
    for (uint32_t b = 0; b < session->backend_count; b++) {
        const struct session_backend *backend = &session->backends[b];
        if (backend->calls != NULL)
            backend->calls->close(backend->self);
    }
    router_free(session->router);
    catalogue_free(session->catalogue);
    chooser_close(&session->chooser);
    session->backend_count = 0;
    session->router = NULL;
    session->catalogue = NULL;
}

/* ---- the router's actions ---- */

static void describe(struct session *session, struct chooser_backend *out_states,
                     struct trust_mono now)
{
    for (uint32_t b = 0; b < session->backend_count; b++) {
        struct session_backend *backend = &session->backends[b];
        uint64_t rest_ms = backend->calls != NULL ? backend->calls->rest_ms(backend->self, now) : 0;
        enum chooser_life life =
            starts_is_first(session, backend, now) ? CHOOSER_FIRST_START : CHOOSER_STARTING;
        if (backend->calls == NULL)
            life = CHOOSER_SKIPPED;
        else if (router_is_ready(session->router, b))
            life = CHOOSER_READY;
        else if (rest_ms > 0)
            life = CHOOSER_RESTING;
        out_states[b] =
            (struct chooser_backend){.life = life,
                                     .rest_ms = rest_ms,
                                     .unready_class = router_unready_class(session->router, b)};
    }
}

static void choose(struct session *session, const struct router_action *action,
                   struct trust_now now)
{
    struct chooser_backend states[ROUTER_BACKENDS_MAX];
    struct router_choice choice;
    describe(session, states, now.mono);
    chooser_choose(&session->chooser, &choice, action, states);
    router_chosen(session->router, action->call, &choice, now);
}

static void send(struct session *session, const struct router_action *action, struct trust_now now)
{
    const struct session_backend *backend = &session->backends[action->backend];
    if (backend->calls->send(backend->self, action->bytes, action->number, now.mono) == TRUST_OK)
        return;
    const struct router_failure failure = {.class_ = TRUST_OUTCOME_REFUSED};
    router_backend_failed(session->router, action->backend, action->number, &failure, now);
}

/* Without memory nothing of it is offered. */
static void learned(struct session *session, uint32_t number, struct trust_now now)
{
    struct session_backend *backend = &session->backends[number];
    struct catalogue_news news;
    if (catalogue_judge(session->catalogue, &news, number, now.wall.ms / 1000) == TRUST_OK) {
        notes_judged(&session->notes, backend->server->subject, &news, now.mono);
        telling_tell(session->config.client, backend->server->subject, &news);
    }
    backend->was_ready = true;
    router_judged(session->router, number, now);
}

static void tell_client(struct session *session, const struct router_action *action)
{
    const struct face *face = &session->config.face;
    const struct face_message message = {
        .bytes = action->bytes, .tag = action->tag, .is_answer = action->is_answer};
    face->calls->send(face->self, &message);
}

static void act(struct session *session, struct trust_now now)
{
    struct router_action action;
    while (router_poll(session->router, &action)) {
        switch (action.kind) {
        case ROUTER_TO_CLIENT:
            tell_client(session, &action);
            break;
        case ROUTER_TO_BACKEND:
            send(session, &action, now);
            break;
        case ROUTER_CHOOSE:
            choose(session, &action, now);
            break;
        case ROUTER_SETTLE:
            chooser_settle(&session->chooser, &action);
            break;
        case ROUTER_START:
            starts_wanted(session, action.backend, now);
            break;
        case ROUTER_STOP:
            starts_unwanted(session, &action, now);
            break;
        case ROUTER_LEARNED:
            learned(session, action.backend, now);
            break;
        case ROUTER_LOG:
            notes_router(&session->notes, action.note,
                         session->backends[action.backend].server->subject, now.mono);
            break;
        }
    }
}

/* ---- events ---- */

void session_end(struct session *session, struct trust_now now)
{
    if (session->is_ending)
        return;
    session->is_ending = true;
    session->over_by.ms = now.mono.ms + END_PATIENCE_MS;
    router_client_gone(session->router, now);
    act(session, now);
    for (uint32_t b = 0; b < session->backend_count; b++)
        starts_stop(&session->backends[b], now.mono);
}

void session_refresh(struct session *session, struct trust_now now)
{
    for (uint32_t b = 0; b < session->backend_count; b++) {
        const struct session_backend *backend = &session->backends[b];
        if (backend->calls != NULL)
            backend->calls->hurry(backend->self);
    }
    session->refresh_due = now.mono;
}

static void refresh(struct session *session, struct trust_now now)
{
    if (now.mono.ms < session->refresh_due.ms)
        return;
    session->refresh_due.ms = now.mono.ms + REFRESH_MS;
    starts_look(session, now);
    act(session, now);
    if (!catalogue_refresh(session->catalogue, now.wall.ms / 1000))
        return;
    router_offer_changed(session->router, now);
    act(session, now);
}

/* What comes of the client waits while it does not read, and while too much is in flight. */
static bool may_read_client(const struct session *session)
{
    const struct face *face = &session->config.face;
    return !session->is_ending && !face->calls->is_slow(face->self) &&
           !router_is_full(session->router);
}

static bool may_read_backends(const struct session *session)
{
    const struct face *face = &session->config.face;
    return session->is_ending || !face->calls->is_slow(face->self);
}

static bool turn_face(struct session *session, struct trust_now now)
{
    const struct face *face = &session->config.face;
    struct face_event event;
    if (session->is_ending || !face->calls->next(face->self, &event, may_read_client(session)))
        return false;
    switch (event.kind) {
    case FACE_LINE:
        catalogue_hear(session->catalogue, event.line);
        router_client_line(session->router, event.line, event.tag, now);
        break;
    case FACE_GARBAGE:
        router_client_garbage(session->router, event.tag, now);
        break;
    case FACE_LEFT:
        router_client_left(session->router, event.tag, now);
        break;
    case FACE_GONE:
        session_end(session, now);
        break;
    }
    act(session, now);
    return true;
}

static bool turn_backend(struct session *session, uint32_t number, struct trust_now now)
{
    struct session_backend *backend = &session->backends[number];
    struct backend_event event;
    if (backend->calls == NULL || !may_read_backends(session) ||
        !backend->calls->next(backend->self, &event, now.mono))
        return false;
    if (event.note != NULL && !session->is_ending && !backend->is_idle)
        notes_say(&session->notes, now.mono, "%s %s", backend->server->subject, event.note);
    switch (event.kind) {
    case BACKEND_UP:
        backend->is_idle = false;
        router_backend_up(session->router, number, now);
        break;
    case BACKEND_LINE:
        router_backend_line(session->router, number, event.line, now);
        break;
    case BACKEND_GARBAGE:
        router_backend_garbage(session->router, number, now);
        break;
    case BACKEND_FAILED:
        router_backend_failed(session->router, number, event.number, &event.failure, now);
        break;
    case BACKEND_DOWN:
        backend->was_down = true;
        if (backend->is_idle)
            backend->calls->hurry(backend->self);
        router_backend_down(session->router, number, &event.loss, now);
        break;
    case BACKEND_ENDED:
        break;
    }
    act(session, now);
    return true;
}

uint32_t session_watch(const struct session *session, struct pollfd out_items[SESSION_WATCHED])
{
    const struct face *face = &session->config.face;
    face->calls->watch(face->self, out_items, may_read_client(session));
    uint32_t count = face->calls->watched;
    for (uint32_t b = 0; b < session->backend_count; b++) {
        const struct session_backend *backend = &session->backends[b];
        if (backend->calls == NULL)
            continue;
        backend->calls->watch(backend->self, out_items + count, may_read_backends(session));
        count += backend->calls->watched;
    }
    return count;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

struct trust_mono session_deadline(const struct session *session)
{
    uint64_t due_ms = lesser(router_deadline(session->router).ms, session->refresh_due.ms);
    if (session->is_ending)
        due_ms = lesser(due_ms, session->over_by.ms);
    for (uint32_t b = 0; b < session->backend_count; b++) {
        const struct session_backend *backend = &session->backends[b];
        if (backend->calls != NULL)
            due_ms = lesser(due_ms, backend->calls->deadline(backend->self).ms);
        if (backend->is_held)
            due_ms = lesser(due_ms, session->head_start.ms);
    }
    return (struct trust_mono){.ms = due_ms};
}

static void hear(struct session *session, const struct pollfd *items, struct trust_mono now)
{
    const struct face *face = &session->config.face;
    face->calls->heard(face->self, items);
    items += face->calls->watched;
    for (uint32_t b = 0; b < session->backend_count; b++) {
        const struct session_backend *backend = &session->backends[b];
        if (backend->calls == NULL)
            continue;
        backend->calls->heard(backend->self, items, now);
        items += backend->calls->watched;
    }
}

void session_turn(struct session *session, const struct pollfd *items, struct trust_now now)
{
    if (items != NULL)
        hear(session, items, now.mono);
    refresh(session, now);
    router_time(session->router, now);
    act(session, now);
    bool has_moved = true;
    while (has_moved) {
        starts_held(session, now);
        has_moved = turn_face(session, now);
        for (uint32_t b = 0; b < session->backend_count; b++)
            has_moved = turn_backend(session, b, now) || has_moved;
    }
}

bool session_is_over(const struct session *session, struct trust_mono now)
{
    if (!session->is_ending)
        return false;
    const struct face *face = &session->config.face;
    bool is_left = face->calls->waits(face->self);
    for (uint32_t b = 0; b < session->backend_count; b++) {
        const struct session_backend *backend = &session->backends[b];
        is_left = is_left || (backend->calls != NULL && !backend->calls->is_gone(backend->self));
    }
    return !is_left || now.ms >= session->over_by.ms;
}
