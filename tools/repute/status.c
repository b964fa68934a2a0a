/* `repute status`, and `repute` alone: one screen of the node, its health, the one next step. */
#include <string.h>

#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"

static const struct output_field fields[] = {
    {"node", "node.key", OUTPUT_AS_IT_IS},
    {"version", "node.version", OUTPUT_AS_IT_IS},
    {"up for", "node.uptime_s", OUTPUT_AS_IT_IS},
    {"operator", "operator", OUTPUT_AS_IT_IS},
    {"network", "network", OUTPUT_AS_IT_IS},
    {"records", "records", OUTPUT_COUNT},
    {"authors", "authors", OUTPUT_COUNT},
    {"servers", "servers", OUTPUT_COUNT},
    {"quarantined", "quarantined", OUTPUT_COUNT},
    {"peers up", "peers.up", OUTPUT_COUNT},
    {"peers known", "peers.known", OUTPUT_COUNT},
    {"in sync", "in_sync", OUTPUT_AS_IT_IS},
    {"lag", "lag_s", OUTPUT_AS_IT_IS},
    {"store", "store_bytes", OUTPUT_SIZE},
    {"link", "link.state", OUTPUT_AS_IT_IS},
    {0},
};

/* In plain, behind the fields. */
static const struct output_field health_columns[] = {
    {"", "row", OUTPUT_AS_IT_IS},  {"", "level", OUTPUT_AS_IT_IS}, {"", "code", OUTPUT_AS_IT_IS},
    {"", "text", OUTPUT_AS_IT_IS}, {"", "next", OUTPUT_AS_IT_IS},  {0},
};

static const char *text_of(const json_t *line, const char *member)
{
    const char *text = json_string_value(json_object_get(line, member));
    return text == NULL ? "-" : text;
}

static const char *colour_of(const struct output *output, const char *level)
{
    if (!output->is_coloured)
        return "";
    if (strcmp(level, "error") == 0)
        return "\033[31m";
    return strcmp(level, "warn") == 0 ? "\033[33m" : "";
}

/* The node orders its lines, worst first: so the first one's next step is the one to take. */
static void say_health(const struct output *output, const json_t *health)
{
    size_t count = json_array_size(health);
    output_say(output, count == 0 ? "\nhealth: good\n" : "\nhealth\n");
    for (size_t i = 0; i < count; i++) {
        const json_t *line = json_array_get(health, i);
        const char *level = text_of(line, "level");
        const char *colour = colour_of(output, level);
        output_say(output, "  %s%-5s%s  %s\n", colour, level, colour[0] == '\0' ? "" : "\033[0m",
                   text_of(line, "text"));
    }
    const char *next = json_string_value(json_object_get(json_array_get(health, 0), "next"));
    if (next != NULL && next[0] != '\0')
        output_say(output, "\nnext: %s\n", next);
}

static enum trust_error list_health(const struct output *output, json_t *health)
{
    for (size_t i = 0; i < json_array_size(health); i++) {
        if (json_object_set_new(json_array_get(health, i), "row", json_string("health")) != 0)
            return TRUST_FAIL_MEMORY;
    }
    return output_list(output, health, health_columns, "");
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    (void)arguments;
    json_t *status = NULL;
    enum trust_error error = context_ask(context, &status, TRUST_REQUEST_GET, "/v1/status", NULL);
    if (error != TRUST_OK)
        return error;
    struct dress dress = dress_open(context);
    dress_key(&dress, json_object_get(status, "node"), "key");
    dress_span(&dress, json_object_get(status, "node"), "uptime_s", 1000);
    dress_span(&dress, status, "lag_s", 1000);
    dress_key(&dress, status, "operator");
    error = output_object(&context->output, status, fields);
    json_t *health = json_object_get(status, "health");
    if (error == TRUST_OK && context->output.form == OUTPUT_PLAIN)
        error = list_health(&context->output, health);
    say_health(&context->output, health);
    dress_close(&dress);
    json_decref(status);
    return error;
}

const struct command status_command = {
    .name = "status",
    .words = "",
    .summary = "one screen of the node: records, peers, health and the next step",
    .run = run,
};
