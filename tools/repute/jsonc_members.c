/* See jsonc_members.h. */
#include "repute/jsonc_members.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "repute/jsonc_blank.h"
#include "wire/json.h"

enum trust_error jsonc_members_walk(struct trust_bytes text, jsonc_members_sink *sink,
                                    void *context)
{
    struct jsonc_fault fault;
    struct trust_bytes key;
    struct trust_bytes value;
    uint8_t *copy = malloc(text.size + 1);
    if (copy == NULL)
        return TRUST_FAIL_MEMORY;
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    struct trust_bytes plain = {.data = copy, .size = text.size};
    enum trust_error error = jsonc_blank(&fault, copy, text.size);
    if (error == TRUST_OK)
        error = json_check(plain);
    if (error == TRUST_OK) {
        struct json_walk walk = json_walk_object(json_trim(plain));
        while (json_next_member(&walk, &key, &value)) {
            key.data = text.data + (key.data - copy);
            value.data = text.data + (value.data - copy);
            sink(context, key, value);
        }
        error = walk.error;
    }
    sodium_memzero(copy, text.size);
    free(copy);
    return error;
}
