/* Breakers as the command line shows them. */
#ifndef REPUTE_BREAKERS_TABLE_H
#define REPUTE_BREAKERS_TABLE_H

#include <jansson.h>

#include "trust/error.h"

#include "repute/context.h"

/* An array of breaker objects. */
TRUST_MUST_USE enum trust_error breakers_table_list(struct context *context, json_t *breakers);

/* One breaker object. */
TRUST_MUST_USE enum trust_error breakers_table_one(struct context *context, json_t *breaker);

#endif
