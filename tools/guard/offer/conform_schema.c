/* See conform_schema.h. Parts are nodes in the order in which they are met; a part that is met
 * again, by a $ref in a circle too, is the node that it was. */
#include "guard/offer/conform_schema.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "guard/offer/conform_value.h"
#include "guard/offer/cover_pointer.h"
#include "guard/offer/digest.h"
#include "wire/json.h"
#include "wire/json_text.h"

/* Nodes whose schema was not looked at yet have only that. */
struct builder {
    struct conform *conform;
    struct trust_bytes root;
    struct trust_bytes *schemas;
    size_t node_room, property_room, link_room;
    enum trust_error error;
};

/* ---- memory ---- */

static size_t at_most(size_t count, size_t max)
{
    return count < max ? count : max;
}

/* No part without a brace or an f, no property without a colon or two quotes, no branch without a
 * bracket or a comma: room for as many as there can be. */
static bool make_room(struct builder *builder, struct conform *conform)
{
    size_t counts[256] = {0};
    for (size_t i = 0; i < builder->root.size; i++)
        counts[builder->root.data[i]]++;
    builder->node_room = at_most(counts['{'] + counts['f'], TRUST_CONFORM_NODES_MAX);
    builder->property_room = at_most(counts[':'] + counts['"'] / 2, TRUST_CONFORM_PROPERTIES_MAX);
    builder->link_room = at_most(counts['['] + counts[','], TRUST_CONFORM_NODES_MAX);
    builder->schemas = malloc((builder->node_room + 1) * sizeof *builder->schemas);
    conform->nodes = malloc((builder->node_room + 1) * sizeof *conform->nodes);
    conform->properties = malloc((builder->property_room + 1) * sizeof *conform->properties);
    conform->links = malloc((builder->link_room + 1) * sizeof *conform->links);
    return builder->schemas != NULL && conform->nodes != NULL && conform->properties != NULL &&
           conform->links != NULL;
}

/* What is left over goes back; a table that cannot be made smaller stays. */
static void *shrink(void *table, size_t size)
{
    void *smaller = realloc(table, size == 0 ? 1 : size);
    return smaller == NULL ? table : smaller;
}

static void shrink_all(struct conform *conform)
{
    conform->nodes = shrink(conform->nodes, conform->node_count * sizeof *conform->nodes);
    conform->properties =
        shrink(conform->properties, conform->property_count * sizeof *conform->properties);
    conform->links = shrink(conform->links, conform->link_count * sizeof *conform->links);
}

/* ---- parts ---- */

/* The node of a part; CONFORM_ANY for one that says nothing. */
static uint16_t node_of(struct builder *builder, struct trust_bytes schema)
{
    struct conform *conform = builder->conform;
    if (json_kind(schema) != JSON_KIND_OBJECT &&
        !trust_bytes_equal(schema, trust_bytes_text("false")))
        return CONFORM_ANY;
    for (uint16_t i = 0; i < conform->node_count; i++)
        if (builder->schemas[i].data == schema.data)
            return i;
    if (conform->node_count == builder->node_room) {
        builder->error = TRUST_NO_ROOM;
        return CONFORM_ANY;
    }
    builder->schemas[conform->node_count] = schema;
    return conform->node_count++;
}

static uint16_t link_all(struct builder *builder, struct trust_bytes branches)
{
    struct conform *conform = builder->conform;
    struct json_walk walk = json_walk_array(branches);
    struct trust_bytes branch;
    uint16_t count = 0;
    while (json_next_item(&walk, &branch)) {
        if (conform->link_count == builder->link_room) {
            builder->error = TRUST_NO_ROOM;
            return 0;
        }
        conform->links[conform->link_count++] = node_of(builder, branch);
        count++;
    }
    return count;
}

static struct conform_property *add_property(struct builder *builder, struct conform_node *node,
                                             struct trust_bytes key)
{
    struct conform *conform = builder->conform;
    if (conform->property_count == builder->property_room) {
        builder->error = TRUST_NO_ROOM;
        return NULL;
    }
    struct conform_property *property = &conform->properties[conform->property_count++];
    *property = (struct conform_property){
        .key = key, .node = CONFORM_ANY, .is_plain = conform_value_is_plain(key)};
    node->property_count++;
    return property;
}

static void read_properties(struct builder *builder, struct conform_node *node,
                            struct trust_bytes properties)
{
    struct json_walk walk = json_walk_object(properties);
    struct trust_bytes key, value;
    node->properties = builder->conform->property_count;
    while (json_next_member(&walk, &key, &value)) {
        struct conform_property *property = add_property(builder, node, key);
        if (property == NULL)
            return;
        property->is_named = true;
        property->node = node_of(builder, value);
    }
}

static void require(struct builder *builder, struct conform_node *node, struct trust_bytes key)
{
    const struct conform_property *properties = builder->conform->properties + node->properties;
    uint16_t i = 0;
    while (i < node->property_count && !trust_bytes_equal(properties[i].key, key))
        i++;
    if (i == node->property_count && add_property(builder, node, key) == NULL)
        return;
    if (i < CONFORM_REQUIRED_MAX)
        node->required |= UINT64_C(1) << i;
}

static void read_required(struct builder *builder, struct conform_node *node,
                          struct trust_bytes required)
{
    struct json_walk walk = json_walk_array(required);
    struct trust_bytes name;
    while (builder->error == TRUST_OK && json_next_item(&walk, &name))
        if (json_kind(name) == JSON_KIND_STRING)
            require(builder, node,
                    (struct trust_bytes){.data = name.data + 1, .size = name.size - 2});
}

