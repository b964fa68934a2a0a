/* See message.h. */
#include "wire/message.h"

#include <stddef.h>

#include "base/assert.h"
#include "base/limits.h"
#include "wire/json.h"
#include "wire/scan.h"

/* The objects whose members are looked for. */
enum place {
    PLACE_NONE,
    PLACE_MESSAGE,
    PLACE_PARAMS,
    PLACE_RESULT,
    PLACE_META,
    PLACE_ERROR,
    PLACE_COUNT,
};

/* A member that is looked for, where its span goes, and what its own members are looked for as. */
struct field {
    const char *name;
    size_t size; /* of name */
    size_t offset;
    enum place inside;
};

#define FIELDS_MAX 7
#define LEVELS_MAX 3 /* the message, params, _meta */

/* What is read beside the message itself. */
struct reading {
    struct message message; /* first, so that an offset is one from here too */
    struct trust_bytes version;
    struct scan scan;
    unsigned depth;
    struct level {
        enum place place;
        bool is_first; /* no member of it has been read yet */
        struct trust_bytes *span;
    } levels[LEVELS_MAX];
};

#define AT(text, place, member)                                                                    \
    {                                                                                              \
        .name = (text), .size = sizeof(text) - 1, .offset = offsetof(struct message, member),      \
        .inside = (place)                                                                          \
    }
#define LEAF(text, member) AT(text, PLACE_NONE, member)

static const struct field fields[PLACE_COUNT][FIELDS_MAX] = {
    [PLACE_MESSAGE] =
        {
            {.name = "jsonrpc", .size = 7, .offset = offsetof(struct reading, version)},
            LEAF("id", id),
            LEAF("method", method_raw),
            AT("params", PLACE_PARAMS, params),
            AT("result", PLACE_RESULT, result),
            AT("error", PLACE_ERROR, error),
        },
    [PLACE_PARAMS] =
        {
            LEAF("name", name),
            LEAF("arguments", arguments),
            LEAF("uri", uri),
            LEAF("requestId", request_id),
            LEAF("progressToken", progress_token),
            AT("_meta", PLACE_META, meta),
        },
    [PLACE_RESULT] =
        {
            LEAF("isError", is_error),
            LEAF("resultType", result_type),
            AT("_meta", PLACE_META, meta),
        },
    [PLACE_META] =
        {
            LEAF("progressToken", meta_progress_token),
            LEAF("io.modelcontextprotocol/protocolVersion", meta_version),
            LEAF("io.modelcontextprotocol/subscriptionId", meta_subscription),
        },
    [PLACE_ERROR] =
        {
            LEAF("code", error_code),
            LEAF("message", error_message),
        },
};

static_assert(offsetof(struct reading, message) == 0, "offsets of a message are taken from here");

static const struct field *find_field(enum place place, struct trust_bytes key)
{
    const struct field *all = fields[place];
    for (int i = 0; i < FIELDS_MAX && all[i].name != NULL; i++) {
        if (key.size == all[i].size && memcmp(key.data, all[i].name, key.size) == 0)
            return &all[i];
    }
    if (key.size == 0 || memchr(key.data, '\\', key.size) == NULL)
        return NULL;
    for (int i = 0; i < FIELDS_MAX && all[i].name != NULL; i++) {
        if (json_raw_is(key, all[i].name))
            return &all[i];
    }
    return NULL;
}

/* Enters an object that has just been opened. */
static void enter(struct reading *reading, enum place place, struct trust_bytes *span)
{
    assert(reading->depth < LEVELS_MAX);
    reading->levels[reading->depth++] =
        (struct level){.place = place, .is_first = true, .span = span};
}

static void leave(struct reading *reading)
{
    struct trust_bytes *span = reading->levels[--reading->depth].span;
    span->size = (size_t)(reading->scan.at - span->data);
}

