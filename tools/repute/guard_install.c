/*
 * `repute guard install`, `repute guard uninstall`: the guard in the place of the servers that an
 * MCP client's configuration names, and those in its place again.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "repute/commands.h"
#include "repute/guard_plan.h"
#include "repute/install_place.h"

enum { CLIENT, FILE_NAME, GROUP, YES, DRY_RUN };

static const struct command_option options[] = {
    [CLIENT] = {.name = "client",
                .kind = COMMAND_CHOICE,
                .shown = "NAME",
                .about = "whose configuration",
                .choices = clients_names},
    [FILE_NAME] = {.name = "file",
                   .kind = COMMAND_TEXT,
                   .shown = "FILE",
                   .about = "this file instead of one of the client's usual ones"},
    [GROUP] = {.name = "group",
               .kind = COMMAND_TEXT,
               .shown = "G",
               .about = "the group that one server goes behind",
               .most = TRUST_GROUP_NAME_SIZE_MAX},
    [YES] = {.name = "yes", .about = "write it without asking; it is shown all the same"},
    [DRY_RUN] = {.name = "dry-run", .about = "only show it"},
    [DRY_RUN + 1] = {0},
};

static const struct output_field columns[] = {
    {"SERVER", "name", OUTPUT_AS_IT_IS},
    {"SUBJECT", "subject", OUTPUT_AS_IT_IS},
    {"GROUP", "group", OUTPUT_AS_IT_IS},
    {"STATE", "state", OUTPUT_AS_IT_IS},
    {"BECAUSE", "text", OUTPUT_AS_IT_IS},
    {"NEXT", "next", OUTPUT_AS_IT_IS},
    {0},
};

struct installing {
    struct guard_plan plan;
    struct guard_plan_choice choice;
    struct clients_place place;
    const char *nobody; /* said where no server is to be moved nor back */
};

/* ---- the file ---- */

static bool note_name(void *context, const struct clients_server *server)
{
    json_t *names = context;
    return json_object_set_new(names, server->name, json_true()) == 0;
}

/* It has servers, and those that were named. */
static bool has_servers(const json_t *document, unsigned members,
                        const struct guard_plan_choice *choice)
{
    json_t *names = json_object();
    bool has = document != NULL &&
               clients_doc_walk(document, members, note_name, names) == TRUST_OK &&
               json_object_size(names) > 0;
    for (size_t i = 0; has && i < choice->name_count; i++)
        has = json_object_get(names, choice->names[i]) != NULL;
    json_decref(names);
    return has;
}

/* Opens the place; out_fits: it has what is looked for. */
static enum trust_error open_place(struct installing *installing, bool *out_fits)
{
    struct guard_plan *plan = &installing->plan;
    enum trust_error error =
        change_open(plan->context, &plan->client, installing->place.path, TRUST_SCAN_FILE_SIZE_MAX);
    if (error == TRUST_OK)
        error = change_read(plan->context, &plan->client, &plan->document);
    if (error == TRUST_OK)
        *out_fits = has_servers(plan->document, installing->place.members, &installing->choice);
    return error;
}

/* The first of the client's files that the user may change and that has the servers. */
static enum trust_error find_place(struct installing *installing, const char *client)
{
    char here[CLIENTS_PATH_SIZE];
    size_t position = 0;
    struct guard_plan *plan = &installing->plan;
    const struct clients_inputs inputs = install_place_inputs(here);
    while (clients_next_place(&installing->place, &position, &inputs, client)) {
        bool fits = false;
        if (strcmp(installing->place.scope, "system") == 0)
            continue;
        enum trust_error error = open_place(installing, &fits);
        if (error != TRUST_OK || fits)
            return error;
        change_close(&plan->client);
        json_decref(plan->document);
        plan->document = NULL;
    }
    return context_refuse(plan->context, TRUST_NO_FOUND,
                          "`repute scan` lists the servers and their files; name one with --file",
                          "no configuration of %s has %s", client,
                          installing->choice.name_count > 0 ? "these servers" : "servers");
}

static enum trust_error open_client(struct installing *installing,
                                    const struct command_arguments *arguments)
{
    const struct command_setting *client = &arguments->values[CLIENT];
    const struct command_setting *file = &arguments->values[FILE_NAME];
    const char *name = client->is_given ? clients_names[client->choice] : NULL;
    bool fits = false;
    enum trust_error error = TRUST_OK;
    if (!file->is_given && name != NULL)
        return find_place(installing, name);
    error = install_place_find(installing->plan.context, &installing->place, name,
                               file->is_given ? file->text : NULL);
    if (error == TRUST_OK)
        error = open_place(installing, &fits);
    bool is_there = installing->plan.client.file.is_there;
    if (error == TRUST_OK && !fits && installing->choice.name_count == 0)
        error = context_refuse(installing->plan.context, TRUST_NO_FOUND,
                               "`repute scan` lists the servers of this host and their files",
                               "%s: %s", installing->place.path,
                               is_there ? "it has no servers" : "it is not there");
    return error;
}

/* ---- showing ---- */

static json_t *make_document(const struct installing *installing)
{
    const struct guard_plan *plan = &installing->plan;
    json_t *document = change_document(&plan->client);
    json_t *config = plan->group_count == 0 ? json_null() : change_document(&plan->config);
    if (json_object_set_new(document, "client",
                            installing->place.client == NULL
                                ? json_null()
                                : json_string(installing->place.client)) != 0 ||
        json_object_set_new(document, "config", config) != 0 ||
        json_object_set(document, "servers", plan->rows) != 0) {
        json_decref(document);
        return NULL;
    }
    return document;
}

