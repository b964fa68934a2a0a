/* See text.h. */
#include "score/text.h"

#include "base/assert.h"

void trust_texts_init(struct trust_texts *texts, struct trust_arena *arena, uint32_t capacity)
{
    *texts = (struct trust_texts){.capacity = capacity};
    texts->chunks = trust_arena_cut(arena, capacity, sizeof *texts->chunks);
}

static uint32_t take_chunk(struct trust_texts *texts)
{
    texts->count++;
    if (texts->first_free == 0)
        return texts->fresh++;
    uint32_t index = texts->first_free - 1;
    texts->first_free = texts->chunks[index].next;
    return index;
}

bool trust_texts_put(struct trust_texts *texts, uint32_t *out_text, struct trust_bytes bytes)
{
    size_t needed = (bytes.size + TRUST_TEXT_CHUNK_SIZE - 1) / TRUST_TEXT_CHUNK_SIZE;
    if (needed > texts->capacity - texts->count)
        return false;
    uint32_t text = 0;
    /* From the last chunk to the first, so that each knows its next. */
    for (size_t i = needed; i-- > 0;) {
        size_t at = i * TRUST_TEXT_CHUNK_SIZE;
        size_t size = bytes.size - at;
        if (size > TRUST_TEXT_CHUNK_SIZE)
            size = TRUST_TEXT_CHUNK_SIZE;
        uint32_t index = take_chunk(texts);
        texts->chunks[index].next = text;
        memcpy(texts->chunks[index].bytes, bytes.data + at, size);
        text = index + 1;
    }
    *out_text = text;
    return true;
}

void trust_texts_give(struct trust_texts *texts, uint32_t text)
{
    while (text != 0) {
        struct trust_text_chunk *chunk = &texts->chunks[text - 1];
        uint32_t next = chunk->next;
        assert(texts->count > 0);
        chunk->next = texts->first_free;
        texts->first_free = text;
        texts->count--;
        text = next;
    }
}

void trust_texts_read(const struct trust_texts *texts, uint8_t *out_bytes, uint32_t text,
                      size_t size)
{
    for (size_t at = 0; at < size; at += TRUST_TEXT_CHUNK_SIZE) {
        assert(text != 0);
        const struct trust_text_chunk *chunk = &texts->chunks[text - 1];
        size_t part = size - at < TRUST_TEXT_CHUNK_SIZE ? size - at : TRUST_TEXT_CHUNK_SIZE;
        memcpy(out_bytes + at, chunk->bytes, part);
        text = chunk->next;
    }
}

bool trust_texts_equal(const struct trust_texts *texts, uint32_t text, size_t size,
                       struct trust_bytes bytes)
{
    if (size != bytes.size)
        return false;
    for (size_t at = 0; at < size; at += TRUST_TEXT_CHUNK_SIZE) {
        assert(text != 0);
        const struct trust_text_chunk *chunk = &texts->chunks[text - 1];
        size_t part = size - at < TRUST_TEXT_CHUNK_SIZE ? size - at : TRUST_TEXT_CHUNK_SIZE;
        if (memcmp(chunk->bytes, bytes.data + at, part) != 0)
            return false;
        text = chunk->next;
    }
    return true;
}
