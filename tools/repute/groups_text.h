/* A group of one server as YAML. */
#ifndef REPUTE_GROUPS_TEXT_H
#define REPUTE_GROUPS_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "host/group.h"

struct groups_text_form {
    const char *newline; /* in front of each line; none in flow style */
    unsigned indent;     /* spaces in front of the group's name */
    bool is_flow;        /* in braces, a comma behind */
    bool is_shown;       /* for people: what may be a secret is an ellipsis */
};

void groups_text_write(FILE *file, const struct groups_text_form *form, const char *name,
                       const struct trust_group_server *primary);

#endif
