/* See loop.h. */
#include "node/loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/assert.h"
#include "node/clock.h"

/* At most this long without a turn, so that heartbeats never depend on a right deadline. */
#define WAIT_MS_MAX 1000

enum trust_error loop_open(struct loop *out_loop)
{
    *out_loop = (struct loop){.epoll_fd = epoll_create1(EPOLL_CLOEXEC)};
    for (int i = 0; i < LOOP_SOURCES_MAX; i++)
        out_loop->sources[i].fd = -1;
    return out_loop->epoll_fd < 0 ? TRUST_FAIL_SYSTEM : TRUST_OK;
}

void loop_close(struct loop *loop)
{
    if (loop->epoll_fd >= 0)
        (void)close(loop->epoll_fd);
    loop->epoll_fd = -1;
}

static struct loop_source *find(struct loop *loop, int fd)
{
    for (int i = 0; i < LOOP_SOURCES_MAX; i++) {
        if (loop->sources[i].fd == fd)
            return &loop->sources[i];
    }
    return NULL;
}

static int control(const struct loop *loop, int operation, struct loop_source *source)
{
    struct epoll_event event = {.events = (uint32_t)EPOLLIN, .data = {.ptr = source}};
    return epoll_ctl(loop->epoll_fd, operation, source->fd, &event);
}

enum trust_error loop_add(struct loop *loop, int fd, loop_ready *ready, void *context)
{
    assert(fd >= 0);
    assert(find(loop, fd) == NULL);
    struct loop_source *source = find(loop, -1);
    if (source == NULL)
        return TRUST_NO_ROOM;
    *source = (struct loop_source){.fd = fd, .ready = ready, .context = context};
    if (control(loop, EPOLL_CTL_ADD, source) == 0)
        return TRUST_OK;
    source->fd = -1;
    return TRUST_FAIL_SYSTEM;
}

void loop_remove(struct loop *loop, int fd)
{
    struct loop_source *source = find(loop, fd);
    assert(source != NULL);
    /* A descriptor that is closed already has left the set by itself. */
    (void)control(loop, EPOLL_CTL_DEL, source);
    source->fd = -1;
}

void loop_pause(struct loop *loop, int fd, bool paused)
{
    struct loop_source *source = find(loop, fd);
    assert(source != NULL);
    if (source->is_paused == paused)
        return;
    source->is_paused = paused;
    /* Out of the set: a hang-up is reported whatever events are asked for, and would spin. */
    int failed = control(loop, paused ? EPOLL_CTL_DEL : EPOLL_CTL_ADD, source);
    assert(failed == 0);
}

static int wait_ms(struct trust_mono deadline, struct trust_mono now)
{
    if (deadline.ms <= now.ms)
        return 0;
    uint64_t left_ms = deadline.ms - now.ms;
    return left_ms > WAIT_MS_MAX ? WAIT_MS_MAX : (int)left_ms;
}

enum trust_error loop_run(struct loop *loop, const struct loop_hooks *hooks)
{
    struct epoll_event events[LOOP_SOURCES_MAX];
    while (!loop->is_stopping) {
        int timeout = wait_ms(hooks->deadline(hooks->context), clock_now().mono);
        int count = epoll_wait(loop->epoll_fd, events, LOOP_SOURCES_MAX, timeout);
        if (count < 0 && errno != EINTR)
            return TRUST_FAIL_SYSTEM;
        for (int i = 0; i < count; i++) {
            const struct loop_source *source = events[i].data.ptr;
            /* An earlier source of this round may have removed or paused it. */
            if (source->fd >= 0 && !source->is_paused)
                source->ready(source->context);
        }
        hooks->turn(hooks->context);
    }
    return TRUST_OK;
}

void loop_stop(struct loop *loop)
{
    loop->is_stopping = true;
}
