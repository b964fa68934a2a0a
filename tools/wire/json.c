/* See json.h. */
#include "wire/json.h"

#include <string.h>

#include "wire/scan.h"

enum trust_error json_check(struct trust_bytes text)
{
    struct scan scan = scan_init(text);
    if (!scan_value(&scan, 0))
        return scan.error;
    scan_space(&scan);
    return scan.at == scan.end ? TRUST_OK : TRUST_NO_SYNTAX;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

struct trust_bytes json_trim(struct trust_bytes text)
{
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    return text;
}

enum json_kind json_kind(struct trust_bytes value)
{
    switch (value.size == 0 ? 0 : value.data[0]) {
    case 0:
        return JSON_KIND_NONE;
    case 'n':
        return JSON_KIND_NULL;
    case 't':
    case 'f':
        return JSON_KIND_BOOL;
    case '"':
        return JSON_KIND_STRING;
    case '[':
        return JSON_KIND_ARRAY;
    case '{':
        return JSON_KIND_OBJECT;
    default:
        return JSON_KIND_NUMBER;
    }
}

static struct json_walk walk_of(struct trust_bytes value, enum json_kind kind)
{
    if (json_kind(value) != kind)
        return (struct json_walk){.error = TRUST_NO_TYPE};
    return (struct json_walk){
        .at = value.data + 1, .end = value.data + value.size, .is_first = true};
}

struct json_walk json_walk_object(struct trust_bytes value)
{
    return walk_of(value, JSON_KIND_OBJECT);
}

struct json_walk json_walk_array(struct trust_bytes value)
{
    return walk_of(value, JSON_KIND_ARRAY);
}

/* To the next member or item; false if there is none. */
static bool step(struct json_walk *walk, struct scan *scan, uint8_t closer)
{
    scan_space(scan);
    uint8_t next = scan_peek(scan);
    if (next == closer) {
        scan->at++;
        walk->is_done = true;
        if (scan->at != scan->end)
            walk->error = TRUST_NO_SYNTAX;
        return false;
    }
    if (!walk->is_first) {
        if (next != ',') {
            walk->error = TRUST_NO_SYNTAX;
            return false;
        }
        scan->at++;
    }
    walk->is_first = false;
    return true;
}

static bool take_value(struct json_walk *walk, struct scan *scan, struct trust_bytes *out_value)
{
    scan_space(scan);
    const uint8_t *start = scan->at;
    /* The value may stand anywhere in its text: how deep is json_check's to say. */
    if (!scan_value(scan, 1)) {
        walk->error = scan->error;
        return false;
    }
    walk->at = scan->at;
    *out_value = (struct trust_bytes){.data = start, .size = (size_t)(scan->at - start)};
    return true;
}

bool json_next_member(struct json_walk *walk, struct trust_bytes *out_key,
                      struct trust_bytes *out_value)
{
    struct scan scan = {.at = walk->at, .end = walk->end};
    struct trust_bytes key;
    if (walk->error != TRUST_OK || walk->is_done || !step(walk, &scan, '}'))
        return false;
    if (!scan_key(&scan, &key)) {
        walk->error = scan.error;
        return false;
    }
    if (!take_value(walk, &scan, out_value))
        return false;
    *out_key = key;
    return true;
}

bool json_next_item(struct json_walk *walk, struct trust_bytes *out_value)
{
    struct scan scan = {.at = walk->at, .end = walk->end};
    if (walk->error != TRUST_OK || walk->is_done || !step(walk, &scan, ']'))
        return false;
    return take_value(walk, &scan, out_value);
}

enum trust_error json_find(struct trust_bytes *out_value, struct trust_bytes object,
                           const char *name)
{
    struct json_walk walk = json_walk_object(object);
    struct trust_bytes key;
    struct trust_bytes value;
    struct trust_bytes found = {0};
    while (json_next_member(&walk, &key, &value)) {
        if (!json_raw_is(key, name))
            continue;
        if (found.data != NULL)
            return TRUST_NO_DUPLICATE;
        found = value;
    }
    if (walk.error != TRUST_OK)
        return walk.error;
    if (found.data == NULL)
        return TRUST_NO_FOUND;
    *out_value = found;
    return TRUST_OK;
}

bool json_is_string(struct trust_bytes value, const char *text)
{
    if (json_kind(value) != JSON_KIND_STRING || value.size < 2)
        return false;
    return json_raw_is((struct trust_bytes){.data = value.data + 1, .size = value.size - 2}, text);
}

enum trust_error json_uint(uint64_t *out_number, struct trust_bytes value)
{
    if (json_kind(value) != JSON_KIND_NUMBER)
        return TRUST_NO_TYPE;
    uint64_t number = 0;
    for (size_t i = 0; i < value.size; i++) {
        uint64_t digit = (uint64_t)value.data[i] - '0';
        if (digit > 9 || number > (UINT64_MAX - digit) / 10)
            return TRUST_NO_RANGE;
        number = number * 10 + digit;
    }
    *out_number = number;
    return TRUST_OK;
}

static bool is_word(struct trust_bytes value, const char *word)
{
    return trust_bytes_equal(value, trust_bytes_text(word));
}

enum trust_error json_bool(bool *out_is_true, struct trust_bytes value)
{
    bool is_true = is_word(value, "true");
    if (!is_true && !is_word(value, "false"))
        return TRUST_NO_TYPE;
    *out_is_true = is_true;
    return TRUST_OK;
}
