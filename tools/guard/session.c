/* See session.h. */
#include "guard/session.h"

#include <stdlib.h>

#include "base/limits.h"

/* What the client has not read when the guard ends is kept for it so long, and children get the
 * same time before they are killed. */
#define END_PATIENCE_MS (2 * CHILD_PATIENCE_MS + 500)

/* What the operator accepts takes effect so soon. */
#define REFRESH_MS 1000u

/* ---- opening ---- */

static bool make_variables(struct session_backend *backend)
{
    const struct trust_group_pairs *env = &backend->server->env;
    backend->variables = calloc(env->count + 1, sizeof *backend->variables);
    if (backend->variables == NULL)
        return false;
    for (size_t i = 0; i < env->count; i++)
        backend->variables[i] =
            (struct child_pair){.name = env->pairs[i].name, .value = env->pairs[i].value};
    return true;
}

static bool open_backend(struct session *session, uint32_t number, struct trust_mono now)
{
    struct session_backend *backend = &session->backends[number];
    backend->server = chooser_server(session->config.group, number);
    backend->is_skipped = backend->server->command == NULL;
    if (!make_variables(backend))
        return false;
    const struct child_command command = {
        .launcher = session->config.launcher,
        .program = backend->server->command,
        .arguments = backend->server->args.texts,
        .argument_count = backend->server->args.count,
        .variables = backend->variables,
        .variable_count = backend->server->env.count,
        .folder = backend->server->cwd,
    };
    backend_stdio_init(&backend->stdio, &command);
    session->backend_count++;
    if (backend->is_skipped)
        notes_skipped(&session->notes, backend->server->subject, now);
    return true;
}

static uint32_t milliseconds(uint64_t ms)
{
    return ms < UINT32_MAX ? (uint32_t)ms : UINT32_MAX;
}

static enum trust_error open_router(struct session *session)
{
    const struct trust_group *group = session->config.group;
    struct router_config config = {
        .group = group->name,
        .backend_count = session->backend_count,
        .call_timeout_ms = milliseconds(group->call_timeout_ms),
        .connect_timeout_ms = milliseconds(group->connect_timeout_ms),
        .is_state_shared = group->shared_state,
        .offer = catalogue_offer(session->catalogue),
    };
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
    face_stdio_open(&session->face, config->in_fd, config->out_fd);
    notes_init(&session->notes, config->notes_fd);
    enum trust_error error = TRUST_OK;
    for (uint32_t b = 0; b < count && error == TRUST_OK; b++)
        error = open_backend(session, b, now.mono) ? TRUST_OK : TRUST_FAIL_MEMORY;
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
        backend_stdio_close(&session->backends[b].stdio);
        free(session->backends[b].variables);
    }
    router_free(session->router);
    catalogue_free(session->catalogue);
    chooser_close(&session->chooser);
    face_stdio_close(&session->face);
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
        uint64_t rest_ms = backoff_left_ms(&backend->stdio.backoff, now);
        enum chooser_life life = backend->was_ready ? CHOOSER_STARTING : CHOOSER_FIRST_START;
        if (backend->is_skipped)
            life = CHOOSER_SKIPPED;
        else if (router_is_ready(session->router, b))
            life = CHOOSER_READY;
        else if (!backend->stdio.is_up && rest_ms > 0)
            life = CHOOSER_RESTING;
        out_states[b] = (struct chooser_backend){.life = life, .rest_ms = rest_ms};
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
    struct session_backend *backend = &session->backends[action->backend];
    if (backend_stdio_send(&backend->stdio, action->bytes, action->number) == TRUST_OK)
        return;
    const struct router_failure failure = {.class_ = TRUST_OUTCOME_REFUSED};
    router_backend_failed(session->router, action->backend, action->number, &failure, now);
}

/* Without memory nothing of it is offered. */
static void learned(struct session *session, uint32_t number, struct trust_now now)
{
    struct session_backend *backend = &session->backends[number];
    struct catalogue_news news;
    if (catalogue_judge(session->catalogue, &news, number, now.wall.ms / 1000) == TRUST_OK)
        notes_judged(&session->notes, backend->server->subject, &news, now.mono);
    backend->was_ready = true;
    router_judged(session->router, number, now);
}

/* The primary in its first start comes first, so that a group of which nothing is pinned yet is
 * promised as the primary has it, whichever server is quicker. */
static bool has_head_start(const struct session *session, struct trust_mono now)
{
    const struct session_backend *primary = &session->backends[0];
    return !primary->is_skipped && !primary->was_ready && !primary->was_down &&
           now.ms < session->head_start.ms;
}

/* One that has no command never starts: it is down for good. */
static void start(struct session *session, uint32_t number, struct trust_mono now)
{
    struct session_backend *backend = &session->backends[number];
    if (number == 0 && session->head_start.ms == 0)
        session->head_start.ms = now.ms + TRUST_SELECT_START_WAIT_MS;
    backend->is_held = number != 0 && has_head_start(session, now);
    if (!backend->is_skipped && !backend->is_held)
        backend_stdio_start(&backend->stdio);
}

