/* See cover_facts.h. */
#include "guard/offer/cover_facts.h"

#include <math.h>
#include <stdlib.h>

#include "wire/json.h"

/* The longest canonical number has 25 characters. */
#define NUMBER_SIZE 32

static const struct {
    const char *word;
    enum cover_measure measure;
    bool is_low;
    bool is_open;
} bounds[] = {
    {"minimum", COVER_OF_NUMBER, true, false},
    {"exclusiveMinimum", COVER_OF_NUMBER, true, true},
    {"maximum", COVER_OF_NUMBER, false, false},
    {"exclusiveMaximum", COVER_OF_NUMBER, false, true},
    {"minLength", COVER_OF_STRING, true, false},
    {"maxLength", COVER_OF_STRING, false, false},
    {"minItems", COVER_OF_ARRAY, true, false},
    {"maxItems", COVER_OF_ARRAY, false, false},
    {"minProperties", COVER_OF_OBJECT, true, false},
    {"maxProperties", COVER_OF_OBJECT, false, false},
};

static const struct {
    const char *name;
    unsigned types;
} type_names[] = {
    {"\"null\"", COVER_NULL},     {"\"boolean\"", COVER_BOOL},  {"\"integer\"", COVER_INTEGER},
    {"\"number\"", COVER_NUMBER}, {"\"string\"", COVER_STRING}, {"\"array\"", COVER_ARRAY},
    {"\"object\"", COVER_OBJECT},
};

unsigned cover_measured_types(enum cover_measure measure)
{
    static const unsigned types[COVER_MEASURES] = {
        [COVER_OF_NUMBER] = COVER_NUMBER,
        [COVER_OF_STRING] = COVER_STRING,
        [COVER_OF_ARRAY] = COVER_ARRAY,
        [COVER_OF_OBJECT] = COVER_OBJECT,
    };
    return types[measure];
}

static double number_of(struct trust_bytes value)
{
    char text[NUMBER_SIZE];
    if (value.size >= sizeof text)
        return 0;
    memcpy(text, value.data, value.size);
    text[value.size] = '\0';
    return strtod(text, NULL);
}

enum cover_type cover_type_of(struct trust_bytes value)
{
    switch (json_kind(value)) {
    case JSON_KIND_NULL:
        return COVER_NULL;
    case JSON_KIND_BOOL:
        return COVER_BOOL;
    case JSON_KIND_NUMBER: {
        double number = number_of(value);
        return floor(number) < number ? COVER_FRACTION : COVER_INTEGER;
    }
    case JSON_KIND_STRING:
        return COVER_STRING;
    case JSON_KIND_ARRAY:
        return COVER_ARRAY;
    case JSON_KIND_NONE:
    case JSON_KIND_OBJECT:
        break;
    }
    return COVER_OBJECT;
}

/* ---- types ---- */

/* 0: no name of a type. */
static unsigned type_named(struct trust_bytes name)
{
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (trust_bytes_equal(name, trust_bytes_text(type_names[i].name)))
            return type_names[i].types;
    return 0;
}

/* A name or an array of names; 0: neither. */
static unsigned types_named(struct trust_bytes value)
{
    if (json_kind(value) == JSON_KIND_STRING)
        return type_named(value);
    struct json_walk walk = json_walk_array(value);
    struct trust_bytes item;
    unsigned types = 0;
    while (json_next_item(&walk, &item)) {
        unsigned more = type_named(item);
        if (more == 0)
            return 0;
        types |= more;
    }
    return walk.error == TRUST_OK ? types : 0;
}

/* The types of a branch that says nothing but types; 0: it says more. */
static unsigned types_of_branch(struct trust_bytes branch)
{
    struct json_walk walk = json_walk_object(branch);
    struct trust_bytes key, value;
    unsigned types = 0;
    while (json_next_member(&walk, &key, &value)) {
        if (trust_bytes_equal(key, trust_bytes_text("type")))
            types = types_named(value);
        else if (cover_word_find(key)->word != COVER_WORD_NOTE)
            return 0;
    }
    return walk.error == TRUST_OK ? types : 0;
}

