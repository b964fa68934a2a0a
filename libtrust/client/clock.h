/* The one place of the client where time is read, so that tests can move it. */
#ifndef TRUST_CLIENT_CLOCK_H
#define TRUST_CLIENT_CLOCK_H

#include "trust/time.h"

struct trust_client_clock {
    struct trust_now (*read)(void *context);
    void *context;
};

/* CLOCK_REALTIME, and CLOCK_BOOTTIME as the node's heartbeat on the board. */
struct trust_client_clock trust_client_clock_system(void);

static inline struct trust_now trust_client_clock_read(const struct trust_client_clock *clock)
{
    return clock->read(clock->context);
}

#endif
