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
    {"OPENS IN", "opens_in_ms", OUTPUT_AS_IT_IS},
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
    {"opens in", "opens_in_ms", OUTPUT_AS_IT_IS},
    {"generation", "generation", OUTPUT_AS_IT_IS},
    {0},
};

/* Spans alone: there is nobody's key in a breaker, so the node is not asked for names. */
static struct dress spans(const struct context *context)
{
    return (struct dress){.is_on = context->output.form == OUTPUT_TEXT};
}

enum trust_error breakers_table_list(struct context *context, json_t *breakers)
{
    const struct dress dress = spans(context);
    for (size_t i = 0; i < json_array_size(breakers); i++)
        dress_span(&dress, json_array_get(breakers, i), "opens_in_ms", 1);
    return output_list(&context->output, breakers, columns,
                       "no breakers yet: they begin with the first call to a server");
}

enum trust_error breakers_table_one(struct context *context, json_t *breaker)
{
    const struct dress dress = spans(context);
    dress_span(&dress, breaker, "opens_in_ms", 1);
    return output_object(&context->output, breaker, fields);
}
