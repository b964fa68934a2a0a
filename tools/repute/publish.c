/* `repute publish`: signs drafts and gives them to the node, with one unlock of the key. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/passphrase.h"
#include "repute/publishing.h"

enum { ALL, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [ALL] = {.name = "all", .about = "all drafts; the same as naming none"},
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    struct shelf shelf;
    json_t *list = NULL;
    if (arguments->values[ALL].is_given && arguments->word_count > 0)
        return context_misuse(context, TRUST_NO_OPTION, "leave one out",
                              "drafts by name and --all contradict each other");
    enum trust_error error =
        arguments->word_count > 0
            ? shelf_pick(context, &shelf, arguments->words, arguments->word_count)
            : shelf_open(context, &shelf);
    if (error != TRUST_OK)
        return error;
    error = publishing_send(context, &list, &shelf, arguments->values[PASSPHRASE_FILE].text);
    if (error == TRUST_OK)
        error = publishing_show(context, list);
    json_decref(list);
    shelf_close(&shelf);
    return error;
}

const struct command publish_command = {
    .name = "publish",
    .words = "[DRAFT...]",
    .summary = "sign drafts and send them, all or those named",
    .more = "It ends when the node has each on disk, or refused it; refused drafts are kept.\n",
    .most = SHELF_DRAFTS_MAX,
    .options = options,
    .run = run,
};
