/*
 * The background scrub: every stored record's hash, id and signature are checked again, a round a
 * day and never more than a twentieth of a core, and what is damaged, here or where a read met it,
 * is asked of peers again.
 */
#ifndef SCRUB_H
#define SCRUB_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/time.h"

struct core;

struct scrub {
    struct trust_mono due;
    uint64_t round;   /* rounds of the store when this one began */
    uint64_t damaged; /* found since start */
};

/* The first round begins a minute after the start. */
void scrub_init(struct scrub *scrub, struct trust_mono now);
void scrub_tick(struct core *core);
struct trust_mono scrub_deadline(const struct scrub *scrub);

#endif
