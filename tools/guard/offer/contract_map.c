/* See contract_map.h. */
#include "guard/offer/contract_map.h"

#include <stdlib.h>

#include "base/limits.h"
#include "wire/json.h"

struct map {
    const struct trust_group_pairs *pairs;
    struct trust_writer *writer;
    char *text; /* decoded names of the arguments, one behind the other */
    size_t room;
    struct trust_bytes names[TRUST_MAP_ARGUMENTS_MAX]; /* already written */
    size_t count;
};

size_t contract_map_room(const struct trust_group_pairs *pairs, struct trust_bytes arguments)
{
    /* A name of the map has up to six bytes for one of its own; commas, quotes and colons. */
    size_t room = 2 * arguments.size + 16;
    for (size_t i = 0; i < pairs->count; i++)
        room += 6 * strlen(pairs->pairs[i].name) + 6 * strlen(pairs->pairs[i].value) + 16;
    return room;
}

static const struct trust_group_pair *find_pair(const struct map *map, struct trust_bytes name)
{
    for (size_t i = 0; i < map->pairs->count; i++)
        if (trust_bytes_equal(trust_bytes_text(map->pairs->pairs[i].name), name))
            return &map->pairs->pairs[i];
    return NULL;
}

/* A name is written once. */
static bool put(struct map *map, struct trust_bytes name, struct trust_bytes value)
{
    for (size_t i = 0; i < map->count; i++)
        if (trust_bytes_equal(map->names[i], name))
            return false;
    if (map->count == TRUST_MAP_ARGUMENTS_MAX)
        return false;
    if (map->count > 0)
        trust_writer_put(map->writer, trust_bytes_text(","));
    map->names[map->count++] = name;
    json_put_string(map->writer, name);
    trust_writer_put(map->writer, trust_bytes_text(":"));
    trust_writer_put(map->writer, value);
    return true;
}

static bool put_argument(struct map *map, struct trust_bytes key, struct trust_bytes value)
{
    /* The key with its quotes is a string of JSON. */
    struct trust_bytes quoted = {.data = key.data - 1, .size = key.size + 2};
    size_t size = 0;
    if (json_string_copy(map->text, map->room, &size, quoted) != TRUST_OK)
        return false;
    struct trust_bytes name = {.data = (const uint8_t *)map->text, .size = size};
    map->text += size;
    map->room -= size;
    const struct trust_group_pair *pair = find_pair(map, name);
    if (pair == NULL)
        return put(map, name, value);
    if (pair->value[0] == '=' || strcmp(pair->value, "-") == 0)
        return true;
    return put(map, trust_bytes_text(pair->value), value);
}

static bool put_constants(struct map *map)
{
    for (size_t i = 0; i < map->pairs->count; i++) {
        const struct trust_group_pair *pair = &map->pairs->pairs[i];
        if (pair->value[0] != '=')
            continue;
        struct trust_bytes value = trust_bytes_text(pair->value + 1);
        if (json_check(value) != TRUST_OK || !put(map, trust_bytes_text(pair->name), value))
            return false;
    }
    return true;
}

enum trust_error contract_map_write(struct trust_writer *writer,
                                    const struct trust_group_pairs *pairs,
                                    struct trust_bytes arguments)
{
    struct map map = {.pairs = pairs, .writer = writer, .room = arguments.size};
    struct trust_bytes key, value;
    if (arguments.size == 0)
        arguments = trust_bytes_text("{}");
    char *text = malloc(arguments.size);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    map.text = text;
    trust_writer_put(writer, trust_bytes_text("{"));
    struct json_walk walk = json_walk_object(arguments);
    bool fits = true;
    while (fits && json_next_member(&walk, &key, &value))
        fits = put_argument(&map, key, value);
    fits = fits && walk.error == TRUST_OK && put_constants(&map);
    trust_writer_put(writer, trust_bytes_text("}"));
    free(text);
    return fits ? TRUST_OK : TRUST_NO_RANGE;
}
