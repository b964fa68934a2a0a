/*
 * Turns a session until it is over. poll is enough for what one client and its servers have open,
 * and what is not to be read now is simply not asked for. SIGTERM and SIGINT end the session, the
 * second of them at once; SIGHUP refreshes it.
 */
#ifndef GUARD_LOOP_H
#define GUARD_LOOP_H

#include "trust/error.h"
#include "trust/export.h"
#include "trust/time.h"

#include "guard/session.h"

/* Takes those signals from here on, for this thread and those it starts. TRUST_FAIL_SYSTEM. */
TRUST_MUST_USE enum trust_error loop_take_signals(int *out_fd);

/* Both clocks. */
struct trust_now loop_now(void);

/* TRUST_FAIL_SYSTEM: it cannot wait. */
TRUST_MUST_USE enum trust_error loop_run(struct session *session, int signal_fd);

#endif