/* Canonical: short and finite. */
static double number_of(struct trust_bytes value)
{
    char digits[32];
    if (json_kind(value) != JSON_KIND_NUMBER || value.size >= sizeof digits)
        return 0;
    memcpy(digits, value.data, value.size);
    digits[value.size] = '\0';
    return strtod(digits, NULL);
}

/* Keywords that speak of parts. Beside them patternProperties, prefixItems and items as a list
 * take members and items away from what is said of the rest: that is not said then. */
static void read_parts(struct builder *builder, struct conform_node *node,
                       const struct cover_schema *schema)
{
    read_properties(builder, node, cover_schema_word(schema, "properties"));
    read_required(builder, node, cover_schema_word(schema, "required"));
    if (cover_schema_word(schema, "patternProperties").size == 0)
        node->additional = node_of(builder, cover_schema_word(schema, "additionalProperties"));
    if (cover_schema_word(schema, "prefixItems").size == 0)
        node->items = node_of(builder, cover_schema_word(schema, "items"));
    for (uint16_t i = 0; i < node->property_count; i++) {
        struct conform_property *property = &builder->conform->properties[node->properties + i];
        if (!property->is_named)
            property->node = node->additional;
    }
    node->all = builder->conform->link_count;
    node->all_count = link_all(builder, cover_schema_word(schema, "allOf"));
    node->any = builder->conform->link_count;
    if (node->facts.has_other_any) /* else the types are all that it says */
        node->any_count = link_all(builder, cover_schema_word(schema, "anyOf"));
    /* That no second branch accepts it is not looked at. */
    if (node->any_count == 0)
        node->any_count = link_all(builder, cover_schema_word(schema, "oneOf"));
}

static void open_all(struct conform_node *node)
{
    *node =
        (struct conform_node){.additional = CONFORM_ANY, .items = CONFORM_ANY, .ref = CONFORM_ANY};
    node->facts.types = COVER_ALL;
    for (int i = 0; i < COVER_MEASURES; i++)
        node->facts.ranges[i] = (struct cover_range){.low = -HUGE_VAL, .high = HUGE_VAL};
}

/* What stands beside a $ref counted for nothing before 2019: it is not counted here. */
static void read_ref(struct builder *builder, struct conform_node *node, struct trust_bytes ref)
{
    struct trust_bytes target;
    if (json_kind(ref) != JSON_KIND_STRING)
        return;
    struct trust_bytes pointer = {.data = ref.data + 1, .size = ref.size - 2};
    if (cover_pointer_follow(&target, builder->root, pointer))
        node->ref = node_of(builder, target);
}

static void read_node(struct builder *builder, uint16_t index)
{
    struct conform_node *node = &builder->conform->nodes[index];
    struct trust_bytes whole = builder->schemas[index];
    struct cover_schema schema;
    const char *word;
    struct trust_bytes nullable;
    open_all(node);
    if (json_kind(whole) != JSON_KIND_OBJECT) { /* false */
        node->facts.types = 0;
        return;
    }
    cover_schema_read(&schema, whole);
    /* A part with a name of its own is a document of its own for what lies in it. */
    if (schema.id.size > 0 && index > 0)
        return;
    struct trust_bytes ref = cover_schema_word(&schema, "$ref");
    if (ref.size > 0) {
        read_ref(builder, node, ref);
        return;
    }
    struct cover_facts facts;
    if (cover_facts_read(&facts, &word, &schema) != TRUST_OK)
        return;
    node->facts = facts;
    /* No keyword of JSON Schema, but OpenAPI's, and validators that clients use know it. */
    if (json_find(&nullable, whole, "nullable") == TRUST_OK &&
        trust_bytes_equal(nullable, trust_bytes_text("true")))
        node->facts.types |= COVER_NULL;
    node->multiple_of = number_of(cover_schema_word(&schema, "multipleOf"));
    read_parts(builder, node, &schema);
}

static enum trust_error build(struct conform *conform, struct trust_bytes root)
{
    struct builder builder = {.conform = conform, .root = root, .error = TRUST_OK};
    if (!make_room(&builder, conform))
        builder.error = TRUST_FAIL_MEMORY;
    else
        (void)node_of(&builder, root);
    for (uint16_t i = 0; builder.error == TRUST_OK && i < conform->node_count; i++)
        read_node(&builder, i);
    free(builder.schemas);
    return builder.error;
}

enum trust_error conform_new(struct conform **out_conform, struct trust_bytes schema)
{
    size_t size = 0;
    if (schema.size > TRUST_CONFORM_SCHEMA_SIZE_MAX)
        return TRUST_NO_ROOM;
    struct conform *conform = calloc(1, sizeof *conform);
    if (conform == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = digest_canonical(&conform->text, &size, schema);
    if (error == TRUST_OK)
        error = build(conform, (struct trust_bytes){.data = conform->text, .size = size});
    if (error != TRUST_OK) {
        conform_free(conform);
        return error;
    }
    shrink_all(conform);
    *out_conform = conform;
    return TRUST_OK;
}

void conform_free(struct conform *conform)
{
    if (conform == NULL)
        return;
    free(conform->text);
    free(conform->nodes);
    free(conform->properties);
    free(conform->links);
    free(conform);
}
