/* See arena.h. */
#include "base/arena.h"

#include "base/assert.h"

#define ALIGNMENT 64u

void *trust_arena_cut(struct trust_arena *arena, size_t count, size_t size)
{
    assert(size == 0 || count <= SIZE_MAX / 2 / size);
    size_t start = (arena->size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    assert(start >= arena->size);
    arena->size = start + count * size;
    if (arena->memory == NULL)
        return NULL;
    assert(arena->size <= arena->capacity);
    return arena->memory + start;
}
