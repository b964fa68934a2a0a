/* See face_params.h. */
#include "guard/face/face_params.h"

#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "guard/face/face_agree.h"
#include "wire/json.h"

#define KEYWORD "x-mcp-header"

/* Properties of one object of the schema, and the object among the arguments that they are of. */
struct level {
    struct json_walk properties;
    struct trust_bytes arguments; /* empty: there is none */
};

struct looking {
    const struct face_head *head;
    struct level levels[TRUST_COVER_DEPTH_MAX];
    uint32_t depth;
    uint32_t left; /* properties that may still be looked at */
};

static bool mentions(struct trust_bytes schema)
{
    return schema.size > 0 && memmem(schema.data, schema.size, KEYWORD, strlen(KEYWORD)) != NULL;
}

/* Two raw strings mean one text. */
static bool is_same(struct trust_bytes a, struct trust_bytes b)
{
    uint32_t one = 0;
    uint32_t other = 0;
    for (;;) {
        enum trust_error left = json_take_character(&a, &one);
        enum trust_error right = json_take_character(&b, &other);
        if (left != TRUST_OK || right != TRUST_OK)
            return left == TRUST_NO_FOUND && right == TRUST_NO_FOUND;
        if (one != other)
            return false;
    }
}

/* The member of that raw name; empty: there is none. */
static struct trust_bytes find(struct trust_bytes object, struct trust_bytes name)
{
    struct json_walk walk = json_walk_object(object);
    struct trust_bytes key;
    struct trust_bytes value;
    while (json_next_member(&walk, &key, &value)) {
        if (is_same(key, name))
            return value;
    }
    return (struct trust_bytes){0};
}

/* NULL: the request has none of that name, a JSON string. */
static const struct face_param *find_header(const struct face_head *head, struct trust_bytes name)
{
    for (uint32_t i = 0; i < head->param_count; i++) {
        const struct face_param *param = &head->params[i];
        if (name.size == param->name.size + 2 &&
            strncasecmp((const char *)name.data + 1, (const char *)param->name.data,
                        param->name.size) == 0)
            return param;
    }
    return NULL;
}

static bool agrees(const struct looking *looking, struct trust_bytes name, struct trust_bytes value)
{
    const struct face_param *param = find_header(looking->head, name);
    enum json_kind kind = json_kind(value);
    bool is_there = kind == JSON_KIND_STRING || kind == JSON_KIND_NUMBER || kind == JSON_KIND_BOOL;
    if (!is_there || param == NULL)
        return !is_there && param == NULL;
    return face_agree_value(param->value, value);
}

static void enter(struct looking *looking, struct trust_bytes schema, struct trust_bytes arguments)
{
    struct trust_bytes properties;
    if (looking->depth == TRUST_COVER_DEPTH_MAX || json_kind(schema) != JSON_KIND_OBJECT ||
        json_find(&properties, schema, "properties") != TRUST_OK ||
        json_kind(properties) != JSON_KIND_OBJECT || !mentions(properties))
        return;
    if (json_kind(arguments) != JSON_KIND_OBJECT)
        arguments = (struct trust_bytes){0};
    looking->levels[looking->depth++] =
        (struct level){.properties = json_walk_object(properties), .arguments = arguments};
}

bool face_params_agree(struct trust_bytes schema, struct trust_bytes arguments,
                       const struct face_head *head)
{
    struct looking looking = {.head = head, .left = TRUST_GUARD_PARAM_PROPERTIES_MAX};
    if (!mentions(schema))
        return true;
    enter(&looking, schema, arguments);
    while (looking.depth > 0) {
        struct level *level = &looking.levels[looking.depth - 1];
        struct trust_bytes name;
        struct trust_bytes property;
        struct trust_bytes header;
        if (!json_next_member(&level->properties, &name, &property)) {
            looking.depth--;
            continue;
        }
        if (!mentions(property))
            continue;
        if (looking.left-- == 0)
            return true;
        struct trust_bytes value =
            level->arguments.size == 0 ? (struct trust_bytes){0} : find(level->arguments, name);
        if (json_kind(property) == JSON_KIND_OBJECT &&
            json_find(&header, property, KEYWORD) == TRUST_OK &&
            json_kind(header) == JSON_KIND_STRING && !agrees(&looking, header, value))
            return false;
        enter(&looking, property, value);
    }
    return true;
}
