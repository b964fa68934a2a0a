/* `repute breakers show ID`: one server's shared breaker. */
#include "repute/breakers_table.h"
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/ids.h"

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char subject[TRUST_SUBJECT_TEXT_SIZE];
    char path[CONTEXT_PATH_SIZE];
    json_t *breaker = NULL;
    enum trust_error error = ids_subject(context, subject, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    ids_path(path, "/v1/breakers/", subject, "");
    error = context_ask(context, &breaker, TRUST_REQUEST_GET, path, NULL);
    if (error == TRUST_OK)
        error = breakers_table_one(context, breaker);
    json_decref(breaker);
    return error;
}

const struct command breakers_show_command = {
    .name = "breakers show",
    .words = "ID",
    .summary = "one server's circuit breaker",
    .least = 1,
    .most = 1,
    .run = run,
};
