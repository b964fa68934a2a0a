/* See manifest.h. Pages are copied whole and never move, so that spans into them stay good. */
#include "guard/offer/manifest.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/limits.h"
#include "wire/json.h"

struct block {
    struct block *next;
    uint8_t bytes[];
};

struct digests {
    uint8_t (*items)[DIGEST_SIZE];
    size_t count;
    size_t capacity;
};

struct manifest {
    struct block *blocks;
    size_t size; /* of what was handed in */
    struct trust_bytes server;
    struct manifest_tool *tools;
    size_t count;
    size_t capacity;
    struct digests lists[MANIFEST_LISTS]; /* of prompts and templates; that of tools is empty */
    struct manifest_extras extras;
    uint8_t digest[DIGEST_SIZE];
    bool is_finished;
};

static const char *const tool_members[] = {
    "name", "title", "description", "inputSchema", "outputSchema", "annotations", NULL};
static const char *const prompt_members[] = {"name", "title", "description", "arguments", NULL};
static const char *const template_members[] = {"uriTemplate", "name",     "title",
                                               "description", "mimeType", NULL};

/* What has no canonical form is told apart by its bytes. */
#define RAW_PURPOSE "repute-pin-raw-v1"

static const struct {
    const char *member; /* of the page */
    const char *name;   /* of an item */
    const char *purpose;
    const char *const *members;
    const char *set_purpose;
} lists[MANIFEST_LISTS] = {
    [MANIFEST_TOOLS] = {"tools", "name", "repute-pin-tool-v1", tool_members, ""},
    [MANIFEST_PROMPTS] = {"prompts", "name", "repute-pin-prompt-v1", prompt_members,
                          "repute-pin-prompts-v1"},
    [MANIFEST_TEMPLATES] = {"resourceTemplates", "uriTemplate", "repute-pin-template-v1",
                            template_members, "repute-pin-templates-v1"},
};

enum trust_error manifest_new(struct manifest **out_manifest)
{
    struct manifest *manifest = calloc(1, sizeof *manifest);
    if (manifest == NULL)
        return TRUST_FAIL_MEMORY;
    *out_manifest = manifest;
    return TRUST_OK;
}

void manifest_free(struct manifest *manifest)
{
    if (manifest == NULL)
        return;
    struct block *block = manifest->blocks;
    while (block != NULL) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    for (size_t i = 0; i < MANIFEST_LISTS; i++)
        free(manifest->lists[i].items);
    free(manifest->tools);
    free(manifest);
}

/* size bytes that stay where they are; NULL: no memory. */
static uint8_t *room_of(struct manifest *manifest, size_t size)
{
    struct block *block = malloc(sizeof *block + size + 1);
    if (block == NULL)
        return NULL;
    block->next = manifest->blocks;
    manifest->blocks = block;
    return block->bytes;
}

/* A checked copy of foreign bytes. */
static enum trust_error keep(struct manifest *manifest, struct trust_bytes *out_value,
                             struct trust_bytes value)
{
    assert(!manifest->is_finished);
    if (value.size > TRUST_MANIFEST_SIZE_MAX - manifest->size)
        return TRUST_NO_SIZE;
    enum trust_error error = json_check(value);
    if (error != TRUST_OK)
        return error;
    value = json_trim(value);
    if (json_kind(value) != JSON_KIND_OBJECT)
        return TRUST_NO_TYPE;
    uint8_t *bytes = room_of(manifest, value.size);
    if (bytes == NULL)
        return TRUST_FAIL_MEMORY;
    memcpy(bytes, value.data, value.size);
    manifest->size += value.size;
    *out_value = (struct trust_bytes){.data = bytes, .size = value.size};
    return TRUST_OK;
}

enum trust_error manifest_set_server(struct manifest *manifest, struct trust_bytes result)
{
    static const char *const once[] = {"protocolVersion", "serverInfo", "instructions", "_meta",
                                       NULL};
    struct trust_bytes server, value;
    enum trust_error error = keep(manifest, &server, result);
    if (error != TRUST_OK)
        return error;
    error = json_find(&value, server, "capabilities");
    if (error != TRUST_OK)
        return error == TRUST_NO_FOUND ? TRUST_NO_TYPE : error;
    if (json_kind(value) != JSON_KIND_OBJECT)
        return TRUST_NO_TYPE;
    for (size_t i = 0; once[i] != NULL; i++) {
        error = json_find(&value, server, once[i]);
        if (error != TRUST_OK && error != TRUST_NO_FOUND)
            return error;
    }
    manifest->server = server;
    return TRUST_OK;
}

/* ---- tools ---- */

static bool hint(struct trust_bytes annotations, const char *name, bool otherwise)
{
    struct trust_bytes value;
    bool is_true = otherwise;
    if (json_kind(annotations) != JSON_KIND_OBJECT ||
        json_find(&value, annotations, name) != TRUST_OK || json_bool(&is_true, value) != TRUST_OK)
        return otherwise;
    return is_true;
}

