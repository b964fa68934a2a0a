/*
 * `repute raters list [--seen]`: whose ratings weigh here, and, with --seen, the keys without
 * weight that peers ask for: whom one could vouch for.
 */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/dress.h"

enum { SEEN };

static const struct command_option options[] = {
    [SEEN] = {.name = "seen", .about = "keys without weight too that peers ask for"},
    [SEEN + 1] = {0},
};

static const struct output_field columns[] = {
    {"RATER", "shown", OUTPUT_AS_IT_IS},       {"WEIGHT", "weight", OUTPUT_RATIO},
    {"DISTANCE", "distance", OUTPUT_AS_IT_IS}, {"RECORDS", "records", OUTPUT_COUNT},
    {"KEY", "key", OUTPUT_AS_IT_IS},           {0},
};

/* People vouch for a whole key, so both its short form and itself are shown. */
static void show_names(const struct dress *dress, json_t *raters)
{
    for (size_t i = 0; i < json_array_size(raters); i++) {
        json_t *rater = json_array_get(raters, i);
        (void)json_object_set(rater, "shown",
                              json_object_get(rater, dress->is_on ? "key" : "name"));
        dress_key(dress, rater, "shown");
    }
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    bool wants_seen = arguments->values[SEEN].is_given;
    json_t *raters = NULL;
    enum trust_error error = context_ask(context, &raters, TRUST_REQUEST_GET,
                                         wants_seen ? "/v1/raters?seen=1" : "/v1/raters", NULL);
    if (error != TRUST_OK)
        return error;
    struct dress dress = dress_open(context);
    if (context->output.form != OUTPUT_JSON)
        show_names(&dress, raters);
    error = output_list(&context->output, raters, columns,
                        wants_seen ? "nobody has weight yet, and no peer has asked for a key"
                                   : "nobody has weight yet: `repute vouch KEY` gives it; `repute "
                                     "raters list --seen` shows whom there is");
    dress_close(&dress);
    json_decref(raters);
    return error;
}

const struct command raters_list_command = {
    .name = "raters list",
    .words = "",
    .summary = "whose ratings weigh here",
    .options = options,
    .run = run,
};
