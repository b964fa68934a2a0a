/* See breakers_table.h. */
#include "repute/breakers_table.h"

#include "repute/dress.h"

static const struct output_field columns[] = {
    {"SERVER", "key", OUTPUT_AS_IT_IS},
    {"STATE", "state", OUTPUT_AS_IT_IS},
    {"REASON", "reason", OUTPUT_AS_IT_IS},
    {"CALLS", "calls", OUTPUT_COUNT},
    {"FAILURES", "failures", OUTPUT_AS_IT_IS},
    {"SLOW", "slow", OUTPUT_COUNT},
    {"STREAK", "streak", OUTPUT_COUNT},
    {"RETRY IN", "opens_in_ms", OUTPUT_AS_IT_IS},
    {"GENERATION", "generation", OUTPUT_AS_IT_IS},
    {0},
};

static const struct output_field fields[] = {
    {"server", "key", OUTPUT_AS_IT_IS},
    {"state", "state", OUTPUT_AS_IT_IS},
    {"reason", "reason", OUTPUT_AS_IT_IS},
    {"calls", "calls", OUTPUT_COUNT},
    {"failures", "failures", OUTPUT_AS_IT_IS},
    {"slow", "slow", OUTPUT_COUNT},
    {"streak", "streak", OUTPUT_COUNT},
    {"retry in", "opens_in_ms", OUTPUT_AS_IT_IS},
    {"generation", "generation", OUTPUT_AS_IT_IS},
    {0},
};

/* Spans alone: there is nobody's key in a breaker, so the node is not asked for names. */
static struct dress spans(const struct context *context)
{
    return (struct dress){.is_on = context->output.form == OUTPUT_TEXT};
}

/* Until calls are let through again; one that lets them through has nothing to wait for. */
static void dress_wait(const struct dress *dress, json_t *breaker)
{
    if (dress->is_on && json_number_value(json_object_get(breaker, "opens_in_ms")) <= 0)
        (void)json_object_set_new(breaker, "opens_in_ms", json_null());
    dress_span(dress, breaker, "opens_in_ms", 1);
}

enum trust_error breakers_table_list(struct context *context, json_t *breakers)
{
    const struct dress dress = spans(context);
    for (size_t i = 0; i < json_array_size(breakers); i++)
        dress_wait(&dress, json_array_get(breakers, i));
    return output_list(&context->output, breakers, columns,
                       "no breakers yet: they begin with the first call to a server");
}

enum trust_error breakers_table_one(struct context *context, json_t *breaker)
{
    const struct dress dress = spans(context);
    dress_wait(&dress, breaker);
    return output_object(&context->output, breaker, fields);
}
