/* See cover_words.h. */
#include "guard/offer/cover_words.h"

#include "base/assert.h"
#include "guard/offer/cover_facts.h"
#include "wire/json.h"

static const struct cover_word_row rows[] = {
    {"$anchor", COVER_WORD_NOTE, COVER_ALL},
    {"$comment", COVER_WORD_NOTE, COVER_ALL},
    {"$defs", COVER_WORD_NOTE, COVER_ALL},
    {"$dynamicRef", COVER_WORD_NARROWS, COVER_ALL},
    {"$recursiveRef", COVER_WORD_NARROWS, COVER_ALL},
    {"$ref", COVER_WORD_COMPARED, COVER_ALL},
    {"$schema", COVER_WORD_NOTE, COVER_ALL},
    {"additionalItems", COVER_WORD_NARROWS, COVER_ARRAY},
    {"additionalProperties", COVER_WORD_COMPARED, COVER_OBJECT},
    {"allOf", COVER_WORD_SAME, COVER_ALL},
    {"anyOf", COVER_WORD_COMPARED, COVER_ALL},
    {"const", COVER_WORD_COMPARED, COVER_ALL},
    {"contains", COVER_WORD_NARROWS, COVER_ARRAY},
    {"contentEncoding", COVER_WORD_SAME, COVER_STRING},
    {"contentMediaType", COVER_WORD_SAME, COVER_STRING},
    {"contentSchema", COVER_WORD_SAME, COVER_STRING},
    {"default", COVER_WORD_NOTE, COVER_ALL},
    {"definitions", COVER_WORD_NOTE, COVER_ALL},
    {"dependencies", COVER_WORD_SAME, COVER_OBJECT},
    {"dependentRequired", COVER_WORD_SAME, COVER_OBJECT},
    {"dependentSchemas", COVER_WORD_SAME, COVER_OBJECT},
    {"deprecated", COVER_WORD_NOTE, COVER_ALL},
    {"description", COVER_WORD_NOTE, COVER_ALL},
    {"else", COVER_WORD_NARROWS, COVER_ALL},
    {"enum", COVER_WORD_COMPARED, COVER_ALL},
    {"example", COVER_WORD_NOTE, COVER_ALL},
    {"examples", COVER_WORD_NOTE, COVER_ALL},
    {"exclusiveMaximum", COVER_WORD_COMPARED, COVER_NUMBER},
    {"exclusiveMinimum", COVER_WORD_COMPARED, COVER_NUMBER},
    {"format", COVER_WORD_SAME, COVER_ALL},
    {"if", COVER_WORD_NARROWS, COVER_ALL},
    {"items", COVER_WORD_COMPARED, COVER_ARRAY},
    {"maxContains", COVER_WORD_NARROWS, COVER_ARRAY},
    {"maxItems", COVER_WORD_COMPARED, COVER_ARRAY},
    {"maxLength", COVER_WORD_COMPARED, COVER_STRING},
    {"maxProperties", COVER_WORD_COMPARED, COVER_OBJECT},
    {"maximum", COVER_WORD_COMPARED, COVER_NUMBER},
    {"minItems", COVER_WORD_COMPARED, COVER_ARRAY},
    {"minLength", COVER_WORD_COMPARED, COVER_STRING},
    {"minProperties", COVER_WORD_COMPARED, COVER_OBJECT},
    {"minimum", COVER_WORD_COMPARED, COVER_NUMBER},
    {"multipleOf", COVER_WORD_COMPARED, COVER_NUMBER},
    {"not", COVER_WORD_SAME, COVER_ALL},
    {"oneOf", COVER_WORD_SAME, COVER_ALL},
    {"pattern", COVER_WORD_SAME, COVER_STRING},
    {"patternProperties", COVER_WORD_SAME, COVER_OBJECT},
    {"prefixItems", COVER_WORD_SAME, COVER_ARRAY},
    {"properties", COVER_WORD_COMPARED, COVER_OBJECT},
    {"propertyNames", COVER_WORD_SAME, COVER_OBJECT},
    {"readOnly", COVER_WORD_NOTE, COVER_ALL},
    {"required", COVER_WORD_COMPARED, COVER_OBJECT},
    {"then", COVER_WORD_NARROWS, COVER_ALL},
    {"title", COVER_WORD_NOTE, COVER_ALL},
    {"type", COVER_WORD_COMPARED, COVER_ALL},
    {"unevaluatedItems", COVER_WORD_NARROWS, COVER_ARRAY},
    {"unevaluatedProperties", COVER_WORD_NARROWS, COVER_OBJECT},
    {"uniqueItems", COVER_WORD_COMPARED, COVER_ARRAY},
    {"writeOnly", COVER_WORD_NOTE, COVER_ALL},
};

static_assert(sizeof rows / sizeof *rows == COVER_WORDS, "every row has its place in a schema");

static const struct cover_word_row unknown_row = {"", COVER_WORD_UNKNOWN, COVER_ALL};

const struct cover_word_row *cover_word_find(struct trust_bytes key)
{
    for (size_t i = 0; i < COVER_WORDS; i++)
        if (trust_bytes_equal(key, trust_bytes_text(rows[i].name)))
            return &rows[i];
    return &unknown_row;
}

const struct cover_word_row *cover_word_at(size_t index)
{
    assert(index < COVER_WORDS);
    return &rows[index];
}

void cover_schema_read(struct cover_schema *out_schema, struct trust_bytes schema)
{
    struct json_walk walk = json_walk_object(schema);
    struct trust_bytes key, value;
    *out_schema = (struct cover_schema){.whole = schema};
    while (json_next_member(&walk, &key, &value)) {
        const struct cover_word_row *row = cover_word_find(key);
        if (row != &unknown_row)
            out_schema->words[row - rows] = value;
        else if (trust_bytes_equal(key, trust_bytes_text("$id")))
            out_schema->id = value;
        else if (out_schema->unknown.data == NULL)
            out_schema->unknown = key;
    }
}

struct trust_bytes cover_schema_word(const struct cover_schema *schema, const char *name)
{
    const struct cover_word_row *row = cover_word_find(trust_bytes_text(name));
    assert(row != &unknown_row);
    return schema->words[row - rows];
}
