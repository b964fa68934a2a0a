/* `repute drafts show`: one draft, with all that will be signed. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/draft_doc.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    struct shelf shelf;
    enum trust_error error = shelf_pick(context, &shelf, arguments->words, 1);
    if (error != TRUST_OK)
        return error;
    json_t *document = draft_doc_make(&shelf.drafts[0]);
    error = document == NULL ? TRUST_FAIL_MEMORY
                             : output_object(&context->output, document, draft_doc_fields);
    json_decref(document);
    shelf_close(&shelf);
    return error;
}

const struct command drafts_show_command = {
    .name = "drafts show",
    .words = "DRAFT",
    .summary = "show all that one draft says",
    .least = 1,
    .most = 1,
    .run = run,
};
