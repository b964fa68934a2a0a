/*
 * Whether this machine's clock is believed when records are dropped for their age.
 *
 * A clock that is years ahead for a minute (a dead battery, a typing error) would end every record,
 * and what is erased does not come back by itself. So the last wall time that was believed is kept
 * in the store, and after a leap ahead of it nothing is dropped until the new time is confirmed:
 * by a day of running, or at once by peers that tell the same time.
 */
#ifndef WALL_H
#define WALL_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/time.h"

struct core;

struct wall {
    struct trust_now good; /* the last time that was believed; mono: when that was */
    struct trust_mono leapt;
    struct trust_mono save_due;
    bool has_leapt;
    uint64_t swept; /* as was logged last */
    uint64_t unwanted;
};

/* Peers that are connected, by the clocks they tell of. */
struct wall_peers {
    uint32_t agreeing;
    uint32_t differing;
};

enum wall_change { WALL_SAME, WALL_LEAPT, WALL_BELIEVED };

/* Looks at the clock; in wall->has_leapt it says whether it is believed. */
enum wall_change wall_look(struct wall *wall, struct wall_peers peers, struct trust_now now);

/* Reads the last time that was believed; none: this one is. TRUST_FAIL_IO. */
TRUST_MUST_USE enum trust_error wall_open(struct core *core);

/* To be called each turn, before the engine is told the time. */
void wall_tick(struct core *core);

/* Keeps the time in the store, if it is believed. */
void wall_save(struct core *core);

#endif
