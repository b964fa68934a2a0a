/* One value, as it came from a server, against what a schema says of it by itself: its type, its
 * bounds, the values it is one of. What lies in it is not looked at. */
#ifndef GUARD_CONFORM_VALUE_H
#define GUARD_CONFORM_VALUE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "guard/offer/conform_schema.h"

/* False: it does not conform, for certain. */
bool conform_value_is_possible(const struct conform_node *node, struct trust_bytes value);

/* How much work that is, where looking at one byte is 1. */
size_t conform_value_work(const struct conform_node *node, struct trust_bytes value);

/* A raw name has no escape: another such one is the same if its bytes are. */
bool conform_value_is_plain(struct trust_bytes raw);

/* Two raw names of members mean the same. */
bool conform_value_is_key(struct trust_bytes key, struct trust_bytes other);

#endif
