/* See loop.h. */
#include "guard/session/loop.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "trust/answer.h"

#include "client/clock.h"

enum trust_error loop_take_signals(int *out_fd)
{
    sigset_t taken;
    (void)sigemptyset(&taken);
    (void)sigaddset(&taken, SIGTERM);
    (void)sigaddset(&taken, SIGINT);
    (void)sigaddset(&taken, SIGHUP);
    /* A write to nobody is an error of that write. */
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || sigprocmask(SIG_BLOCK, &taken, NULL) != 0)
        return TRUST_FAIL_SYSTEM;
    int fd = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        return TRUST_FAIL_SYSTEM;
    *out_fd = fd;
    return TRUST_OK;
}

struct trust_now loop_now(void)
{
    const struct trust_client_clock clock = trust_client_clock_system();
    return trust_client_clock_read(&clock);
}

/* Until then, for poll. */
static int patience(struct trust_mono deadline, struct trust_mono now)
{
    if (deadline.ms == TRUST_NEVER_MS)
        return -1;
    uint64_t left_ms = deadline.ms > now.ms ? deadline.ms - now.ms : 0;
    return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

/* True: it is to end at once. */
static bool take_signals(const struct loop_work *work, int signal_fd, struct trust_now now)
{
    struct signalfd_siginfo info;
    bool is_urgent = false;
    while (read(signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            work->refresh(work->self, now);
        else
            is_urgent = !work->end(work->self, now);
    }
    return is_urgent;
}

/* poll takes no more items than descriptors may be open, and counts those without one as well. */
static int wait_for(struct pollfd *items, struct pollfd *room, uint32_t count, int patience_ms)
{
    nfds_t asked = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (items[i].fd >= 0)
            room[asked++] = items[i];
    }
    int found = poll(room, asked, patience_ms);
    asked = 0;
    for (uint32_t i = 0; i < count; i++)
        items[i].revents = items[i].fd >= 0 ? room[asked++].revents : 0;
    return found;
}

/* items has room for one more than the work watches, twice. */
static enum trust_error turn(const struct loop_work *work, struct pollfd *items, int signal_fd)
{
    struct pollfd *room = items + work->watched_max + 1;
    struct trust_now now = loop_now();
    while (!work->is_over(work->self, now.mono)) {
        uint32_t count = work->watch(work->self, items + 1);
        items[0] = (struct pollfd){.fd = signal_fd, .events = POLLIN};
        int found =
            wait_for(items, room, count + 1, patience(work->deadline(work->self), now.mono));
        if (found < 0 && errno != EINTR)
            return TRUST_FAIL_SYSTEM;
        now = loop_now();
        if (found < 0)
            continue;
        if (items[0].revents != 0 && take_signals(work, signal_fd, now))
            return TRUST_OK;
        work->turn(work->self, items + 1, now);
    }
    return TRUST_OK;
}

enum trust_error loop_run(const struct loop_work *work, int signal_fd)
{
    struct pollfd *items = calloc(2 * ((size_t)work->watched_max + 1), sizeof *items);
    if (items == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = turn(work, items, signal_fd);
    free(items);
    return error;
}
