/*
 * A heap of small copies with one life: what a loaded configuration points to lives here and goes
 * with it. Bounded, so that a hostile file cannot grow it without end.
 */
#ifndef TRUST_HOST_STRINGS_H
#define TRUST_HOST_STRINGS_H

#include <stddef.h>

struct trust_strings_block;

struct trust_strings {
    struct trust_strings_block *blocks;
    size_t size; /* bytes handed out */
};

/* Bytes one heap may hand out: a 1 MiB file cannot need more. */
#define TRUST_STRINGS_SIZE_MAX (size_t)(4 << 20)

/* size zeroed bytes aligned for any type, valid until close; NULL when memory or the bound ends. */
void *trust_strings_take(struct trust_strings *strings, size_t size);

/* A NUL-terminated copy, or NULL as above. */
char *trust_strings_copy(struct trust_strings *strings, const char *text);

void trust_strings_close(struct trust_strings *strings);

#endif