/* What a type or null is written as most often: anyOf of branches with a type each. */
static unsigned types_of_any(struct trust_bytes branches)
{
    struct json_walk walk = json_walk_array(branches);
    struct trust_bytes branch;
    unsigned types = 0;
    while (json_next_item(&walk, &branch)) {
        unsigned more = types_of_branch(branch);
        if (more == 0)
            return 0;
        types |= more;
    }
    return walk.error == TRUST_OK ? types : 0;
}

/* ---- reading ---- */

static void raise_low(struct cover_range *range, double low, bool is_open)
{
    if (low > range->low || (!(low < range->low) && is_open)) {
        range->low = low;
        range->is_low_open = is_open;
    }
}

static void lower_high(struct cover_range *range, double high, bool is_open)
{
    if (high < range->high || (!(high > range->high) && is_open)) {
        range->high = high;
        range->is_high_open = is_open;
    }
}

static bool read_bounds(struct cover_facts *facts, const char **out_word,
                        const struct cover_schema *schema)
{
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        struct trust_bytes value = cover_schema_word(schema, bounds[i].word);
        struct cover_range *range = &facts->ranges[bounds[i].measure];
        *out_word = bounds[i].word;
        if (value.size == 0)
            continue;
        if (json_kind(value) != JSON_KIND_NUMBER)
            return false;
        if (bounds[i].is_low)
            raise_low(range, number_of(value), bounds[i].is_open);
        else
            lower_high(range, number_of(value), bounds[i].is_open);
    }
    return true;
}

static bool read_types(struct cover_facts *facts, const char **out_word,
                       const struct cover_schema *schema)
{
    struct trust_bytes type = cover_schema_word(schema, "type");
    struct trust_bytes any = cover_schema_word(schema, "anyOf");
    *out_word = "type";
    if (type.size > 0)
        facts->types = types_named(type);
    if (facts->types == 0)
        return false;
    *out_word = "anyOf";
    if (any.size > 0) {
        unsigned types = types_of_any(any);
        facts->has_other_any = types == 0;
        facts->types &= types == 0 ? COVER_ALL : types;
    }
    return true;
}

enum trust_error cover_facts_read(struct cover_facts *out_facts, const char **out_word,
                                  const struct cover_schema *schema)
{
    struct cover_facts facts = {.types = COVER_ALL};
    facts.values = cover_schema_word(schema, "enum");
    facts.constant = cover_schema_word(schema, "const");
    for (size_t i = 0; i < COVER_MEASURES; i++)
        facts.ranges[i] =
            (struct cover_range){.low = i == COVER_OF_NUMBER ? -INFINITY : 0, .high = INFINITY};
    if (!read_types(&facts, out_word, schema) || !read_bounds(&facts, out_word, schema))
        return TRUST_NO_TYPE;
    *out_word = "enum";
    if (facts.values.size > 0 && json_kind(facts.values) != JSON_KIND_ARRAY)
        return TRUST_NO_TYPE;
    *out_facts = facts;
    return TRUST_OK;
}

/* ---- values ---- */

bool cover_range_has(const struct cover_range *outer, const struct cover_range *inner)
{
    bool low = outer->low < inner->low ||
               (!(outer->low > inner->low) && (!outer->is_low_open || inner->is_low_open));
    bool high = outer->high > inner->high ||
                (!(outer->high < inner->high) && (!outer->is_high_open || inner->is_high_open));
    return low && high;
}

bool cover_facts_is_finite(const struct cover_facts *facts)
{
    return facts->values.size > 0 || facts->constant.size > 0 ||
           (facts->types & ~(unsigned)(COVER_NULL | COVER_BOOL)) == 0;
}

struct cover_values cover_facts_values(const struct cover_facts *facts)
{
    return (struct cover_values){.facts = facts, .walk = json_walk_array(facts->values)};
}

