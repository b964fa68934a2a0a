/*
 * The flags that the operator ignores, by register: a scanner that signs its finding anew each day
 * stays ignored. The engine's own; see trust_engine_ignore_flag.
 */
#ifndef TRUST_ENGINE_IGNORING_H
#define TRUST_ENGINE_IGNORING_H

#include <stdint.h>

#include "base/arena.h"
#include "record/register.h"

struct trust_engine;

struct trust_ignoring {
    struct trust_register *places; /* ascending, count of TRUST_IGNORED_FLAGS_MAX */
    uint32_t count;
};

void trust_ignoring_init(struct trust_ignoring *ignoring, struct trust_arena *arena);

/* A flag of this slot begins to count: unless its register is ignored. */
void trust_ignoring_apply(struct trust_engine *engine, uint32_t slot);

#endif
