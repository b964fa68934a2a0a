/*
 * Starting and joining the node's few threads. Every signal is blocked in them, so that signals
 * reach the core's loop only.
 */
#ifndef THREAD_H
#define THREAD_H

#include <pthread.h>

#include "trust/error.h"
#include "trust/export.h"

/* Starts run(context). name: at most 15 characters, shown by ps and debuggers.
 * TRUST_FAIL_SYSTEM: no more threads. */
TRUST_MUST_USE enum trust_error thread_start(pthread_t *out_thread, const char *name,
                                             void *(*run)(void *context), void *context);

/* Waits for the end of a started thread. */
void thread_join(pthread_t thread);

#endif
