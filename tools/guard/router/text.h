/*
 * A text that grows while it is written: messages that the guard itself makes. Memory that is not
 * there ends the process, since a proxy that drops half of an answer is worse than none; every text
 * is bounded by the messages it is made of.
 */
#ifndef GUARD_TEXT_H
#define GUARD_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct text {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

/* size bytes, at least one; free() gives them back. Never NULL. */
uint8_t *text_memory(size_t size);

/* A copy with a NUL behind it, the caller's. */
char *text_copy(struct trust_bytes bytes);

void text_put(struct text *text, const char *plain);
void text_put_bytes(struct text *text, struct trust_bytes bytes);
void text_put_number(struct text *text, uint64_t number);

/* As a string of JSON, quotes and escapes included. */
void text_put_string(struct text *text, struct trust_bytes bytes);

static inline struct trust_bytes text_bytes(const struct text *text)
{
    return (struct trust_bytes){.data = text->data, .size = text->size};
}

#endif
