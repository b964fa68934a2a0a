/* See params.h. The schema is walked with a stack of our own: each frame is one JSON object or
 * array that holds schemas, so it is never deeper than the text itself. */
#include "guard/http/params.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/limits.h"
#include "wire/json.h"

#define MARK "x-mcp-header"
/* Names and paths of one tool. */
#define TEXT_SIZE_MAX 8192u
#define KEY_SIZE_MAX 512u

enum place {
    PLACE_NONE,   /* data: not walked */
    PLACE_SCHEMA, /* an object that is a schema */
    PLACE_MAP,    /* its members are schemas */
    PLACE_LIST,   /* its items are */
};

/* Words of a schema that hold schemas. What is behind any but properties is not reached by keys
 * alone, so that nothing there may be marked. */
static const struct {
    const char *word;
    enum place place;
} words[] = {
    {"properties", PLACE_MAP},
    {"patternProperties", PLACE_MAP},
    {"$defs", PLACE_MAP},
    {"definitions", PLACE_MAP},
    {"dependentSchemas", PLACE_MAP},
    {"dependencies", PLACE_MAP},
    {"allOf", PLACE_LIST},
    {"anyOf", PLACE_LIST},
    {"oneOf", PLACE_LIST},
    {"prefixItems", PLACE_LIST},
    {"items", PLACE_SCHEMA}, /* or a list of them */
    {"additionalItems", PLACE_SCHEMA},
    {"additionalProperties", PLACE_SCHEMA},
    {"unevaluatedItems", PLACE_SCHEMA},
    {"unevaluatedProperties", PLACE_SCHEMA},
    {"propertyNames", PLACE_SCHEMA},
    {"contains", PLACE_SCHEMA},
    {"contentSchema", PLACE_SCHEMA},
    {"not", PLACE_SCHEMA},
    {"if", PLACE_SCHEMA},
    {"then", PLACE_SCHEMA},
    {"else", PLACE_SCHEMA},
};

struct frame {
    enum place place;
    struct json_walk walk;
    struct trust_bytes schema; /* SCHEMA */
    bool is_reached;           /* by keys alone */
    uint32_t depth;            /* of the path to it */
    size_t path_size;
};

struct reader {
    struct frame frames[TRUST_WIRE_DEPTH_MAX + 1];
    uint32_t frame_count;
    char path[TEXT_SIZE_MAX];
    char text[TEXT_SIZE_MAX];
    size_t text_size;
    struct param items[TRUST_GUARD_PARAM_HEADERS_MAX]; /* as offsets, until they are copied */
    size_t names[TRUST_GUARD_PARAM_HEADERS_MAX];
    size_t paths[TRUST_GUARD_PARAM_HEADERS_MAX];
    uint32_t count;
    const char *why; /* NULL: nothing is wrong */
};

/* ---- one mark ---- */

static bool is_token(const char *text, size_t size)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < size; i++) {
        bool is_letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (!is_letter && !is_digit && (text[i] == '\0' || strchr(others, text[i]) == NULL))
            return false;
    }
    return size > 0;
}

static bool is_primitive(struct trust_bytes type)
{
    return json_is_string(type, "string") || json_is_string(type, "integer") ||
           json_is_string(type, "boolean");
}

/* A type that null may stand for is one still: it is left out then. */
static bool has_primitive_type(struct trust_bytes schema)
{
    struct trust_bytes type, item;
    bool has_some = false;
    if (json_find(&type, schema, "type") != TRUST_OK)
        return false;
    if (json_kind(type) != JSON_KIND_ARRAY)
        return is_primitive(type);
    struct json_walk walk = json_walk_array(type);
    while (json_next_item(&walk, &item)) {
        if (!is_primitive(item) && !json_is_string(item, "null"))
            return false;
        has_some = has_some || is_primitive(item);
    }
    return has_some;
}

static bool is_taken(const struct reader *reader, const char *name)
{
    for (uint32_t i = 0; i < reader->count; i++) {
        if (strcasecmp(reader->text + reader->names[i], name) == 0)
            return true;
    }
    return false;
}

static const char *fault_of(const struct reader *reader, const struct frame *frame,
                            const char *name, size_t size)
{
    if (!frame->is_reached || frame->depth == 0)
        return "stands where no property is reached by its keys alone";
    if (!is_token(name, size))
        return "is no name that a header can have";
    if (!has_primitive_type(frame->schema))
        return "marks something else than a string, an integer or a boolean";
    if (is_taken(reader, name))
        return "is there twice";
    if (reader->count == TRUST_GUARD_PARAM_HEADERS_MAX ||
        size + 1 + frame->path_size > TEXT_SIZE_MAX - reader->text_size)
        return "is there too often";
    return NULL;
}

static void take_mark(struct reader *reader, const struct frame *frame, struct trust_bytes value)
{
    char name[PARAMS_NAME_SIZE_MAX + 1];
    size_t size = 0;
    if (json_string_copy(name, PARAMS_NAME_SIZE_MAX, &size, value) != TRUST_OK) {
        reader->why = "is no name that a header can have";
        return;
    }
    name[size] = '\0';
    reader->why = fault_of(reader, frame, name, size);
    if (reader->why != NULL)
        return;
    reader->names[reader->count] = reader->text_size;
    memcpy(reader->text + reader->text_size, name, size + 1);
    reader->text_size += size + 1;
    reader->paths[reader->count] = reader->text_size;
    memcpy(reader->text + reader->text_size, reader->path, frame->path_size);
    reader->text_size += frame->path_size;
    reader->items[reader->count++].depth = frame->depth;
}

/* ---- the walk ---- */

