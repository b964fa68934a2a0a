/*
 * See cover.h. Both schemas are brought into canonical form, where equal is equal byte for byte.
 * What has to hold is a conjunction of pairs (schema of the fallback, schema of the contract), each
 * of which may add pairs below it: a list that is worked through from its front, so that nothing
 * recurses and the chain of parents is the path of a reason.
 */
#include "guard/offer/cover.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "guard/offer/cover_facts.h"
#include "guard/offer/cover_pointer.h"
#include "guard/offer/cover_words.h"
#include "guard/offer/digest.h"
#include "wire/json.h"

#define NO_PARENT SIZE_MAX
#define HOPS_MAX 16
#define PATH_SIZE 160
/* A canonical form is made for as much as some comparisons. */
#define FORM_COST 8

struct pair {
    struct trust_bytes fallback, contract;
    size_t parent;
    const char *word;       /* how it lies in its parent; static */
    struct trust_bytes key; /* likewise, of properties; raw */
    unsigned depth;
};

struct cover {
    struct cover_why *why;
    struct trust_bytes fallback, contract; /* the roots */
    struct pair *pairs;
    size_t count;
    size_t capacity;
    size_t work; /* bytes looked at */
};

/* One pair at work: its schemas, resolved, and what they say. */
struct side {
    struct trust_bytes schema;
    struct cover_schema words;
    struct cover_facts facts;
};

struct bout {
    struct cover *cover;
    size_t index;
    struct side fallback, contract;
};

/* ---- reasons ---- */

static void put_path(char path[PATH_SIZE], const struct cover *cover, size_t index)
{
    size_t chain[TRUST_COVER_DEPTH_MAX + 1];
    size_t depth = 0, size = 0;
    for (size_t i = index; cover->pairs[i].parent != NO_PARENT; i = cover->pairs[i].parent)
        chain[depth++] = i;
    path[0] = '\0';
    while (depth > 0 && size < PATH_SIZE - 1) {
        const struct pair *pair = &cover->pairs[chain[--depth]];
        int written = snprintf(path + size, PATH_SIZE - size, "%s%s%.*s.", pair->word,
                               pair->key.size > 0 ? "." : "",
                               (int)(pair->key.size < 64 ? pair->key.size : 64),
                               pair->key.size > 0 ? (const char *)pair->key.data : "");
        size += written > 0 ? (size_t)written : 0;
    }
    trust_utf8_make_plain(path);
}

static bool refuse(const struct bout *bout, bool is_undecided, const char *word,
                   const char *sentence)
{
    struct cover_why *why = bout->cover->why;
    char path[PATH_SIZE];
    put_path(path, bout->cover, bout->index);
    why->is_undecided = is_undecided;
    (void)snprintf(why->text, sizeof why->text, "%s%s: %s", path, word, sentence);
    trust_utf8_make_plain(why->text);
    return false;
}

/* Of both schemas as a whole. */
static bool give_up(struct cover *cover, const char *sentence)
{
    cover->why->is_undecided = true;
    (void)snprintf(cover->why->text, sizeof cover->why->text, "%s", sentence);
    return false;
}

static bool no(const struct bout *bout, const char *word, const char *sentence)
{
    return refuse(bout, false, word, sentence);
}

static bool undecided(const struct bout *bout, const char *word, const char *sentence)
{
    return refuse(bout, true, word, sentence);
}

static struct trust_bytes member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    return json_find(&value, object, name) == TRUST_OK ? value : (struct trust_bytes){0};
}

static bool is(struct trust_bytes value, const char *text)
{
    return trust_bytes_equal(value, trust_bytes_text(text));
}

static struct trust_bytes word(const struct side *side, const char *name)
{
    return cover_schema_word(&side->words, name);
}

static bool accepts_everything(struct trust_bytes schema)
{
    return schema.size == 0 || is(schema, "true") || is(schema, "{}");
}

