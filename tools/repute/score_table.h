/* Scores as tables: the same columns wherever servers are listed or shown. */
#ifndef REPUTE_SCORE_TABLE_H
#define REPUTE_SCORE_TABLE_H

#include <jansson.h>

#include "trust/error.h"

#include "repute/context.h"
#include "repute/dress.h"

/* An array of score objects; none is the sentence for an empty one. */
TRUST_MUST_USE enum trust_error score_table_list(struct context *context, json_t *scores,
                                                 const char *none);

/* One score object in full; in text with its categories and flags. */
TRUST_MUST_USE enum trust_error score_table_one(struct context *context, const struct dress *dress,
                                                json_t *score);

#endif
