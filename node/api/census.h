/*
 * How many of the kept records say something now: expired, withdrawn and void ones do not. They
 * are counted by walking all registers, so a large node counts in steps between its other work and
 * answers with the last count.
 */
#ifndef API_CENSUS_H
#define API_CENSUS_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/time.h"

struct trust_engine;

struct census {
    uint64_t live; /* of the last whole count */
    struct trust_mono counted;
    bool is_known;
    bool is_counting;
    uint64_t so_far;
    uint32_t cursor;
};

/* The number of live records: counted now where that takes little, else the last count, and a new
 * one is begun if that is old. */
uint64_t census_live(struct census *census, struct trust_engine *engine, struct trust_now now);

/* Goes on counting for about a millisecond; true while there is more to do. */
bool census_step(struct census *census, struct trust_engine *engine, struct trust_now now);

#endif
