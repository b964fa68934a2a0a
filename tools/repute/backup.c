/* `repute backup FILE`: the node copies its store, compacted, into a new file while it goes on. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "repute/commands.h"
#include "repute/context.h"

/* Paths of the API are absolute, for the node stands in another directory. */
#define PATH_SIZE 4096

static const struct output_field fields[] = {
    {"backup", "path", OUTPUT_AS_IT_IS},
    {"records", "records", OUTPUT_COUNT},
    {0},
};

static enum trust_error make_absolute(struct context *context, char out_path[PATH_SIZE],
                                      const char *typed)
{
    char here[PATH_SIZE] = "";
    if (typed[0] != '/' && getcwd(here, sizeof here) == NULL)
        return context_refuse(context, TRUST_FAIL_SYSTEM, NULL, "the current directory: %s",
                              strerror(errno));
    int size = snprintf(out_path, PATH_SIZE, "%s%s%s", here, typed[0] == '/' ? "" : "/", typed);
    if (size < 0 || size >= PATH_SIZE)
        return context_misuse(context, TRUST_NO_SIZE, NULL, "the path is too long");
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char path[PATH_SIZE];
    json_t *answer = NULL;
    enum trust_error error = make_absolute(context, path, arguments->words[0]);
    if (error != TRUST_OK)
        return error;
    json_t *body = json_pack("{s:s}", "path", path);
    if (body == NULL)
        return context_misuse(context, TRUST_NO_SYNTAX, NULL, "the path is no UTF-8");
    error = context_ask(context, &answer, TRUST_REQUEST_POST, "/v1/backup", body);
    if (error == TRUST_OK)
        error = output_object(&context->output, answer, fields);
    json_decref(body);
    json_decref(answer);
    return error;
}

const struct command backup_command = {
    .name = "backup",
    .words = "FILE",
    .summary = "copy the store into a file while the node goes on",
    .more = "The node writes the file: its user must be allowed to. `reputed --restore FILE` reads "
            "it back.\n",
    .least = 1,
    .most = 1,
    .run = run,
};
