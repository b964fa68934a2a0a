/* `repute publish`: signs drafts and gives them to the node, with one unlock of the key. */
#include "repute/command.h"
#include "repute/commands.h"
#include "repute/measuring.h"
#include "repute/passphrase.h"
#include "repute/publishing.h"

enum { ALL, MEASURED, PASSPHRASE_FILE };

static const struct command_option options[] = {
    [ALL] = {.name = "all", .about = "all drafts; the same as naming none"},
    [MEASURED] = {.name = "measured",
                  .about = "what this host's own calls say of servers with at least 20 of them, "
                           "and nothing else"},
    [PASSPHRASE_FILE] = PASSPHRASE_OPTION,
    {0},
};

static enum trust_error open_shelf(struct context *context, struct shelf *out_shelf,
                                   const struct command_arguments *arguments)
{
    bool has_names = arguments->word_count > 0;
    bool wants_all = arguments->values[ALL].is_given;
    bool wants_measured = arguments->values[MEASURED].is_given;
    if (has_names + wants_all + wants_measured > 1)
        return context_misuse(context, TRUST_NO_OPTION, "give one of them",
                              "drafts by name, --all and --measured contradict each other");
    if (wants_measured)
        return measuring_open(context, out_shelf);
    return has_names ? shelf_pick(context, out_shelf, arguments->words, arguments->word_count)
                     : shelf_open(context, out_shelf);
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    struct shelf shelf;
    json_t *list = NULL;
    enum trust_error error = open_shelf(context, &shelf, arguments);
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