static struct trust_bytes member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    return json_find(&value, object, name) == TRUST_OK ? value : (struct trust_bytes){0};
}

/* False: it has none, or none that can be read. */
static bool read_name(struct manifest *manifest, struct trust_bytes *out_name,
                      struct trust_bytes item, enum trust_error *out_error)
{
    struct trust_bytes raw = member(item, "name");
    if (json_kind(raw) != JSON_KIND_STRING)
        return false;
    uint8_t *name = room_of(manifest, raw.size);
    if (name == NULL) {
        *out_error = TRUST_FAIL_MEMORY;
        return false;
    }
    size_t size = 0;
    if (json_string_copy((char *)name, raw.size, &size, raw) != TRUST_OK || size == 0)
        return false;
    *out_name = (struct trust_bytes){.data = name, .size = size};
    return true;
}

static enum trust_error grow(void **array, size_t *capacity, size_t count, size_t item_size)
{
    if (count < *capacity)
        return TRUST_OK;
    size_t more = *capacity == 0 ? 16 : 2 * *capacity;
    void *larger = realloc(*array, more * item_size);
    if (larger == NULL)
        return TRUST_FAIL_MEMORY;
    *array = larger;
    *capacity = more;
    return TRUST_OK;
}

static enum trust_error hash_item(uint8_t out_digest[DIGEST_SIZE], bool *out_is_bad,
                                  enum manifest_list list, struct trust_bytes item)
{
    enum trust_error error =
        digest_members(out_digest, lists[list].purpose, item, lists[list].members);
    if (error < TRUST_OK)
        return error;
    *out_is_bad = error != TRUST_OK;
    if (*out_is_bad)
        digest_bytes(out_digest, RAW_PURPOSE, item);
    return TRUST_OK;
}

static bool is_plain(struct trust_bytes name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] < ' ' || name.data[i] == 0x7f)
            return false;
    return name.size <= TRUST_TOOL_NAME_SIZE_MAX;
}

/* item lies in a block. */
static enum trust_error add_tool(struct manifest *manifest, struct trust_bytes item)
{
    struct manifest_tool tool = {.definition = item};
    size_t other = 0;
    enum trust_error error = TRUST_OK;
    if (!read_name(manifest, &tool.name, item, &error))
        return error;
    error = hash_item(tool.digest, &tool.is_bad, MANIFEST_TOOLS, item);
    if (error != TRUST_OK)
        return error;
    tool.is_bad = tool.is_bad || !is_plain(tool.name);
    if (manifest_find(manifest, &other, tool.name)) {
        /* Of two with one name nobody can say which is called. */
        manifest->tools[other].is_bad = true;
        return TRUST_OK;
    }
    struct trust_bytes annotations = member(item, "annotations");
    tool.input_schema = member(item, "inputSchema");
    tool.hints = (struct manifest_hints){
        .is_read_only = hint(annotations, "readOnlyHint", false),
        .is_idempotent = hint(annotations, "idempotentHint", false),
        .is_destructive = hint(annotations, "destructiveHint", true),
        .is_open_world = hint(annotations, "openWorldHint", true),
    };
    if (manifest->count == TRUST_MANIFEST_ITEMS_MAX)
        return TRUST_NO_ROOM;
    void *tools = manifest->tools;
    error = grow(&tools, &manifest->capacity, manifest->count, sizeof tool);
    manifest->tools = tools;
    if (error == TRUST_OK)
        manifest->tools[manifest->count++] = tool;
    return error;
}

static enum trust_error add_other(struct manifest *manifest, enum manifest_list list,
                                  struct trust_bytes item)
{
    struct digests *digests = &manifest->lists[list];
    bool is_bad = false;
    if (digests->count == TRUST_MANIFEST_ITEMS_MAX)
        return TRUST_NO_ROOM;
    void *items = digests->items;
    enum trust_error error = grow(&items, &digests->capacity, digests->count, DIGEST_SIZE);
    digests->items = items;
    if (error == TRUST_OK)
        error = hash_item(digests->items[digests->count], &is_bad, list, item);
    if (error == TRUST_OK)
        digests->count++;
    return error;
}

static enum trust_error add_item(struct manifest *manifest, enum manifest_list list,
                                 struct trust_bytes item)
{
    if (json_kind(item) != JSON_KIND_OBJECT ||
        json_kind(member(item, lists[list].name)) != JSON_KIND_STRING)
        return TRUST_OK;
    return list == MANIFEST_TOOLS ? add_tool(manifest, item) : add_other(manifest, list, item);
}

