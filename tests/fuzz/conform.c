/*
 * An output schema and an answer, a line each. Whatever the bytes: the check ends, a schema of
 * nothing but notes refuses nothing, and what a schema refuses it refuses within an object too.
 */
#include "guard/offer/conform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "fuzz.h"
#include "wire/json.h"

/* {"properties":{"a":schema}} against {"a":value}. Only a root has a name without being another
 * document, and a $ref to the root would mean another one. */
static bool accepts_within(struct trust_bytes schema, struct trust_bytes value)
{
    size_t room = schema.size + value.size + 64;
    char *text = malloc(room);
    assert(text != NULL);
    int size = snprintf(text, room, "{\"properties\":{\"a\":%.*s}}", (int)schema.size,
                        (const char *)schema.data);
    struct conform *conform = NULL;
    bool is_accepted = true;
    struct trust_bytes whole = {.data = (const uint8_t *)text, .size = (size_t)size};
    if (conform_new(&conform, whole) == TRUST_OK) {
        size = snprintf(text, room, "{\"a\":%.*s}", (int)value.size, (const char *)value.data);
        whole.size = (size_t)size;
        is_accepted = conform_accepts(conform, whole);
    }
    conform_free(conform);
    free(text);
    return is_accepted;
}

static bool has(struct trust_bytes text, const char *word)
{
    return memmem(text.data, text.size, word, strlen(word)) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
    if (line == NULL)
        return 0;
    struct trust_bytes schema = {.data = data, .size = (size_t)(line - data)};
    struct trust_bytes value = {.data = line + 1, .size = size - schema.size - 1};
    struct conform *conform = NULL;
    if (json_check(value) != TRUST_OK || conform_new(&conform, schema) != TRUST_OK)
        return 0;
    value = json_trim(value);
    bool is_accepted = conform_accepts(conform, value);
    conform_free(conform);
    bool is_plain = !has(schema, "$") && !has(schema, "\\");
    if (!is_accepted && is_plain && size < 1000) {
        bool is_accepted_within = accepts_within(schema, value);
        assert(!is_accepted_within);
    }
    return 0;
}