/* Equal words mean the same only where none of them leads elsewhere. */
static bool is_same(struct trust_bytes a, struct trust_bytes b)
{
    return trust_bytes_equal(a, b) && !cover_pointer_is_in(a);
}

/* The member of a raw key; canonical keys are equal byte for byte. */
static bool find_key(struct cover *cover, struct trust_bytes *out_value, struct trust_bytes object,
                     struct trust_bytes name)
{
    struct json_walk walk = json_walk_object(object);
    struct trust_bytes key, value;
    bool is_found = false;
    while (!is_found && json_next_member(&walk, &key, &value))
        is_found = trust_bytes_equal(key, name);
    if (is_found)
        *out_value = value;
    cover->work += is_found ? (size_t)(walk.at - object.data) : object.size;
    return is_found;
}

static bool holds(struct cover *cover, struct trust_bytes array, struct trust_bytes value)
{
    struct json_walk walk = json_walk_array(array);
    struct trust_bytes item;
    cover->work += array.size;
    while (json_next_item(&walk, &item))
        if (trust_bytes_equal(item, value))
            return true;
    return false;
}

/* Beside a $ref stand notes alone: drafts differ in what else there would mean. */
static bool is_alone(struct trust_bytes schema)
{
    struct json_walk walk = json_walk_object(schema);
    struct trust_bytes key, value;
    while (json_next_member(&walk, &key, &value))
        if (!is(key, "$ref") && cover_word_find(key)->word != COVER_WORD_NOTE)
            return false;
    return true;
}

static bool resolve(const struct bout *bout, struct trust_bytes *schema, struct trust_bytes root)
{
    for (unsigned hops = 0; hops < HOPS_MAX; hops++) {
        struct trust_bytes reference = member(*schema, "$ref");
        if (reference.size == 0)
            return true;
        if (json_kind(reference) != JSON_KIND_STRING || !is_alone(*schema))
            return undecided(bout, "$ref", "other keywords stand beside it");
        struct trust_bytes raw = {.data = reference.data + 1, .size = reference.size - 2};
        bout->cover->work += root.size;
        if (bout->cover->work > TRUST_COVER_WORK_MAX || !cover_pointer_follow(schema, root, raw))
            return undecided(bout, "$ref", "it leads to nothing in this schema");
    }
    return undecided(bout, "$ref", "it leads in a circle");
}

/* ---- pairs ---- */

static bool add_pair(struct cover *cover, const struct pair *pair)
{
    if (cover->count == cover->capacity) {
        size_t capacity = cover->capacity == 0 ? 32 : 2 * cover->capacity;
        struct pair *pairs = realloc(cover->pairs, capacity * sizeof *pairs);
        if (pairs == NULL)
            return give_up(cover, "there is no memory to compare it");
        cover->pairs = pairs;
        cover->capacity = capacity;
    }
    cover->pairs[cover->count++] = *pair;
    return true;
}

struct place {
    const char *word;
    struct trust_bytes key;
};

static bool push(const struct bout *bout, struct place place, struct trust_bytes fallback,
                 struct trust_bytes contract)
{
    struct cover *cover = bout->cover;
    unsigned depth = cover->pairs[bout->index].depth + 1;
    if (accepts_everything(fallback) || is(contract, "false"))
        return true;
    if (depth > TRUST_COVER_DEPTH_MAX)
        return undecided(bout, place.word, "it is nested too deeply");
    if (cover->count == TRUST_COVER_PAIRS_MAX)
        return undecided(bout, place.word, "there is too much to compare");
    return add_pair(cover, &(struct pair){.fallback = fallback,
                                          .contract = contract,
                                          .parent = bout->index,
                                          .word = place.word,
                                          .key = place.key,
                                          .depth = depth});
}

/* ---- rules ---- */

