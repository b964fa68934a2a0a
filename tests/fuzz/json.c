/* A text that passes json_check is walked to its end, and so is each value in it; what its strings
 * mean is written and read again. */
#include "wire/json.h"

#include <stdlib.h>

#include "base/assert.h"
#include "fuzz.h"

/* Six bytes are written for one that needs an escape; quotes. */
#define WRITTEN_MAX(size) (6 * (size) + 2)

static void try_string(struct trust_bytes value)
{
    char *text = malloc(value.size);
    uint8_t *written = malloc(WRITTEN_MAX(value.size));
    char *again = malloc(value.size);
    assert(text != NULL);
    assert(written != NULL);
    assert(again != NULL);
    size_t size;
    enum trust_error error = json_string_copy(text, value.size, &size, value);
    assert(error == TRUST_OK || error == TRUST_NO_RANGE);
    if (error == TRUST_OK) {
        struct trust_bytes bytes = {.data = (uint8_t *)text, .size = size};
        struct trust_writer writer = trust_writer_init(written, WRITTEN_MAX(value.size));
        json_put_string(&writer, bytes);
        assert(!trust_writer_has_overflowed(&writer));
        assert(json_check(trust_writer_bytes(&writer)) == TRUST_OK);
        size_t again_size;
        error = json_string_copy(again, value.size, &again_size, trust_writer_bytes(&writer));
        assert(error == TRUST_OK);
        assert(again_size == size);
        assert(memcmp(again, text, size) == 0);
    }
    free(again);
    free(written);
    free(text);
}

static void try_value(struct trust_bytes value)
{
    uint64_t number;
    bool is_true;
    assert(json_check(value) == TRUST_OK);
    assert(json_kind(value) != JSON_KIND_NONE);
    assert((json_bool(&is_true, value) == TRUST_OK) == (json_kind(value) == JSON_KIND_BOOL));
    assert((json_uint(&number, value) == TRUST_NO_TYPE) == (json_kind(value) != JSON_KIND_NUMBER));
    if (json_kind(value) == JSON_KIND_STRING)
        try_string(value);
}

/* Also of bytes that were never checked: every walk ends. */
static void walk(struct trust_bytes value, bool is_checked)
{
    struct trust_bytes key;
    struct trust_bytes inner;
    struct json_walk members = json_walk_object(value);
    while (json_next_member(&members, &key, &inner)) {
        struct trust_bytes found;
        enum trust_error error = json_find(&found, value, "a");
        assert(!is_checked || error == TRUST_OK || error == TRUST_NO_FOUND ||
               error == TRUST_NO_DUPLICATE);
        try_value(inner);
    }
    struct json_walk items = json_walk_array(value);
    while (json_next_item(&items, &inner))
        try_value(inner);
    assert(!is_checked || members.error == TRUST_OK || members.error == TRUST_NO_TYPE);
    assert(!is_checked || items.error == TRUST_OK || items.error == TRUST_NO_TYPE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes text = {.data = data, .size = size};
    bool is_checked = json_check(text) == TRUST_OK;
    if (is_checked)
        try_value(json_trim(text));
    walk(json_trim(text), is_checked);
    return 0;
}
