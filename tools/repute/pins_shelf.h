/* The files of pins that a home has, one a group, as the pins commands read and change them. */
#ifndef REPUTE_PINS_SHELF_H
#define REPUTE_PINS_SHELF_H

#include <jansson.h>

#include "guard/offer/pins.h"
#include "repute/command.h"
#include "repute/context.h"

/* The row of a command's table of options. */
#define PINS_GROUP_OPTION                                                                          \
    {                                                                                              \
        .name = "group", .kind = COMMAND_TEXT, .shown = "NAME",                                    \
        .about = "pins of this group alone", .most = 64                                            \
    }

struct pins_shelf_file {
    char group[65];
    struct pins *pins;
    bool is_confirmed; /* the group's "pin: confirm" */
};

struct pins_shelf {
    struct pins_shelf_file *files; /* by name */
    size_t count;
    struct trust_key operator_key; /* of keys/operator.pub */
    bool has_operator_key;
};

/* Reads the files of all groups, or of one. TRUST_NO_FOUND: there is none of that group. A file
 * that cannot be read is refused with its place. */
TRUST_MUST_USE enum trust_error pins_shelf_open(struct context *context,
                                                struct pins_shelf *out_shelf, const char *group);
void pins_shelf_close(struct pins_shelf *shelf);

/* Whether its pins count for the guard. */
bool pins_shelf_believes(const struct pins_shelf *shelf, const struct pins_shelf_file *file,
                         const struct pins_entry *entry);

/* Entries of a subject: of that version, or of all if it has none. */
bool pins_shelf_is(const struct pins_entry *entry, const char *subject);

/*
 * Rows of its tools, all or one: {group, subject, capabilities, tool, state, since, pinned,
 * offered, definition, offered_definition}, a digest or a text each, appended to an array.
 */
TRUST_MUST_USE enum trust_error pins_shelf_rows(json_t *rows, const struct pins_shelf *shelf,
                                                const struct pins_shelf_file *file,
                                                const struct pins_entry *entry, const char *tool);

/* The rows as a list. */
TRUST_MUST_USE enum trust_error pins_shelf_show(struct context *context, json_t *rows);

/* Refused: no pins of that subject, or none of that tool. */
enum trust_error pins_shelf_refuse(struct context *context,
                                   const struct command_arguments *arguments);

#endif
