/* `repute drafts list`: what is written and not published. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/draft_doc.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    struct shelf shelf;
    (void)arguments;
    enum trust_error error = shelf_open(context, &shelf);
    if (error != TRUST_OK)
        return error;
    json_t *list = json_array();
    for (size_t i = 0; i < shelf.count && error == TRUST_OK; i++) {
        if (json_array_append_new(list, draft_doc_make(&shelf.drafts[i])) != 0)
            error = TRUST_FAIL_MEMORY;
    }
    if (error == TRUST_OK)
        error = output_list(&context->output, list, draft_doc_columns, "There are no drafts.");
    if (shelf.count > 0)
        output_say(&context->output, "\nnext: `repute publish` signs and sends them\n");
    json_decref(list);
    shelf_close(&shelf);
    return error;
}

const struct command drafts_list_command = {
    .name = "drafts list",
    .words = "",
    .summary = "list the statements that are not published",
    .run = run,
};
