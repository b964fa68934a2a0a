/* What is said below a score of a server whose tools are not those that were approved. */
#ifndef REPUTE_SCORE_PINS_H
#define REPUTE_SCORE_PINS_H

#include <jansson.h>

#include "repute/context.h"
#include "repute/dress.h"

/* A sentence with the next step for each score that has changed pins, to people alone. scores: one
 * object, or an array of them. */
void score_pins_say(struct context *context, const struct dress *dress, const json_t *scores);

#endif
