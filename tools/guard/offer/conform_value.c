/* See conform_value.h. The schema's values are in canonical form, those of a server are not. */
#include "guard/offer/conform_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wire/json.h"
#include "wire/json_text.h"

/* Every number that somebody means is shorter; of a longer one nothing is said. */
#define NUMBER_SIZE 64
/* Whole numbers up to here are what a double says they are. */
#define WHOLE_MAX 9007199254740992.0
/* What it takes to compare with a byte of a list, against looking at a byte of the value. */
#define NUMBER_WORK 16
#define TEXT_WORK 2

static bool read_number(double *out_number, struct trust_bytes value)
{
    char digits[NUMBER_SIZE];
    if (value.size >= sizeof digits)
        return false;
    memcpy(digits, value.data, value.size);
    digits[value.size] = '\0';
    *out_number = strtod(digits, NULL);
    return true;
}

static bool is_within(const struct cover_range *range, double size)
{
    bool is_low = size < range->low || (range->is_low_open && !(size > range->low));
    bool is_high = size > range->high || (range->is_high_open && !(size < range->high));
    return !is_low && !is_high;
}

static bool is_number_possible(const struct conform_node *node, struct trust_bytes value)
{
    double number;
    if (!read_number(&number, value))
        return true;
    unsigned type = floor(number) < number ? COVER_FRACTION : COVER_INTEGER;
    if ((node->facts.types & type) == 0 || !is_within(&node->facts.ranges[COVER_OF_NUMBER], number))
        return false;
    double step = node->multiple_of;
    bool is_countable = step >= 1 && !(floor(step) < step) && type == COVER_INTEGER &&
                        step <= WHOLE_MAX && fabs(number) <= WHOLE_MAX;
    return !is_countable || !(fabs(fmod(number, step)) > 0);
}

static bool has_bounds(const struct cover_range *range)
{
    return range->low > 0 || range->high < HUGE_VAL;
}

static struct trust_bytes within_quotes(struct trust_bytes string)
{
    return (struct trust_bytes){.data = string.data + 1, .size = string.size - 2};
}

static bool is_string_possible(const struct conform_node *node, struct trust_bytes value)
{
    const struct cover_range *range = &node->facts.ranges[COVER_OF_STRING];
    if (!has_bounds(range))
        return true;
    struct trust_bytes raw = within_quotes(value);
    enum trust_error error;
    uint32_t character;
    size_t count = 0;
    while ((error = json_take_character(&raw, &character)) == TRUST_OK)
        count++;
    return error != TRUST_NO_FOUND || is_within(range, (double)count);
}

/* What cannot be decoded is taken for the same: nothing is certain about it. No more is looked at
 * than what both begin with: of a long text of a server, no more than the schema's own. */
static bool is_same_text(struct trust_bytes a, struct trust_bytes b)
{
    if (a.size == b.size && memcmp(a.data, b.data, a.size) == 0)
        return true;
    uint32_t one = 0, other = 0;
    enum trust_error first, second;
    do {
        first = json_take_character(&a, &one);
        second = json_take_character(&b, &other);
    } while (first == TRUST_OK && second == TRUST_OK && one == other);
    return first != TRUST_OK && second != TRUST_OK;
}

static bool is_maybe_same(struct trust_bytes wanted, struct trust_bytes value)
{
    enum json_kind kind = json_kind(value);
    double one, other;
    if (kind != json_kind(wanted))
        return false;
    if (kind == JSON_KIND_STRING)
        return is_same_text(within_quotes(wanted), within_quotes(value));
    if (kind == JSON_KIND_NUMBER)
        return !read_number(&one, wanted) || !read_number(&other, value) ||
               (!(one < other) && !(one > other));
    if (kind == JSON_KIND_BOOL)
        return trust_bytes_equal(wanted, value);
    return true;
}

static bool is_listed(const struct cover_facts *facts, struct trust_bytes value)
{
    if (facts->constant.size > 0 && !is_maybe_same(facts->constant, value))
        return false;
    if (facts->values.size == 0)
        return true;
    struct json_walk walk = json_walk_array(facts->values);
    struct trust_bytes item;
    while (json_next_item(&walk, &item))
        if (is_maybe_same(item, value))
            return true;
    return false;
}

static bool is_kind_possible(const struct conform_node *node, struct trust_bytes value)
{
    unsigned types = node->facts.types;
    switch (json_kind(value)) {
    case JSON_KIND_NULL:
        return (types & COVER_NULL) != 0;
    case JSON_KIND_BOOL:
        return (types & COVER_BOOL) != 0;
    case JSON_KIND_NUMBER:
        return (types & COVER_NUMBER) != 0 && is_number_possible(node, value);
    case JSON_KIND_STRING:
        return (types & COVER_STRING) != 0 && is_string_possible(node, value);
    case JSON_KIND_ARRAY:
        return (types & COVER_ARRAY) != 0;
    case JSON_KIND_OBJECT:
        return (types & COVER_OBJECT) != 0;
    case JSON_KIND_NONE:
        break;
    }
    return false;
}

bool conform_value_is_possible(const struct conform_node *node, struct trust_bytes value)
{
    return is_kind_possible(node, value) && is_listed(&node->facts, value);
}

size_t conform_value_work(const struct conform_node *node, struct trust_bytes value)
{
    enum json_kind kind = json_kind(value);
    size_t listed = node->facts.values.size + node->facts.constant.size;
    bool is_counted = kind == JSON_KIND_STRING && has_bounds(&node->facts.ranges[COVER_OF_STRING]);
    return 1 + listed * (kind == JSON_KIND_NUMBER ? NUMBER_WORK : TEXT_WORK) +
           (is_counted ? value.size : 0);
}

bool conform_value_is_plain(struct trust_bytes raw)
{
    return raw.size == 0 || memchr(raw.data, '\\', raw.size) == NULL;
}

bool conform_value_is_key(struct trust_bytes key, struct trust_bytes other)
{
    return is_same_text(key, other);
}
