/* One value of a document as text of one line: for a column or a field. */
#ifndef REPUTE_OUTPUT_CELL_H
#define REPUTE_OUTPUT_CELL_H

#include <jansson.h>
#include <stddef.h>

#include "repute/output.h"

/* Longer values are cut, with "..." at their end. */
#define OUTPUT_CELL_SIZE 512

struct output_cell {
    char text[OUTPUT_CELL_SIZE];
    size_t width; /* columns on a terminal: code points */
};

/* The member at path ("peers.up") of an object; NULL if there is none. */
const json_t *output_cell_find(const json_t *object, const char *path);

/* value may be NULL: "-". A list is its members with commas between. */
void output_cell_init(struct output_cell *out_cell, const json_t *value, enum output_style style,
                      enum output_form form);

#endif
