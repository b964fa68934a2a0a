/*
 * What the link process gives up, and how large it may grow. It talks to strangers through a large
 * library: whoever takes it over finds no file to write, none of ours to read, no program to run,
 * and a kernel that kills the process for anything a link does not do. The core restarts it then.
 */
#ifndef LINK_SANDBOX_H
#define LINK_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of what could be put in force. */
#define LINK_SANDBOX_SECCOMP 1
#define LINK_SANDBOX_LANDLOCK 2

struct link_sandbox {
    int resident_fd; /* /proc/self/statm; -1: not readable, then there is no watchdog */
    uint8_t held;    /* bits of what the kernel granted */
};

/* Before any thread is started: no new privileges, no core dump with a key in it, and with Landlock
 * no file but those that names are resolved with. */
void link_sandbox_prepare(struct link_sandbox *out_sandbox);

/* Once all threads and the listening socket are there: limits of memory and descriptors, and the
 * list of system calls, for all threads. */
void link_sandbox_enter(struct link_sandbox *sandbox);

/* True when the resident set is beyond its bound now: libzmq bounds no unfinished multipart
 * message, so the process ends and the core starts a fresh one. */
bool link_sandbox_is_too_large(const struct link_sandbox *sandbox);

#endif
