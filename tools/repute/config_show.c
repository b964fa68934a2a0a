/*
 * `repute config show [--effective]`: what the running node's configuration says; with --effective
 * every value, those by default too, each with its origin.
 */
#include <string.h>

#include "repute/commands.h"
#include "repute/context.h"

enum { EFFECTIVE };

static const struct command_option options[] = {
    [EFFECTIVE] = {.name = "effective", .about = "values by default too"},
    [EFFECTIVE + 1] = {0},
};

static const struct output_field columns[] = {
    {"KEY", "path", OUTPUT_AS_IT_IS},
    {"VALUE", "value", OUTPUT_AS_IT_IS},
    {"ORIGIN", "origin", OUTPUT_AS_IT_IS},
    {0},
};

/* Nobody wrote it: a default, or what an absent value takes over from another. */
static bool is_implied(const json_t *row)
{
    const char *origin = json_string_value(json_object_get(row, "origin"));
    return origin == NULL || strcmp(origin, "default") == 0 || strncmp(origin, "like ", 5) == 0;
}

static void drop_implied(json_t *rows)
{
    size_t i = 0;
    while (i < json_array_size(rows)) {
        if (is_implied(json_array_get(rows, i)))
            (void)json_array_remove(rows, i);
        else
            i++;
    }
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    json_t *rows = NULL;
    enum trust_error error = context_ask(context, &rows, TRUST_REQUEST_GET, "/v1/config", NULL);
    if (error != TRUST_OK)
        return error;
    if (!arguments->values[EFFECTIVE].is_given)
        drop_implied(rows);
    error = output_list(&context->output, rows, columns,
                        "everything is as by default: `repute config show --effective`");
    json_decref(rows);
    return error;
}

const struct command config_show_command = {
    .name = "config show",
    .words = "",
    .summary = "the running node's configuration",
    .options = options,
    .run = run,
};