/* The root's own name changes no reference into it; what is unknown may mean anything. */
static bool check_known(const struct bout *bout, const struct side *side)
{
    char name[64];
    struct trust_bytes key = side->words.unknown;
    if (side->words.id.size > 0 && bout->index != 0)
        return undecided(bout, "$id", "references below it mean something else");
    if (key.data == NULL)
        return true;
    (void)snprintf(name, sizeof name, "%.*s", (int)(key.size < 63 ? key.size : 63),
                   (const char *)key.data);
    return undecided(bout, name, "this keyword is not known");
}

static bool check_words(const struct bout *bout)
{
    for (size_t i = 0; i < COVER_WORDS; i++) {
        const struct cover_word_row *row = cover_word_at(i);
        struct trust_bytes value = bout->fallback.words.words[i];
        if (value.size == 0 || (row->types & bout->contract.facts.types) == 0)
            continue;
        if (row->word == COVER_WORD_NARROWS)
            return undecided(bout, row->name, "this keyword is not compared");
        if (row->word == COVER_WORD_SAME && !is_same(value, bout->contract.words.words[i]))
            return undecided(bout, row->name, "this keyword is not the contract's, word by word");
    }
    return true;
}

static bool check_types(const struct bout *bout)
{
    const struct cover_facts *fallback = &bout->fallback.facts;
    const struct cover_facts *contract = &bout->contract.facts;
    if ((contract->types & ~fallback->types) != 0)
        return no(bout, "type", "the contract allows types that it refuses");
    if (fallback->has_other_any &&
        !is_same(word(&bout->fallback, "anyOf"), word(&bout->contract, "anyOf")))
        return undecided(bout, "anyOf", "this keyword is not the contract's, word by word");
    return true;
}

static bool check_values(const struct bout *bout)
{
    const struct cover_facts *fallback = &bout->fallback.facts;
    const char *word = fallback->constant.size > 0 ? "const" : "enum";
    struct trust_bytes value;
    if (fallback->values.size == 0 && fallback->constant.size == 0)
        return true;
    if (!cover_facts_is_finite(&bout->contract.facts))
        return no(bout, word, "the contract allows more values");
    struct cover_values values = cover_facts_values(&bout->contract.facts);
    while (cover_facts_next(&values, &value)) {
        bout->cover->work += fallback->values.size;
        if (bout->cover->work > TRUST_COVER_WORK_MAX)
            return undecided(bout, word, "there is too much to compare");
        if (!cover_facts_has(fallback, value))
            return no(bout, word, "the contract allows a value that is none of its");
    }
    return true;
}

static bool check_ranges(const struct bout *bout)
{
    static const char *const words[COVER_MEASURES] = {
        [COVER_OF_NUMBER] = "minimum, maximum",
        [COVER_OF_STRING] = "minLength, maxLength",
        [COVER_OF_ARRAY] = "minItems, maxItems",
        [COVER_OF_OBJECT] = "minProperties, maxProperties",
    };
    for (unsigned i = 0; i < COVER_MEASURES; i++) {
        unsigned types = cover_measured_types((enum cover_measure)i);
        if ((types & bout->contract.facts.types) != 0 &&
            !cover_range_has(&bout->fallback.facts.ranges[i], &bout->contract.facts.ranges[i]))
            return no(bout, words[i], "the contract's bounds are wider");
    }
    return true;
}

static bool check_multiples(const struct bout *bout)
{
    struct trust_bytes multiple = word(&bout->fallback, "multipleOf");
    unsigned types = bout->contract.facts.types & COVER_NUMBER;
    if (multiple.size == 0 || types == 0 || (types == COVER_INTEGER && is(multiple, "1")) ||
        trust_bytes_equal(multiple, word(&bout->contract, "multipleOf")))
        return true;
    return undecided(bout, "multipleOf", "it is not the contract's");
}