/* All that are there, whatever their types. */
static bool next_value(struct cover_values *values, struct trust_bytes *out_value)
{
    static const char *const small[] = {"null", "false", "true"};
    const struct cover_facts *facts = values->facts;
    if (facts->values.size > 0)
        return json_next_item(&values->walk, out_value);
    size_t index = values->index++;
    if (facts->constant.size > 0)
        *out_value = facts->constant;
    else if (index < sizeof small / sizeof *small)
        *out_value = trust_bytes_text(small[index]);
    return index < (facts->constant.size > 0 ? 1 : sizeof small / sizeof *small);
}

bool cover_facts_next(struct cover_values *values, struct trust_bytes *out_value)
{
    while (next_value(values, out_value))
        if ((values->facts->types & cover_type_of(*out_value)) != 0)
            return true;
    return false;
}

bool cover_facts_has(const struct cover_facts *facts, struct trust_bytes value)
{
    if (facts->constant.size > 0 && !trust_bytes_equal(facts->constant, value))
        return false;
    if (facts->values.size == 0)
        return true;
    struct json_walk walk = json_walk_array(facts->values);
    struct trust_bytes item;
    while (json_next_item(&walk, &item))
        if (trust_bytes_equal(item, value))
            return true;
    return false;
}

static size_t count_characters(struct trust_bytes value)
{
    struct trust_bytes raw = {.data = value.data + 1, .size = value.size - 2};
    uint32_t character = 0;
    size_t count = 0;
    while (json_take_character(&raw, &character) == TRUST_OK)
        count++;
    return count;
}

static size_t count_parts(struct trust_bytes value)
{
    struct trust_bytes key, part;
    size_t count = 0;
    if (json_kind(value) == JSON_KIND_ARRAY) {
        struct json_walk walk = json_walk_array(value);
        while (json_next_item(&walk, &part))
            count++;
        return count;
    }
    struct json_walk walk = json_walk_object(value);
    while (json_next_member(&walk, &key, &part))
        count++;
    return count;
}

static double measure(struct trust_bytes value, enum cover_measure measure)
{
    switch (measure) {
    case COVER_OF_NUMBER:
        return number_of(value);
    case COVER_OF_STRING:
        return (double)count_characters(value);
    case COVER_OF_ARRAY:
    case COVER_OF_OBJECT:
        break;
    }
    return (double)count_parts(value);
}

/* The least and the greatest of the values that it measures. */
static void narrow_range(struct cover_facts *facts, enum cover_measure of)
{
    struct cover_range found = {.low = INFINITY, .high = -INFINITY};
    struct cover_values values = cover_facts_values(facts);
    struct trust_bytes value;
    while (cover_facts_next(&values, &value)) {
        if ((cover_measured_types(of) & cover_type_of(value)) == 0)
            continue;
        double size = measure(value, of);
        found.low = size < found.low ? size : found.low;
        found.high = size > found.high ? size : found.high;
    }
    struct cover_range *range = &facts->ranges[of];
    raise_low(range, found.low, false);
    lower_high(range, found.high, false);
}

void cover_facts_narrow(struct cover_facts *facts, const struct cover_schema *schema)
{
    struct trust_bytes required = cover_schema_word(schema, "required");
    if (json_kind(required) == JSON_KIND_ARRAY)
        raise_low(&facts->ranges[COVER_OF_OBJECT], (double)count_parts(required), false);
    struct cover_values values = cover_facts_values(facts);
    struct trust_bytes value;
    unsigned types = 0;
    if (facts->values.size == 0 && facts->constant.size == 0)
        return;
    while (cover_facts_next(&values, &value))
        types |= cover_type_of(value);
    facts->types = types;
    for (unsigned i = 0; i < COVER_MEASURES; i++)
        if ((types & cover_measured_types((enum cover_measure)i)) != 0)
            narrow_range(facts, (enum cover_measure)i);
}