/* A key and its value, or the opening of a value whose members are looked for. */
static bool read_member(struct reading *reading, enum place place)
{
    struct scan *scan = &reading->scan;
    struct trust_bytes key;
    if (!scan_key(scan, &key))
        return false;
    scan_space(scan);
    const struct field *field = find_field(place, key);
    if (field == NULL)
        return scan_value(scan, reading->depth);
    struct trust_bytes *span = (struct trust_bytes *)((char *)reading + field->offset);
    if (span->data != NULL)
        return scan_refuse(scan, TRUST_NO_DUPLICATE);
    span->data = scan->at;
    if (field->inside != PLACE_NONE && scan_peek(scan) == '{') {
        scan->at++;
        enter(reading, field->inside, span);
        return true;
    }
    bool is_read = scan_value(scan, reading->depth);
    span->size = (size_t)(scan->at - span->data);
    return is_read;
}

/* From behind the brace that opens the message to behind the one that closes it. */
static bool read_members(struct reading *reading)
{
    struct scan *scan = &reading->scan;
    while (reading->depth > 0) {
        struct level *level = &reading->levels[reading->depth - 1];
        scan_space(scan);
        uint8_t next = scan_peek(scan);
        if (next == '}') {
            scan->at++;
            leave(reading);
            continue;
        }
        if (!level->is_first && next != ',')
            return scan_refuse(scan, TRUST_NO_SYNTAX);
        if (!level->is_first)
            scan->at++;
        level->is_first = false;
        if (!read_member(reading, level->place))
            return false;
    }
    return true;
}

static bool has(struct trust_bytes span)
{
    return span.size > 0;
}

/* What the members make together. */
static enum trust_error judge(struct message *message)
{
    enum json_kind id = json_kind(message->id);
    bool has_id = id == JSON_KIND_STRING || id == JSON_KIND_NUMBER;
    if (has(message->method_raw) + has(message->result) + has(message->error) != 1)
        return TRUST_NO_TYPE;
    if (has(message->params) && !has(message->method_raw))
        return TRUST_NO_TYPE;
    if (has(message->error)) {
        message->kind = MESSAGE_ERROR;
        if (id == JSON_KIND_NULL)
            message->id = (struct trust_bytes){0};
        return has_id || id == JSON_KIND_NULL || id == JSON_KIND_NONE ? TRUST_OK : TRUST_NO_TYPE;
    }
    if (has(message->result)) {
        message->kind = MESSAGE_RESPONSE;
        return has_id ? TRUST_OK : TRUST_NO_TYPE;
    }
    if (json_kind(message->method_raw) != JSON_KIND_STRING || (!has_id && has(message->id)))
        return TRUST_NO_TYPE;
    if (has(message->params) && json_kind(message->params) != JSON_KIND_OBJECT)
        return TRUST_NO_TYPE;
    message->kind = has_id ? MESSAGE_REQUEST : MESSAGE_NOTIFICATION;
    message->method = message_method_of(message->method_raw);
    return TRUST_OK;
}

enum trust_error message_read(struct message *out_message, struct trust_bytes bytes)
{
    struct reading reading = {.scan = scan_init(bytes)};
    struct scan *scan = &reading.scan;
    struct message *message = &reading.message;
    scan_space(scan);
    message->whole.data = scan->at;
    bool is_object = scan_peek(scan) == '{';
    bool is_array = scan_peek(scan) == '[';
    if (is_object) {
        scan->at++;
        enter(&reading, PLACE_MESSAGE, &message->whole);
    }
    if (is_object ? !read_members(&reading) : !scan_value(scan, 0))
        return scan->error;
    message->whole.size = (size_t)(scan->at - message->whole.data);
    scan_space(scan);
    if (scan->at != scan->end)
        return TRUST_NO_SYNTAX;
    message->kind = MESSAGE_BATCH;
    if (is_object && !json_is_string(reading.version, "2.0"))
        return TRUST_NO_TYPE;
    enum trust_error error = is_object ? judge(message) : is_array ? TRUST_OK : TRUST_NO_TYPE;
    if (error == TRUST_OK)
        *out_message = *message;
    return error;
}
