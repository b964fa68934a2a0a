/*
 * Everything that a command says on standard output, in one of three forms: columns for people,
 * tab-separated for scripts (--plain), one JSON document (--json).
 *
 * Commands build a jansson value, as the local API answers it, and name the members to show: so the
 * three forms cannot differ. Text of others is shown with its control characters escaped. An escape
 * byte is written only to a terminal, and never with NO_COLOR.
 */
#ifndef REPUTE_OUTPUT_H
#define REPUTE_OUTPUT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "trust/error.h"

enum output_form {
    OUTPUT_TEXT,
    OUTPUT_PLAIN,
    OUTPUT_JSON,
};

struct output {
    enum output_form form;
    FILE *out;
    FILE *err;
    bool is_coloured;    /* out is a terminal, and NO_COLOR is not set */
    bool shows_progress; /* err is a terminal */
};

/* How a member is shown in text; JSON and plain keep what the document says. */
enum output_style {
    OUTPUT_AS_IT_IS, /* texts, whole numbers, true and false as yes and no; null and absent as - */
    OUTPUT_RATIO,    /* three decimals */
    OUTPUT_SIZE,     /* bytes in the largest unit with one decimal */
    OUTPUT_COUNT,    /* thousands parted */
};

/* A column or a line; a table ends with a row without a member. */
struct output_field {
    const char *title;
    const char *member; /* a path through objects: "peers.up" */
    enum output_style style;
};

/* A list: a heading and aligned columns, or lines of tabs without a heading. An empty list prints
 * the sentence `none` as text and nothing as plain. In JSON the array itself. */
TRUST_MUST_USE enum trust_error output_list(const struct output *output, const json_t *array,
                                            const struct output_field *columns, const char *none);

/* One object: a line for each field, its title in front. In JSON the object itself. */
TRUST_MUST_USE enum trust_error output_object(const struct output *output, const json_t *object,
                                              const struct output_field *fields);

/* The value alone, one line, if the form is JSON; otherwise nothing. */
TRUST_MUST_USE enum trust_error output_json(const struct output *output, const json_t *value);

/* A sentence for people: only in the form of text. */
void output_say(const struct output *output, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* True if out took everything so far. */
bool output_is_whole(const struct output *output);

#endif
