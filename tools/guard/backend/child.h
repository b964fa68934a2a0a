/*
 * A server as a child process, over its standard streams.
 *
 * Each child leads a process group of its own, so that what it starts ends with it, and dies when
 * the guard does, however that ends: the program is executed by way of the guard itself
 * (child_launch), which asks the kernel for that signal first. A child is ended by closing its
 * input, then SIGTERM, then SIGKILL; whatever is left of its group goes with the last of it. Its
 * exit is a readable descriptor, and it is reaped only after its group was killed: until then no
 * other process can be given the group's number.
 */
#ifndef GUARD_CHILD_H
#define GUARD_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

/* The end of what it wrote to standard error is kept. */
#define CHILD_STDERR_SIZE 8192
/* After its input was closed, and again after SIGTERM. */
#define CHILD_PATIENCE_MS 2000u

enum child_state {
    CHILD_NONE,
    CHILD_RUNNING,
    CHILD_LEAVING, /* its input is closed */
    CHILD_TERMED,  /* SIGTERM was sent */
    CHILD_KILLED,  /* SIGKILL was sent */
};

struct child_pair {
    const char *name;
    const char *value;
};

struct child_command {
    const char *launcher;         /* the guard's own program */
    const char *program;          /* looked for in PATH if it has no slash */
    const char *const *arguments; /* without the program's name */
    size_t argument_count;
    const struct child_pair *variables; /* beside the guard's own environment */
    size_t variable_count;
    const char *folder; /* NULL: the guard's */
};

/* Zeros and child_init: none. */
struct child {
    enum child_state state;
    pid_t pid;
    int exit_fd;  /* readable when it has ended; -1: none, as the others */
    int input_fd; /* where it reads: for writing, without blocking */
    int output_fd;
    int error_fd;
    struct trust_mono due; /* of the next, harsher step */
    uint8_t said[CHILD_STDERR_SIZE];
    size_t said_size; /* up to CHILD_STDERR_SIZE; said_end is where the next byte goes */
    size_t said_end;
};

/* How it ended. */
struct child_end {
    int signal; /* 0: it exited */
    int code;
};

void child_init(struct child *child);

/*
 * Starts the program. TRUST_NO_FOUND: there is no such program or folder; TRUST_NO_PERMISSION: it
 * may not be executed; TRUST_FAIL_SYSTEM: too many processes, descriptors, no memory. What it said
 * in an earlier life is forgotten.
 */
TRUST_MUST_USE enum trust_error child_start(struct child *child,
                                            const struct child_command *command);

/* Takes what it wrote to standard error; false: it has closed that. */
bool child_listen(struct child *child);

/* The end of what it wrote, oldest byte first, into room bytes; returns how many. */
size_t child_said(const struct child *child, uint8_t *out_text, size_t room);

/* Closes its input: a server that behaves ends by itself. */
void child_leave(struct child *child, struct trust_mono now);

/* Takes the next harsher step when it is due. */
void child_time(struct child *child, struct trust_mono now);
struct trust_mono child_deadline(const struct child *child);

/* If it has ended: kills what is left of its group, reaps it and closes everything. */
bool child_reap(struct child *child, struct child_end *out_end);

/* Ends it now, whatever it does. */
void child_kill(struct child *child);

/* What the guard's program does when it is called as a launcher; see child_launch.c. */
#define CHILD_LAUNCH "--launch"
int child_launch(int count, char **words);

#endif
