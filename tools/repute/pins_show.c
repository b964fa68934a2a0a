/* `repute pins show SUBJECT [TOOL]`: the tools of a server as they are pinned. */
#include "repute/commands.h"
#include "repute/ids.h"
#include "repute/pins_shelf.h"

enum { GROUP };

static const struct command_option options[] = {
    [GROUP] = PINS_GROUP_OPTION,
    [GROUP + 1] = {0},
};

static enum trust_error fill(json_t *rows, bool *out_is_known, const struct pins_shelf *shelf,
                             const char *subject, const char *tool)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const struct pins_book *book = pins_book(shelf->files[i].pins);
        for (size_t j = 0; j < book->count; j++) {
            if (!pins_shelf_is(&book->entries[j], subject))
                continue;
            *out_is_known = true;
            enum trust_error error =
                pins_shelf_rows(rows, shelf, &shelf->files[i], &book->entries[j], tool);
            if (error != TRUST_OK)
                return error;
        }
    }
    return TRUST_OK;
}

static enum trust_error show(struct context *context, const struct command_arguments *arguments,
                             const struct pins_shelf *shelf, const char *subject)
{
    const char *tool = arguments->word_count > 1 ? arguments->words[1] : NULL;
    bool is_known = false;
    json_t *rows = json_array();
    enum trust_error error = fill(rows, &is_known, shelf, subject, tool);
    if (error == TRUST_OK && (!is_known || (tool != NULL && json_array_size(rows) == 0)))
        error = pins_shelf_refuse(context, arguments);
    if (error == TRUST_OK)
        error = pins_shelf_show(context, rows);
    json_decref(rows);
    return error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    struct pins_shelf shelf;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error == TRUST_OK)
        error = pins_shelf_open(context, &shelf, arguments->values[GROUP].text);
    if (error != TRUST_OK)
        return error;
    error = show(context, arguments, &shelf, subject);
    pins_shelf_close(&shelf);
    return error;
}

const struct command pins_show_command = {
    .name = "pins show",
    .words = "ID [TOOL]",
    .summary = "the tools of a server as they are pinned",
    .more = "With --json the definitions are shown too. An id without its version means all.\n",
    .least = 1,
    .most = 2,
    .options = options,
    .run = run,
};
