/* `repute drafts drop`: throws drafts away. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/shelf.h"

enum { ALL };

static const struct command_option options[] = {
    [ALL] = {.name = "all", .about = "all of them"},
    {0},
};

static enum trust_error drop(struct context *context, json_t *dropped, const char *id)
{
    enum trust_error error = shelf_drop(context, id);
    if (error == TRUST_OK && json_array_append_new(dropped, json_string(id)) != 0)
        error = TRUST_FAIL_MEMORY;
    return error;
}

static enum trust_error drop_all(struct context *context, json_t *dropped)
{
    struct shelf shelf;
    enum trust_error error = shelf_open(context, &shelf);
    if (error != TRUST_OK)
        return error;
    for (size_t i = 0; i < shelf.count && error == TRUST_OK; i++)
        error = drop(context, dropped, shelf.drafts[i].id);
    shelf_close(&shelf);
    return error;
}

static enum trust_error show(struct context *context, const json_t *dropped)
{
    json_t *document = json_pack("{s:O}", "dropped", dropped);
    enum trust_error error = output_json(&context->output, document);
    json_decref(document);
    for (size_t i = 0; i < json_array_size(dropped); i++) {
        const char *id = json_string_value(json_array_get(dropped, i));
        output_say(&context->output, "dropped %s\n", id);
        if (context->output.form == OUTPUT_PLAIN)
            (void)fprintf(context->output.out, "%s\n", id);
    }
    if (json_array_size(dropped) == 0)
        output_say(&context->output, "There are no drafts.\n");
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    bool wants_all = arguments->values[ALL].is_given;
    if (wants_all == (arguments->word_count > 0))
        return context_misuse(context, TRUST_NO_OPTION, "`repute drafts list` shows their ids",
                              "name drafts, or give --all");
    json_t *dropped = json_array();
    enum trust_error error = wants_all ? drop_all(context, dropped) : TRUST_OK;
    for (size_t i = 0; i < arguments->word_count && error == TRUST_OK; i++)
        error = drop(context, dropped, arguments->words[i]);
    if (error == TRUST_OK)
        error = show(context, dropped);
    json_decref(dropped);
    return error;
}

const struct command drafts_drop_command = {
    .name = "drafts drop",
    .words = "[DRAFT...]",
    .summary = "throw drafts away",
    .most = SHELF_DRAFTS_MAX,
    .options = options,
    .run = run,
};
