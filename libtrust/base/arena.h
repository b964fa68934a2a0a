/*
 * One reserved stretch of memory, cut from front to back and never given back.
 *
 * An arena without memory only measures: run the same cuts over it first, ask for its size, map
 * that much, run them again. Cuts are zeroed only as far as the mapping is: the engine maps
 * anonymous pages, which the kernel zeroes when they are first touched.
 */
#ifndef TRUST_BASE_ARENA_H
#define TRUST_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct trust_arena {
    uint8_t *memory; /* NULL: measuring */
    size_t size;     /* cut so far */
    size_t capacity; /* ignored while measuring */
};

/* count things of size bytes, aligned to 64 (a cache line). NULL while measuring; cutting past the
 * capacity is our own bug and aborts. */
void *trust_arena_cut(struct trust_arena *arena, size_t count, size_t size);

#endif
