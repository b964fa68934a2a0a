/*
 * A scorer with names instead of indices, so that a test reads like what it is about: who vouches
 * for whom, who rates what. Keys are their names padded with zeros; the first one named is me.
 */
#ifndef SCORE_WORLD_H
#define SCORE_WORLD_H

#include "score/scorer.h"

/* 2023-11-14T22:13:20Z, where time stands until a test moves it. */
#define WORLD_NOW_S UINT64_C(1700000000)
#define WORLD_DAY_S UINT64_C(86400)
#define WORLD_ME "me"

struct world {
    struct trust_keys keys;
    struct trust_scorer scorer;
    uint8_t *memory;
    uint32_t next_slot;
    struct trust_now now;
};

/* What a rating or a flag says beside its value. */
struct world_opinion {
    const char *author;
    const char *subject;
    const uint8_t *manifest; /* 32 bytes, or NULL */
    enum trust_category category;
    uint32_t value; /* permille; of a flag: enum trust_severity */
    uint32_t calls; /* of a rating; of a flag: enum trust_class */
    uint64_t age_s;
};

/* Room for count keys and servers, ten slots each. Fails the test if memory is short. */
void world_open(struct world *world, uint32_t count);
void world_close(struct world *world);

/* The index of a named key, held once for the world. */
uint32_t world_key(struct world *world, const char *name);

/* Each returns the slot that was held. */
uint32_t world_vouch(struct world *world, const char *from, const char *to, int permille,
                     uint8_t scopes);
uint32_t world_rate(struct world *world, const struct world_opinion *opinion);
uint32_t world_flag(struct world *world, const struct world_opinion *opinion);

/* An overall rating without version, made now. */
uint32_t world_praise(struct world *world, const char *author, const char *subject,
                      uint32_t permille);

/* Own calls of a server, watched once for each. */
void world_call(struct world *world, const char *subject, uint32_t good, uint32_t bad);

/* Moves both clocks. */
void world_wait(struct world *world, uint64_t seconds);
void world_tick(struct world *world);

struct trust_weight world_weight(struct world *world, const char *name);
struct trust_score world_score(struct world *world, const char *subject, const uint8_t *manifest);

#endif
