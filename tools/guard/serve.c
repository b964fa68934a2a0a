/* See serve.h. */
#include "guard/serve.h"

#include <stdlib.h>
#include <unistd.h>

#include "guard/face/face_stdio.h"
#include "guard/session/loop.h"

static uint32_t work_watch(void *self, struct pollfd *out_items)
{
    return session_watch(self, out_items);
}

static struct trust_mono work_deadline(const void *self)
{
    return session_deadline(self);
}

static void work_turn(void *self, const struct pollfd *items, struct trust_now now)
{
    session_turn(self, items, now);
}

static bool work_end(void *self, struct trust_now now)
{
    struct session *session = self;
    bool is_first = !session->is_ending;
    session_end(session, now);
    return is_first;
}

static void work_refresh(void *self, struct trust_now now)
{
    session_refresh(self, now);
}

static bool work_is_over(const void *self, struct trust_mono now)
{
    return session_is_over(self, now);
}

static enum trust_error turn(struct session *session, const struct session_config *config,
                             int signal_fd)
{
    const struct loop_work work = {
        .self = session,
        .watched_max = SESSION_WATCHED,
        .watch = work_watch,
        .deadline = work_deadline,
        .turn = work_turn,
        .end = work_end,
        .refresh = work_refresh,
        .is_over = work_is_over,
    };
    enum trust_error error = session_open(session, config, loop_now());
    if (error != TRUST_OK)
        return error;
    error = loop_run(&work, signal_fd);
    session_close(session);
    return error;
}

enum trust_error serve_stdio(const struct session_config *config, int signal_fd)
{
    struct face_stdio face;
    struct session_config whole = *config;
    struct session *session = malloc(sizeof *session);
    if (session == NULL)
        return TRUST_FAIL_MEMORY;
    face_stdio_open(&face, STDIN_FILENO, STDOUT_FILENO);
    whole.face = face_stdio_face(&face);
    enum trust_error error = turn(session, &whole, signal_fd);
    face_stdio_close(&face);
    free(session);
    return error;
}
