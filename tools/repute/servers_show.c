/* `repute servers show ID`: one server's score in full, with its categories and flags. */
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/ids.h"
#include "repute/score_table.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    json_t *score = NULL;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/servers/", subject, "");
    error = context_ask(context, &score, TRUST_REQUEST_GET, path, NULL);
    if (error != TRUST_OK)
        return error;
    struct dress dress = dress_open(context);
    error = score_table_one(context, &dress, score);
    dress_close(&dress);
    json_decref(score);
    return error;
}

const struct command servers_show_command = {
    .name = "servers show",
    .words = "ID",
    .summary = "one server's score in full",
    .least = 1,
    .most = 1,
    .run = run,
};
