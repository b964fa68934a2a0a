/* The paths of an explanation as a graph for Graphviz. */
#ifndef REPUTE_EXPLAIN_DOT_H
#define REPUTE_EXPLAIN_DOT_H

#include <jansson.h>
#include <stdio.h>

#include "repute/dress.h"

/* Keys are boxes with their pet names, vouches are arrows, and the server stands at the end of each
 * rater's arrow, which carries the rater's share. */
void explain_dot_print(FILE *out, const struct dress *dress, const json_t *document);

#endif