static void push(struct reader *reader, const struct frame *frame, struct trust_bytes value)
{
    /* An object is a schema or a map of them, an array a list of them; anything else is none. */
    enum json_kind kind = json_kind(value);
    bool is_list = kind == JSON_KIND_ARRAY && frame->place != PLACE_MAP;
    bool is_object = kind == JSON_KIND_OBJECT && frame->place != PLACE_LIST;
    if (!is_list && !is_object)
        return;
    assert(reader->frame_count <= TRUST_WIRE_DEPTH_MAX);
    struct frame *next = &reader->frames[reader->frame_count++];
    *next = *frame;
    next->place = is_list ? PLACE_LIST : frame->place;
    next->schema = value;
    next->walk = is_list ? json_walk_array(value) : json_walk_object(value);
}

static void take_word(struct reader *reader, const struct frame *frame, struct trust_bytes key,
                      struct trust_bytes value)
{
    if (json_raw_is(key, MARK)) {
        take_mark(reader, frame, value);
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!json_raw_is(key, words[i].word))
            continue;
        struct frame inner = *frame;
        inner.place = words[i].place;
        inner.is_reached = frame->is_reached && i == 0;
        push(reader, &inner, value);
        return;
    }
}

/* The schema of one property. A key that is too long to be kept, or holds a NUL, is not followed.
 */
static void take_property(struct reader *reader, const struct frame *frame, struct trust_bytes key,
                          struct trust_bytes value)
{
    char text[KEY_SIZE_MAX];
    size_t size = 0;
    struct trust_bytes quoted = {.data = key.data - 1, .size = key.size + 2};
    struct frame inner = *frame;
    inner.place = PLACE_SCHEMA;
    bool is_kept = json_string_copy(text, sizeof text - 1, &size, quoted) == TRUST_OK &&
                   memchr(text, '\0', size) == NULL &&
                   size + 1 <= sizeof reader->path - frame->path_size;
    if (frame->is_reached && is_kept) {
        memcpy(reader->path + frame->path_size, text, size);
        reader->path[frame->path_size + size] = '\0';
        inner.path_size += size + 1;
        inner.depth++;
    }
    inner.is_reached = frame->is_reached && is_kept;
    push(reader, &inner, value);
}

/* One step of the innermost frame. */
static void step(struct reader *reader)
{
    struct frame *top = &reader->frames[reader->frame_count - 1];
    const struct frame frame = *top;
    struct trust_bytes key, value;
    bool is_list = frame.place == PLACE_LIST;
    bool has_more =
        is_list ? json_next_item(&top->walk, &value) : json_next_member(&top->walk, &key, &value);
    if (!has_more) {
        reader->frame_count--;
        return;
    }
    if (is_list) {
        struct frame inner = frame;
        inner.place = PLACE_SCHEMA;
        inner.is_reached = false;
        push(reader, &inner, value);
    } else if (frame.place == PLACE_MAP) {
        take_property(reader, &frame, key, value);
    } else {
        take_word(reader, &frame, key, value);
    }
}

/* ---- the result ---- */

static enum trust_error hand_out(struct params *out_params, const struct reader *reader)
{
    if (reader->count == 0) {
        *out_params = (struct params){0};
        return TRUST_OK;
    }
    struct params params = {.items = malloc(reader->count * sizeof *params.items),
                            .text = malloc(reader->text_size),
                            .count = reader->count};
    if (params.items == NULL || params.text == NULL) {
        params_close(&params);
        return TRUST_FAIL_MEMORY;
    }
    memcpy(params.text, reader->text, reader->text_size);
    for (uint32_t i = 0; i < reader->count; i++)
        params.items[i] = (struct param){.name = params.text + reader->names[i],
                                         .path = params.text + reader->paths[i],
                                         .depth = reader->items[i].depth};
    *out_params = params;
    return TRUST_OK;
}

enum trust_error params_read(struct params *out_params, const char **out_why,
                             struct trust_bytes schema)
{
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return TRUST_FAIL_MEMORY;
    const struct frame root = {.place = PLACE_SCHEMA, .is_reached = true};
    if (json_kind(schema) == JSON_KIND_OBJECT)
        push(reader, &root, schema);
    while (reader->frame_count > 0 && reader->why == NULL)
        step(reader);
    enum trust_error error = reader->why != NULL ? TRUST_NO_SYNTAX : hand_out(out_params, reader);
    if (reader->why != NULL)
        *out_why = reader->why;
    free(reader);
    return error;
}

void params_close(struct params *params)
{
    free(params->items);
    free(params->text);
    *params = (struct params){0};
}

/* The member whose key means text; empty: none, or more than one. */
static struct trust_bytes member(struct trust_bytes object, const char *text)
{
    char name[KEY_SIZE_MAX];
    size_t size = 0;
    struct trust_bytes key, value, found = {0};
    struct json_walk walk = json_walk_object(object);
    while (json_next_member(&walk, &key, &value)) {
        struct trust_bytes quoted = {.data = key.data - 1, .size = key.size + 2};
        if (json_string_copy(name, sizeof name, &size, quoted) != TRUST_OK ||
            size != strlen(text) || memcmp(name, text, size) != 0)
            continue;
        if (found.size > 0)
            return (struct trust_bytes){0};
        found = value;
    }
    return found;
}

struct trust_bytes params_value(const struct param *param, struct trust_bytes arguments)
{
    const char *key = param->path;
    struct trust_bytes value = arguments;
    for (uint32_t i = 0; i < param->depth && value.size > 0; i++) {
        value = member(value, key);
        key += strlen(key) + 1;
    }
    return json_kind(value) == JSON_KIND_NULL ? (struct trust_bytes){0} : value;
}
