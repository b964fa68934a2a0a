/*
 * Turns what is to be turned until it is over: one session, or the hall with many. poll is enough
 * for what a few clients and their servers have open, and what is not to be read now is simply not
 * asked for. SIGTERM and SIGINT end it, the second of them at once; SIGHUP refreshes it.
 */
#ifndef GUARD_LOOP_H
#define GUARD_LOOP_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

struct loop_work {
    void *self;
    uint32_t watched_max; /* items that watch fills at most */
    uint32_t (*watch)(void *self, struct pollfd *out_items);
    /* When turn has something to do without any descriptor. */
    struct trust_mono (*deadline)(const void *self);
    void (*turn)(void *self, const struct pollfd *items, struct trust_now now);
    /* False: it was ending already. */
    bool (*end)(void *self, struct trust_now now);
    void (*refresh)(void *self, struct trust_now now);
    bool (*is_over)(const void *self, struct trust_mono now);
};

/* Takes those signals from here on, for this thread and those it starts. TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error loop_take_signals(int *out_fd);

/* Both clocks. */
struct trust_now loop_now(void);

/* TRUST_FAIL_SYSTEM: it cannot wait; TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error loop_run(const struct loop_work *work, int signal_fd);

#endif
