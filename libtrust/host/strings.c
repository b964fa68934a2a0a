/* See strings.h. */
#include "host/strings.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

#define BLOCK_SIZE 4096u

struct trust_strings_block {
    struct trust_strings_block *next;
    size_t used;
    size_t capacity;
    alignas(max_align_t) uint8_t bytes[];
};

static struct trust_strings_block *add_block(struct trust_strings *strings, size_t size)
{
    size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct trust_strings_block *block = calloc(1, sizeof *block + capacity);
    if (block == NULL)
        return NULL;
    block->capacity = capacity;
    block->next = strings->blocks;
    strings->blocks = block;
    return block;
}

void *trust_strings_take(struct trust_strings *strings, size_t size)
{
    if (size > TRUST_STRINGS_SIZE_MAX - strings->size)
        return NULL;
    size_t rounded =
        (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    struct trust_strings_block *block = strings->blocks;
    if (block == NULL || block->capacity - block->used < rounded)
        block = add_block(strings, rounded);
    if (block == NULL)
        return NULL;
    void *taken = block->bytes + block->used;
    block->used += rounded;
    strings->size += size;
    assert(block->used <= block->capacity);
    return taken;
}

char *trust_strings_copy(struct trust_strings *strings, const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = trust_strings_take(strings, size);
    if (copy != NULL)
        memcpy(copy, text, size);
    return copy;
}

void trust_strings_close(struct trust_strings *strings)
{
    while (strings->blocks != NULL) {
        struct trust_strings_block *next = strings->blocks->next;
        free(strings->blocks);
        strings->blocks = next;
    }
    strings->size = 0;
}
