/* An explanation for people: shares that visibly sum, paths with pet names, what was ignored and
 * what would change it. */
#ifndef REPUTE_EXPLAIN_TEXT_H
#define REPUTE_EXPLAIN_TEXT_H

#include <jansson.h>

#include "trust/error.h"

#include "repute/context.h"
#include "repute/dress.h"

/* Everything behind the score itself. The document is the node's; it may be changed. */
TRUST_MUST_USE enum trust_error explain_text_show(struct context *context,
                                                  const struct dress *dress, json_t *document);

#endif
