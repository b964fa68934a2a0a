/*
 * A seeded generator (xoshiro256**, Blackman and Vigna 2018) for jitter, sampling and simulation.
 * Never for keys, nonces or salts that must be secret: those come from libsodium in the shell.
 */
#ifndef TRUST_BASE_RANDOM_H
#define TRUST_BASE_RANDOM_H

#include <stdint.h>

struct trust_random {
    uint64_t state[4];
};

/* The same seed gives the same sequence on every machine (seeded by SplitMix64). */
struct trust_random trust_random_init(uint64_t seed);

uint64_t trust_random_next(struct trust_random *random);

/* Uniform in 0..bound-1, without modulo bias (Lemire 2019); bound must be above 0. */
uint64_t trust_random_below(struct trust_random *random, uint64_t bound);

/* One step of SplitMix64: a fixed good mix of 64 bits, usable as a hash of a number. */
uint64_t trust_random_mix(uint64_t value);

#endif