static void start_held(struct session *session, struct trust_mono now)
{
    for (uint32_t b = 1; b < session->backend_count; b++) {
        if (session->backends[b].is_held)
            start(session, b, now);
    }
}

static void act(struct session *session, struct trust_now now)
{
    struct router_action action;
    while (router_poll(session->router, &action)) {
        switch (action.kind) {
        case ROUTER_TO_CLIENT:
            face_stdio_send(&session->face, action.bytes);
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
            start(session, action.backend, now.mono);
            break;
        case ROUTER_STOP:
            session->backends[action.backend].is_held = false;
            backend_stdio_stop(&session->backends[action.backend].stdio, now.mono);
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
    for (uint32_t b = 0; b < session->backend_count; b++) {
        session->backends[b].is_held = false;
        backend_stdio_stop(&session->backends[b].stdio, now.mono);
    }
}

void session_refresh(struct session *session, struct trust_now now)
{
    for (uint32_t b = 0; b < session->backend_count; b++)
        backend_stdio_hurry(&session->backends[b].stdio);
    session->refresh_due = now.mono;
}

static void refresh(struct session *session, struct trust_now now)
{
    if (now.mono.ms < session->refresh_due.ms)
        return;
    session->refresh_due.ms = now.mono.ms + REFRESH_MS;
    if (!catalogue_refresh(session->catalogue, now.wall.ms / 1000))
        return;
    router_offer_changed(session->router, now);
    act(session, now);
}

/* What comes of the client waits while it does not read, and while too much is in flight. */
static bool may_read_client(const struct session *session)
{
    return !session->is_ending && !face_stdio_is_slow(&session->face) &&
           !router_is_full(session->router);
}

static bool may_read_backends(const struct session *session)
{
    return session->is_ending || !face_stdio_is_slow(&session->face);
}

static bool turn_face(struct session *session, struct trust_now now)
{
    struct face_stdio_event event;
    if (!may_read_client(session) || !face_stdio_next(&session->face, &event))
        return false;
    switch (event.kind) {
    case FACE_STDIO_LINE:
        catalogue_hear(session->catalogue, event.line);
        router_client_line(session->router, event.line, 0, now);
        break;
    case FACE_STDIO_GARBAGE:
        router_client_garbage(session->router, 0, now);
        break;
    case FACE_STDIO_GONE:
        session_end(session, now);
        break;
    }
    act(session, now);
    return true;
}

static bool turn_backend(struct session *session, uint32_t number, struct trust_now now)
{
    struct session_backend *backend = &session->backends[number];
    struct backend_stdio_event event;
    if (!may_read_backends(session) || !backend_stdio_next(&backend->stdio, &event, now.mono))
        return false;
    switch (event.kind) {
    case BACKEND_STDIO_UP:
        router_backend_up(session->router, number, now);
        break;
    case BACKEND_STDIO_LINE:
        router_backend_line(session->router, number, event.line, now);
        break;
    case BACKEND_STDIO_GARBAGE:
        router_backend_garbage(session->router, number, now);
        break;
    case BACKEND_STDIO_DOWN:
        backend->was_down = true;
        router_backend_down(session->router, number, &event.loss, now);
        break;
    case BACKEND_STDIO_ENDED:
        break;
    }
    if (!session->is_ending)
        notes_backend(&session->notes, backend->server->subject, &backend->stdio, &event, now.mono);
    act(session, now);
    return true;
}

uint32_t session_watch(const struct session *session, struct pollfd out_items[SESSION_WATCHED])
{
    face_stdio_watch(&session->face, out_items, may_read_client(session));
    uint32_t count = FACE_STDIO_WATCHED;
    for (uint32_t b = 0; b < session->backend_count; b++) {
        backend_stdio_watch(&session->backends[b].stdio, out_items + count,
                            may_read_backends(session));
        count += BACKEND_STDIO_WATCHED;
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
        due_ms = lesser(due_ms, backend_stdio_deadline(&backend->stdio).ms);
        if (backend->is_held)
            due_ms = lesser(due_ms, session->head_start.ms);
    }
    return (struct trust_mono){.ms = due_ms};
}

void session_turn(struct session *session, const struct pollfd *items, struct trust_now now)
{
    face_stdio_heard(&session->face, items);
    for (uint32_t b = 0; b < session->backend_count; b++)
        backend_stdio_heard(&session->backends[b].stdio,
                            items + FACE_STDIO_WATCHED + b * BACKEND_STDIO_WATCHED);
    refresh(session, now);
    router_time(session->router, now);
    act(session, now);
    bool has_moved = true;
    while (has_moved) {
        start_held(session, now.mono);
        has_moved = turn_face(session, now);
        for (uint32_t b = 0; b < session->backend_count; b++)
            has_moved = turn_backend(session, b, now) || has_moved;
    }
}

bool session_is_over(const struct session *session, struct trust_mono now)
{
    if (!session->is_ending)
        return false;
    bool is_left = face_stdio_waits(&session->face);
    for (uint32_t b = 0; b < session->backend_count; b++)
        is_left = is_left || !backend_stdio_is_gone(&session->backends[b].stdio);
    return !is_left || now.ms >= session->over_by.ms;
}
