/* See cover_words.h. */
#include "guard/cover_words.h"

#include "guard/cover_facts.h"

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

const struct cover_word_row *cover_word_find(struct trust_bytes key)
{
    static const struct cover_word_row unknown = {"", COVER_WORD_UNKNOWN, COVER_ALL};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (trust_bytes_equal(key, trust_bytes_text(rows[i].name)))
            return &rows[i];
    return &unknown;
}