static enum trust_error show_json(const struct installing *installing)
{
    json_t *document = make_document(installing);
    enum trust_error error = document == NULL
                                 ? TRUST_FAIL_MEMORY
                                 : output_json(&installing->plan.context->output, document);
    json_decref(document);
    return error;
}

/* What happens to each server, and the changes. */
static enum trust_error show(const struct installing *installing)
{
    const struct guard_plan *plan = &installing->plan;
    const struct output *output = &plan->context->output;
    if (output->form == OUTPUT_JSON)
        return TRUST_OK;
    enum trust_error error = output_list(output, plan->rows, columns, installing->nobody);
    if (error != TRUST_OK || plan->moved_count == 0)
        return error;
    output_say(output, "\n");
    (void)fputs(plan->config.diff == NULL ? "" : plan->config.diff, output->out);
    (void)fputs(plan->client.diff, output->out);
    if (plan->moves_secrets && plan->config.file.is_there)
        output_say(output, "%s gets the mode %04o: what is hidden above stands in it then.\n",
                   plan->config.file.path, (unsigned)plan->config.file.mode);
    else if (plan->moves_secrets)
        output_say(output, "%s holds what is hidden above then; its mode is 0600.\n",
                   plan->config.file.path);
    return TRUST_OK;
}

/* ---- writing ---- */

/* The groups first: an entry never names one that is not there. */
static enum trust_error write_both(struct installing *installing)
{
    struct guard_plan *plan = &installing->plan;
    const struct output *output = &plan->context->output;
    enum trust_error error = change_check(plan->context, &plan->client);
    if (error == TRUST_OK && plan->group_count > 0)
        error = change_write(plan->context, &plan->config);
    if (error == TRUST_OK)
        error = change_write(plan->context, &plan->client);
    if (error != TRUST_OK)
        return error;
    if (plan->group_count > 0)
        output_say(output, "next: `reputed`, if it runs, follows the groups on SIGHUP\n");
    output_say(output, "next: restart the client, which reads its file when it starts\n");
    return TRUST_OK;
}

/* Nothing changes: whether that is as it should be. */
static void conclude_nothing(struct installing *installing)
{
    const struct guard_plan *plan = &installing->plan;
    struct context *context = plan->context;
    bool has_guarded = json_array_size(plan->rows) > plan->left_count;
    if (plan->left_count > 0 && !has_guarded)
        context->exit_code = FAILURE_EXIT_NO;
    output_say(&context->output, "Nothing to do%s\n",
               plan->left_count == 0 ? "." : " but what the column NEXT says.");
}

static enum trust_error conclude(struct installing *installing,
                                 const struct command_arguments *arguments)
{
    struct context *context = installing->plan.context;
    bool may_write = false;
    const struct change_choice choice = {.wants_write = arguments->values[YES].is_given,
                                         .wants_nothing = arguments->values[DRY_RUN].is_given};
    enum trust_error error = show(installing);
    if (error == TRUST_OK && installing->plan.moved_count == 0)
        conclude_nothing(installing);
    else if (error == TRUST_OK)
        error = change_ask(context, &may_write, &choice);
    /* Whoever names a server wants to know that it stayed. */
    if (installing->plan.left_count > 0 && installing->choice.name_count > 0)
        context->exit_code = FAILURE_EXIT_NO;
    if (error == TRUST_OK && may_write)
        error = write_both(installing);
    return error == TRUST_OK ? show_json(installing) : error;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments,
                            bool is_back)
{
    struct installing installing = {
        .plan.context = context,
        .nobody = is_back ? "none of these servers is behind the guard" : "no server is meant",
    };
    const struct command_setting *group = &arguments->values[GROUP];
    installing.choice = (struct guard_plan_choice){
        .names = arguments->words,
        .name_count = arguments->word_count,
        .group = group->is_given ? group->text : NULL,
    };
    struct guard_plan *plan = &installing.plan;
    enum trust_error error = guard_plan_open(plan);
    if (error == TRUST_OK)
        error = open_client(&installing, arguments);
    installing.choice.members = installing.place.members;
    installing.choice.client = installing.place.client;
    if (error == TRUST_OK)
        error = guard_plan_read(plan, &installing.choice);
    if (error == TRUST_OK)
        error = is_back ? guard_plan_make_back(plan, &installing.choice)
                        : guard_plan_make(plan, &installing.choice);
    if (error == TRUST_OK)
        error = conclude(&installing, arguments);
    guard_plan_close(plan);
    return error;
}

static enum trust_error install(struct context *context, const struct command_arguments *arguments)
{
    return run(context, arguments, false);
}

static enum trust_error uninstall(struct context *context,
                                  const struct command_arguments *arguments)
{
    return run(context, arguments, true);
}

const struct command guard_install_command = {
    .name = "guard install",
    .words = "[SERVER...]",
    .summary = "put the guard in front of the servers of an MCP client",
    .more =
        "Without SERVER all of them, each behind a group of its own name. The groups go into\n"
        "reputed.yaml, with what starts the servers; both changes are shown as a diff, without\n"
        "secrets, and written only after a yes. Everything else in the files stays as it is.\n"
        "Exit code 1: nothing was written.\n",
    .most = COMMAND_WORDS_MAX,
    .options = options,
    .run = install,
};

const struct command guard_uninstall_command = {
    .name = "guard uninstall",
    .words = "[SERVER...]",
    .summary = "put the servers of an MCP client back in the guard's place",
    .more = "Each gets what the primary of its group says; the groups stay in reputed.yaml.\n"
            "Shown and asked likewise. Exit code 1: nothing was written.\n",
    .most = COMMAND_WORDS_MAX,
    .options = options,
    .run = uninstall,
};
