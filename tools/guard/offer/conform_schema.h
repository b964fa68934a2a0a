/*
 * A schema of JSON made ready to be held against many values: its keywords found once, its parts a
 * flat list. Only what can be told for certain is kept, and every part accepts what it does not
 * know. See conform.h.
 */
#ifndef GUARD_CONFORM_SCHEMA_H
#define GUARD_CONFORM_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

#include "base/bytes.h"
#include "guard/offer/cover_facts.h"

/* In place of a node: every value is accepted. */
#define CONFORM_ANY UINT16_MAX

/* Properties beyond these are not missed if they are required. */
#define CONFORM_REQUIRED_MAX 64

struct conform_node {
    struct cover_facts facts;
    double multiple_of; /* 0: of nothing */
    uint64_t required;  /* by the index of the property within the node */
    uint16_t properties, property_count;
    uint16_t all, all_count; /* nodes that accept it too, in links */
    uint16_t any, any_count; /* nodes of which at least one does */
    uint16_t additional;     /* of members that are no property */
    uint16_t items;
    uint16_t ref; /* not CONFORM_ANY: this other node in its place */
};

struct conform_property {
    struct trust_bytes key; /* raw */
    uint16_t node;
    bool is_named; /* in properties; else it is only required */
    bool is_plain; /* the key has no escape: it is compared byte by byte */
};

struct conform {
    uint8_t *text; /* canonical; the nodes' spans lie in it */
    struct conform_node *nodes;
    struct conform_property *properties;
    uint16_t *links;
    uint16_t node_count, property_count, link_count;
};

/*
 * schema: a raw value. TRUST_NO_SYNTAX, TRUST_NO_RANGE, TRUST_NO_DUPLICATE: it has no canonical
 * form. TRUST_NO_ROOM: it has too many parts, or more bytes than TRUST_CONFORM_SCHEMA_SIZE_MAX.
 * TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error conform_new(struct conform **out_conform,
                                            struct trust_bytes schema);
void conform_free(struct conform *conform); /* NULL does nothing */

#endif