static bool check_arrays(const struct bout *bout)
{
    const struct side *fallback = &bout->fallback, *contract = &bout->contract;
    if ((contract->facts.types & COVER_ARRAY) == 0)
        return true;
    if (is(word(fallback, "uniqueItems"), "true") && !is(word(contract, "uniqueItems"), "true"))
        return no(bout, "uniqueItems", "the contract allows the same item twice");
    struct trust_bytes items = word(fallback, "items");
    struct trust_bytes promised = word(contract, "items");
    if (accepts_everything(items))
        return true;
    /* Positions of their own: the rest would have to be compared by position. */
    if (json_kind(items) == JSON_KIND_ARRAY || json_kind(promised) == JSON_KIND_ARRAY ||
        !is_same(word(fallback, "prefixItems"), word(contract, "prefixItems")))
        return undecided(bout, "items", "items are told by their positions");
    return push(bout, (struct place){.word = "items"}, items, promised);
}

static bool check_required(const struct bout *bout)
{
    struct trust_bytes required = word(&bout->fallback, "required");
    struct trust_bytes promised = word(&bout->contract, "required");
    if (required.size == 0)
        return true;
    if (json_kind(required) != JSON_KIND_ARRAY)
        return undecided(bout, "required", "it is no list");
    struct json_walk walk = json_walk_array(required);
    struct trust_bytes name;
    while (json_next_item(&walk, &name)) {
        if (!holds(bout->cover, promised, name))
            return no(bout, "required", "it wants a property that the contract does not");
        if (bout->cover->work > TRUST_COVER_WORK_MAX)
            return undecided(bout, "required", "there is too much to compare");
    }
    return true;
}

/* The properties that the fallback names. */
static bool check_named(const struct bout *bout, struct trust_bytes more)
{
    struct trust_bytes promised = word(&bout->contract, "properties");
    bool has_patterns = word(&bout->contract, "patternProperties").size > 0;
    struct json_walk walk = json_walk_object(word(&bout->fallback, "properties"));
    struct trust_bytes key, schema;
    while (json_next_member(&walk, &key, &schema)) {
        struct trust_bytes other = more;
        bool is_named = find_key(bout->cover, &other, promised, key);
        if (!is_named && has_patterns && !accepts_everything(schema))
            return undecided(bout, "patternProperties", "the contract has some");
        if (bout->cover->work > TRUST_COVER_WORK_MAX)
            return undecided(bout, "properties", "there is too much to compare");
        if (!push(bout, (struct place){"properties", key}, schema, other))
            return false;
    }
    return true;
}

/* The properties that only the contract lets in. */
static bool check_others(const struct bout *bout, struct trust_bytes more)
{
    struct trust_bytes rest = word(&bout->fallback, "additionalProperties");
    struct trust_bytes named = word(&bout->fallback, "properties");
    struct trust_bytes patterns = word(&bout->contract, "patternProperties");
    if (accepts_everything(rest))
        return true;
    if (patterns.size > 0 && !is_same(patterns, word(&bout->fallback, "patternProperties")))
        return undecided(bout, "patternProperties", "the contract has some");
    struct json_walk walk = json_walk_object(word(&bout->contract, "properties"));
    struct trust_bytes key, schema, own;
    while (json_next_member(&walk, &key, &schema)) {
        if (find_key(bout->cover, &own, named, key))
            continue;
        if (bout->cover->work > TRUST_COVER_WORK_MAX)
            return undecided(bout, "properties", "there is too much to compare");
        if (is(rest, "false") && !is(schema, "false"))
            return no(bout, "additionalProperties", "it refuses a property that the contract has");
        if (!push(bout, (struct place){"properties", key}, rest, schema))
            return false;
    }
    if (is(rest, "false") && !is(more, "false"))
        return no(bout, "additionalProperties", "the contract's schema lets others in");
    return push(bout, (struct place){.word = "additionalProperties"}, rest, more);
}

static bool check_objects(const struct bout *bout)
{
    struct trust_bytes more = word(&bout->contract, "additionalProperties");
    if ((bout->contract.facts.types & COVER_OBJECT) == 0)
        return true;
    return check_required(bout) && check_named(bout, more) && check_others(bout, more);
}

