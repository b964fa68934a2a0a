/* See text.h. */
#include "guard/router/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/writer.h"
#include "wire/json_text.h"

uint8_t *text_memory(size_t size)
{
    uint8_t *memory = malloc(size == 0 ? 1 : size);
    assert(memory != NULL);
    return memory;
}

char *text_copy(struct trust_bytes bytes)
{
    uint8_t *copy = text_memory(bytes.size + 1);
    if (bytes.size > 0)
        memcpy(copy, bytes.data, bytes.size);
    copy[bytes.size] = '\0';
    return (char *)copy;
}

static void make_room(struct text *text, size_t size)
{
    if (text->capacity - text->size >= size)
        return;
    size_t capacity = text->capacity < 256 ? 256 : 2 * text->capacity;
    if (capacity - text->size < size)
        capacity = text->size + size;
    uint8_t *data = realloc(text->data, capacity);
    assert(data != NULL);
    text->data = data;
    text->capacity = capacity;
}

void text_put_bytes(struct text *text, struct trust_bytes bytes)
{
    make_room(text, bytes.size);
    if (bytes.size > 0)
        memcpy(text->data + text->size, bytes.data, bytes.size);
    text->size += bytes.size;
}

void text_put(struct text *text, const char *plain)
{
    text_put_bytes(text, trust_bytes_text(plain));
}

void text_put_number(struct text *text, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, number);
    text_put(text, digits);
}

void text_put_string(struct text *text, struct trust_bytes bytes)
{
    /* \u001f for one byte is the longest. */
    make_room(text, 6 * bytes.size + 2);
    struct trust_writer writer =
        trust_writer_init(text->data + text->size, text->capacity - text->size);
    json_put_string(&writer, bytes);
    text->size += writer.size;
}
