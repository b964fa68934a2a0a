/*
 * The event loop of the core thread: descriptors, one deadline, and a way to stop. Level-triggered
 * epoll; a source that must not be read for now is paused, not drained.
 */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/time.h"

/* Descriptors watched at a time: workers, store, link, two HTTP daemons, signals, with room. */
#define LOOP_SOURCES_MAX 32

typedef void loop_ready(void *context);

struct loop_source {
    int fd; /* -1: free */
    bool is_paused;
    loop_ready *ready;
    void *context;
};

struct loop {
    int epoll_fd;
    bool is_stopping;
    struct loop_source sources[LOOP_SOURCES_MAX];
};

/* What happens around the waiting: the deadline is asked for before, turn is called after each. */
struct loop_hooks {
    struct trust_mono (*deadline)(void *context);
    void (*turn)(void *context);
    void *context;
};

/* TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error loop_open(struct loop *out_loop);
void loop_close(struct loop *loop);

/* Watches fd for reading until loop_remove; the descriptor stays the caller's.
 * TRUST_NO_ROOM, TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error loop_add(struct loop *loop, int fd, loop_ready *ready,
                                         void *context);
void loop_remove(struct loop *loop, int fd);

/* Stops and resumes watching a descriptor; what is readable meanwhile stays where it is. */
void loop_pause(struct loop *loop, int fd, bool paused);

/* Runs until loop_stop. TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error loop_run(struct loop *loop, const struct loop_hooks *hooks);
void loop_stop(struct loop *loop);

#endif