static bool read_side(const struct bout *bout, struct side *side, bool is_fallback)
{
    const char *name = "";
    if (accepts_everything(side->schema))
        side->schema = trust_bytes_text("{}");
    if (json_kind(side->schema) != JSON_KIND_OBJECT)
        return undecided(bout, is_fallback ? "schema" : "the contract's schema", "it is no schema");
    cover_schema_read(&side->words, side->schema);
    if (cover_facts_read(&side->facts, &name, &side->words) != TRUST_OK)
        return undecided(bout, name, "its value is none that is known");
    return true;
}

static bool check_pair(struct cover *cover, size_t index)
{
    struct bout bout = {.cover = cover, .index = index};
    bout.fallback.schema = cover->pairs[index].fallback;
    bout.contract.schema = cover->pairs[index].contract;
    cover->work += bout.fallback.schema.size + bout.contract.schema.size;
    if (cover->work > TRUST_COVER_WORK_MAX)
        return undecided(&bout, "schema", "there is too much to compare");
    if (!resolve(&bout, &bout.fallback.schema, cover->fallback))
        return false;
    if (accepts_everything(bout.fallback.schema))
        return true;
    if (!resolve(&bout, &bout.contract.schema, cover->contract))
        return false;
    if (is(bout.contract.schema, "false") || is_same(bout.fallback.schema, bout.contract.schema))
        return true;
    if (is(bout.fallback.schema, "false"))
        return no(&bout, "schema", "it refuses what the contract allows");
    if (!read_side(&bout, &bout.fallback, true) || !read_side(&bout, &bout.contract, false))
        return false;
    cover_facts_narrow(&bout.contract.facts, &bout.contract.words);
    return check_known(&bout, &bout.contract) && check_known(&bout, &bout.fallback) &&
           check_words(&bout) && check_types(&bout) && check_values(&bout) && check_ranges(&bout) &&
           check_multiples(&bout) && check_arrays(&bout) && check_objects(&bout);
}

static bool read_root(struct cover *cover, uint8_t **out_form, struct trust_bytes *out_root,
                      struct trust_bytes schema)
{
    size_t size = 0;
    if (schema.size == 0)
        schema = trust_bytes_text("true");
    cover->work += FORM_COST * schema.size;
    if (cover->work > TRUST_COVER_WORK_MAX)
        return give_up(cover, "there is too much to compare");
    if (digest_canonical(out_form, &size, schema) != TRUST_OK)
        return give_up(cover, "a schema cannot be read by all in the same way");
    *out_root = (struct trust_bytes){.data = *out_form, .size = size};
    return true;
}

static bool compare(struct cover *cover)
{
    if (trust_bytes_equal(cover->fallback, cover->contract))
        return true;
    if (!add_pair(cover, &(struct pair){.fallback = cover->fallback,
                                        .contract = cover->contract,
                                        .parent = NO_PARENT}))
        return false;
    for (size_t i = 0; i < cover->count; i++)
        if (!check_pair(cover, i))
            return false;
    return true;
}

bool cover_accepts_within(struct cover_why *out_why, size_t *work, struct trust_bytes fallback,
                          struct trust_bytes contract)
{
    struct cover cover = {.why = out_why, .work = *work};
    uint8_t *forms[2] = {NULL, NULL};
    bool is_accepted = read_root(&cover, &forms[0], &cover.fallback, fallback) &&
                       read_root(&cover, &forms[1], &cover.contract, contract) && compare(&cover);
    free(cover.pairs);
    free(forms[0]);
    free(forms[1]);
    *work = cover.work;
    return is_accepted;
}

bool cover_accepts(struct cover_why *out_why, struct trust_bytes fallback,
                   struct trust_bytes contract)
{
    size_t work = 0;
    return cover_accepts_within(out_why, &work, fallback, contract);
}
