/*
 * Short byte strings of varying length in one fixed memory: subjects, versions, manifest digests,
 * rule names. A string is a chain of 32-byte chunks, so that a subject of 40 bytes costs 64 and not
 * the 200 it might have. The owner remembers the length.
 */
#ifndef TRUST_SCORE_TEXT_H
#define TRUST_SCORE_TEXT_H

#include "base/arena.h"
#include "base/bytes.h"

#define TRUST_TEXT_CHUNK_SIZE 28u

struct trust_text_chunk {
    uint32_t next; /* index + 1; 0: the last */
    uint8_t bytes[TRUST_TEXT_CHUNK_SIZE];
};

struct trust_texts {
    struct trust_text_chunk *chunks;
    uint32_t first_free; /* index + 1 */
    uint32_t fresh;
    uint32_t count; /* in use */
    uint32_t capacity;
};

void trust_texts_init(struct trust_texts *texts, struct trust_arena *arena, uint32_t capacity);

/* Stores the bytes and writes their handle (0 for no bytes); false: no room, nothing stored. */
bool trust_texts_put(struct trust_texts *texts, uint32_t *out_text, struct trust_bytes bytes);

/* Gives the chunks of a stored string back. */
void trust_texts_give(struct trust_texts *texts, uint32_t text);

/* Copies size bytes of a stored string. */
void trust_texts_read(const struct trust_texts *texts, uint8_t *out_bytes, uint32_t text,
                      size_t size);

/* True if the stored string of this size has these bytes. */
bool trust_texts_equal(const struct trust_texts *texts, uint32_t text, size_t size,
                       struct trust_bytes bytes);

#endif
