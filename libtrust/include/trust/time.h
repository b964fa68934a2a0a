/*
 * Time as a value. Nothing in libtrust reads a clock: every call that depends on time takes it.
 *
 * The two clocks are different types, so that a wall time that jumps can never reach a breaker and
 * a monotonic time can never be written into a record.
 */
#ifndef TRUST_TIME_H
#define TRUST_TIME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Wall time: milliseconds since 1970-01-01T00:00:00Z, no leap seconds. It may step. */
struct trust_wall {
    uint64_t ms;
};

/* Monotonic time: milliseconds since an arbitrary start (CLOCK_BOOTTIME in the shell). */
struct trust_mono {
    uint64_t ms;
};

/* Both clocks read at one instant, as events that enter the engine carry them. */
struct trust_now {
    struct trust_wall wall;
    struct trust_mono mono;
};

#ifdef __cplusplus
}
#endif

#endif
