/*
 * What a schema says of a value by itself: its types, its bounds, the values it is one of. Schemas
 * are in canonical form.
 */
#ifndef GUARD_COVER_FACTS_H
#define GUARD_COVER_FACTS_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "guard/offer/cover_words.h"
#include "wire/json.h"

enum cover_type {
    COVER_NULL = 1,
    COVER_BOOL = 2,
    COVER_INTEGER = 4,
    COVER_FRACTION = 8, /* a number that is none */
    COVER_STRING = 16,
    COVER_ARRAY = 32,
    COVER_OBJECT = 64,
};
#define COVER_NUMBER (COVER_INTEGER | COVER_FRACTION)
#define COVER_ALL 127

enum cover_measure {
    COVER_OF_NUMBER, /* the number itself */
    COVER_OF_STRING, /* its characters */
    COVER_OF_ARRAY,  /* its items */
    COVER_OF_OBJECT, /* its members */
};
#define COVER_MEASURES 4

struct cover_range {
    double low, high;
    bool is_low_open, is_high_open; /* the end itself does not belong to it */
};

struct cover_facts {
    unsigned types; /* those that are left; 0: it accepts nothing */
    struct cover_range ranges[COVER_MEASURES];
    struct trust_bytes values;   /* enum: an array; empty: none */
    struct trust_bytes constant; /* const; empty: none */
    bool has_other_any;          /* anyOf says more than types */
};

/* The types that a measure is of. */
unsigned cover_measured_types(enum cover_measure measure);

/* TRUST_NO_TYPE: a keyword has a value that it cannot have; out_word names it,
 * static. */
TRUST_MUST_USE enum trust_error cover_facts_read(struct cover_facts *out_facts,
                                                 const char **out_word,
                                                 const struct cover_schema *schema);

/* Narrows ranges to the properties that schema requires, types and ranges to its values. */
void cover_facts_narrow(struct cover_facts *facts, const struct cover_schema *schema);

/* Whether it is one of its values; true where it has none. */
bool cover_facts_has(const struct cover_facts *facts, struct trust_bytes value);

/* All of inner lies in outer. */
bool cover_range_has(const struct cover_range *outer, const struct cover_range *inner);

/* Only values that can be counted are left. */
bool cover_facts_is_finite(const struct cover_facts *facts);

/* Through those that are of a type that is left. */
struct cover_values {
    const struct cover_facts *facts;
    struct json_walk walk;
    size_t index;
};
struct cover_values cover_facts_values(const struct cover_facts *facts);
bool cover_facts_next(struct cover_values *values, struct trust_bytes *out_value);

enum cover_type cover_type_of(struct trust_bytes value);

#endif