enum trust_error manifest_add_page(struct manifest *manifest, enum manifest_list list,
                                   struct trust_bytes result)
{
    struct trust_bytes page, items, item;
    enum trust_error error = keep(manifest, &page, result);
    if (error == TRUST_OK)
        error = json_find(&items, page, lists[list].member);
    if (error != TRUST_OK)
        return error == TRUST_NO_FOUND ? TRUST_NO_TYPE : error;
    struct json_walk walk = json_walk_array(items);
    while (error == TRUST_OK && json_next_item(&walk, &item))
        error = add_item(manifest, list, item);
    return error == TRUST_OK ? walk.error : error;
}

enum trust_error manifest_add_tool(struct manifest *manifest, struct trust_bytes definition)
{
    struct trust_bytes kept;
    enum trust_error error = keep(manifest, &kept, definition);
    return error == TRUST_OK ? add_item(manifest, MANIFEST_TOOLS, kept) : error;
}

/* ---- digests ---- */

void manifest_hash(uint8_t out_digest[DIGEST_SIZE], uint8_t (*tools)[DIGEST_SIZE], size_t count,
                   const struct manifest_extras *extras)
{
    static_assert(sizeof *extras == 3 * DIGEST_SIZE, "nothing but the digests is hashed");
    digest_set(out_digest, "repute-manifest-v1", tools, count,
               (struct trust_bytes){.data = (const uint8_t *)extras, .size = sizeof *extras});
}

static void hash_instructions(struct manifest *manifest)
{
    static const char *const members[] = {"instructions", NULL};
    uint8_t *out_digest = manifest->extras.instructions;
    struct trust_bytes server = manifest->server;
    if (server.size == 0)
        server = trust_bytes_text("{}");
    if (digest_members(out_digest, "repute-pin-instructions-v1", server, members) != TRUST_OK)
        digest_bytes(out_digest, RAW_PURPOSE, member(server, "instructions"));
}

void manifest_finish(struct manifest *manifest)
{
    struct digests *prompts = &manifest->lists[MANIFEST_PROMPTS];
    struct digests *templates = &manifest->lists[MANIFEST_TEMPLATES];
    uint8_t tools[TRUST_MANIFEST_ITEMS_MAX][DIGEST_SIZE];
    hash_instructions(manifest);
    digest_set(manifest->extras.prompts, lists[MANIFEST_PROMPTS].set_purpose, prompts->items,
               prompts->count, (struct trust_bytes){0});
    digest_set(manifest->extras.templates, lists[MANIFEST_TEMPLATES].set_purpose, templates->items,
               templates->count, (struct trust_bytes){0});
    for (size_t i = 0; i < manifest->count; i++)
        memcpy(tools[i], manifest->tools[i].digest, DIGEST_SIZE);
    manifest_hash(manifest->digest, tools, manifest->count, &manifest->extras);
    manifest->is_finished = true;
}

/* ---- reading ---- */

size_t manifest_count(const struct manifest *manifest)
{
    return manifest->count;
}

const struct manifest_tool *manifest_at(const struct manifest *manifest, size_t index)
{
    assert(index < manifest->count);
    return &manifest->tools[index];
}

bool manifest_find(const struct manifest *manifest, size_t *out_index, struct trust_bytes name)
{
    for (size_t i = 0; i < manifest->count; i++) {
        if (trust_bytes_equal(manifest->tools[i].name, name)) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

struct trust_bytes manifest_server(const struct manifest *manifest)
{
    return manifest->server;
}

bool manifest_lists(const struct manifest *manifest, enum manifest_list list)
{
    return manifest->lists[list].count > 0;
}

static bool has_item(const struct manifest *manifest, enum manifest_list list,
                     struct trust_bytes item)
{
    const struct digests *digests = &manifest->lists[list];
    uint8_t digest[DIGEST_SIZE];
    bool is_bad = false;
    if (json_kind(item) != JSON_KIND_OBJECT || hash_item(digest, &is_bad, list, item) != TRUST_OK)
        return false;
    for (size_t i = 0; i < digests->count; i++)
        if (memcmp(digests->items[i], digest, DIGEST_SIZE) == 0)
            return true;
    return false;
}

bool manifest_has_page(const struct manifest *manifest, enum manifest_list list,
                       struct trust_bytes result)
{
    struct trust_bytes items, item;
    assert(list != MANIFEST_TOOLS);
    if (json_kind(result) != JSON_KIND_OBJECT ||
        json_find(&items, result, lists[list].member) != TRUST_OK ||
        json_kind(items) != JSON_KIND_ARRAY)
        return false;
    struct json_walk walk = json_walk_array(items);
    while (json_next_item(&walk, &item))
        if (!has_item(manifest, list, item))
            return false;
    return walk.error == TRUST_OK;
}

const struct manifest_extras *manifest_extras(const struct manifest *manifest)
{
    return &manifest->extras;
}

const uint8_t *manifest_digest(const struct manifest *manifest)
{
    assert(manifest->is_finished);
    return manifest->digest;
}
