/* See guard_plan.h. */
#include "repute/guard_plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "repute/guard_entry.h"

#define CONFIG_SIZE_MAX (1u << 20)
/* Entries of one name with different servers behind it. */
#define SAME_NAMES_MAX 99

/* ---- reading ---- */

enum trust_error guard_plan_open(struct guard_plan *plan)
{
    char path[TRUST_HOME_PATH_SIZE];
    struct trust_yaml_fault fault = {0};
    const struct trust_config *known = NULL;
    /* It says what is wrong with a broken one. */
    enum trust_error error = context_config(plan->context, &known);
    if (error != TRUST_OK)
        return error;
    trust_home_path(path, &plan->context->home, TRUST_HOME_CONFIG);
    error = change_open(plan->context, &plan->config, path, CONFIG_SIZE_MAX);
    if (error == TRUST_OK)
        error = trust_config_load(&plan->file, &fault, path, change_text(&plan->config));
    plan->has_file = error == TRUST_OK;
    plan->rows = json_array();
    return error == TRUST_OK && plan->rows == NULL ? TRUST_FAIL_MEMORY : error;
}

void guard_plan_close(struct guard_plan *plan)
{
    change_close(&plan->client);
    change_close(&plan->config);
    json_decref(plan->document);
    json_decref(plan->rows);
    if (plan->has_file)
        trust_config_close(&plan->file);
    free(plan->servers);
    free(plan->groups);
    *plan = (struct guard_plan){0};
}

static bool count_server(void *context, const struct clients_server *server)
{
    (void)server;
    (*(size_t *)context)++;
    return true;
}

struct reading {
    struct guard_plan *plan;
    const struct guard_plan_choice *choice;
};

static bool is_meant(const struct guard_plan_choice *choice, const char *name)
{
    bool is_named = choice->name_count == 0;
    for (size_t i = 0; !is_named && i < choice->name_count; i++)
        is_named = strcmp(choice->names[i], name) == 0;
    return is_named;
}

static bool add_server(void *context, const struct clients_server *server)
{
    struct reading *reading = context;
    struct guard_plan *plan = reading->plan;
    const char *group = reading->choice->group;
    bool is_named = group != NULL && trust_config_group(&plan->file, group) != NULL;
    if (!is_meant(reading->choice, server->name))
        return true;
    guard_server_init(&plan->servers[plan->server_count], server, is_named);
    plan->servers[plan->server_count++].client = reading->choice->client;
    return true;
}

/* Every name that was given is there. */
static enum trust_error check_names(struct guard_plan *plan, const struct guard_plan_choice *choice)
{
    for (size_t i = 0; i < choice->name_count; i++) {
        bool is_there = false;
        for (size_t j = 0; !is_there && j < plan->server_count; j++)
            is_there = strcmp(plan->servers[j].name, choice->names[i]) == 0;
        if (!is_there)
            return context_refuse(plan->context, TRUST_NO_FOUND, "`repute scan` lists the servers",
                                  "%s: it has no server %s", plan->client.file.path,
                                  choice->names[i]);
    }
    return TRUST_OK;
}

enum trust_error guard_plan_read(struct guard_plan *plan, const struct guard_plan_choice *choice)
{
    size_t count = 0;
    struct reading reading = {.plan = plan, .choice = choice};
    enum trust_error error = TRUST_OK;
    if (plan->document != NULL)
        error = clients_doc_walk(plan->document, choice->members, count_server, &count);
    if (error > TRUST_OK)
        return context_refuse(plan->context, error, "compare it with the client's manual",
                              "%s: its servers are no members of an object, or too many",
                              plan->client.file.path);
    plan->servers = calloc(count + 1, sizeof *plan->servers);
    plan->groups = calloc(count + 1, sizeof *plan->groups);
    if (plan->servers == NULL || plan->groups == NULL)
        return TRUST_FAIL_MEMORY;
    if (error == TRUST_OK && count > 0)
        error = clients_doc_walk(plan->document, choice->members, add_server, &reading);
    return error == TRUST_OK ? check_names(plan, choice) : error;
}

/* ---- rows ---- */

struct row {
    const char *group; /* NULL: none */
    const char *state; /* static */
    const char *text;
    const char *next;
};

/* out_group, if not NULL, is the row's copy of the group's name. */
static enum trust_error add_row(struct guard_plan *plan, const struct guard_server *server,
                                const struct row *row, const char **out_group)
{
    const char *subject = server->launch.subject;
    json_t *value = json_pack("{s:s,s:s?,s:s?,s:s?,s:s,s:s?,s:s?}", "name", server->name, "project",
                              server->project, "subject", subject[0] == '\0' ? NULL : subject,
                              "group", row->group, "state", row->state, "text", row->text, "next",
                              row->next == NULL || row->next[0] == '\0' ? NULL : row->next);
    if (json_array_append_new(plan->rows, value) != 0)
        return TRUST_FAIL_MEMORY;
    if (out_group != NULL)
        *out_group = json_string_value(json_object_get(value, "group"));
    return TRUST_OK;
}

/* ---- groups ---- */

/* The entry's name in the alphabet of groups; it does not begin as an option does. */
static void make_name(char out_name[TRUST_GROUP_NAME_SIZE_MAX + 1], const char *entry,
                      unsigned number)
{
    char suffix[8] = "";
    size_t size = 0;
    if (number > 1)
        (void)snprintf(suffix, sizeof suffix, "-%u", number);
    size_t room = TRUST_GROUP_NAME_SIZE_MAX - strlen(suffix);
    for (; *entry != '\0' && size < room; entry++) {
        char c = *entry;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool is_ours = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        bool is_dash = !is_ours || c == '-';
        if (is_dash && (size == 0 || (!is_ours && out_name[size - 1] == '-')))
            continue;
        out_name[size++] = is_ours ? c : '-';
    }
    if (size == 0)
        size = (size_t)snprintf(out_name, TRUST_GROUP_NAME_SIZE_MAX + 1, "server");
    (void)snprintf(out_name + size, TRUST_GROUP_NAME_SIZE_MAX + 1 - size, "%s", suffix);
}

/* The primary of this group, of the file or to be written; NULL: there is no such group. */
static const struct trust_group_server *primary_of(const struct guard_plan *plan, const char *name)
{
    const struct trust_group *group = trust_config_group(&plan->file, name);
    if (group != NULL)
        return &group->primary;
    for (size_t i = 0; i < plan->group_count; i++) {
        if (strcmp(plan->groups[i].name, name) == 0)
            return plan->groups[i].primary;
    }
    return NULL;
}

/* The first group of the entry's name that is free, or starts the same server. */
static bool choose_group(char out_name[TRUST_GROUP_NAME_SIZE_MAX + 1],
                         const struct guard_plan *plan, const struct guard_server *server)
{
    for (unsigned number = 1; number <= SAME_NAMES_MAX; number++) {
        make_name(out_name, server->name, number);
        const struct trust_group_server *primary = primary_of(plan, out_name);
        if (primary == NULL || guard_server_is_same(primary, &server->primary))
            return true;
    }
    return false;
}

/* A group that was named and is there must be one for this server. */
static enum trust_error check_group(struct guard_plan *plan, const struct guard_server *server,
                                    const char *name)
{
    struct trust_subject ours;
    struct trust_subject theirs;
    const struct trust_group_server *primary = primary_of(plan, name);
    const char *subject = server->launch.subject;
    if (primary == NULL || subject[0] == '\0')
        return TRUST_OK;
    bool is_same = trust_subject_parse(&ours, trust_bytes_text(subject)) == TRUST_OK &&
                   trust_subject_parse(&theirs, trust_bytes_text(primary->subject)) == TRUST_OK &&
                   trust_bytes_equal(ours.server, theirs.server);
    return is_same ? TRUST_OK
                   : context_refuse(plan->context, TRUST_NO_CONFLICT,
                                    "give another --group, or none: then it gets one of its own",
                                    "group %s stands for %s, and server %s is %s", name,
                                    primary->subject, server->name, subject);
}

/* ---- moving ---- */

static void add_group(struct guard_plan *plan, const struct guard_server *server, const char *name)
{
    plan->groups[plan->group_count++] =
        (struct groups_edit_group){.name = name, .primary = &server->primary};
}

static enum trust_error move(struct guard_plan *plan, const struct guard_server *server,
                             const char *wanted)
{
    char name[TRUST_GROUP_NAME_SIZE_MAX + 1];
    const char *group = NULL;
    enum trust_error error = TRUST_OK;
    if (wanted != NULL)
        error = check_group(plan, server, wanted);
    else if (!choose_group(name, plan, server))
        error =
            context_refuse(plan->context, TRUST_NO_CONFLICT, "give a --group for it",
                           "every group of the name of %s stands for another server", server->name);
    if (error != TRUST_OK)
        return error;
    struct row row = {.group = wanted != NULL ? wanted : name, .state = "moves"};
    const struct trust_group_server *primary = primary_of(plan, row.group);
    if (primary != NULL && !guard_server_is_same(primary, &server->primary))
        row.text = "from now on it is started as the group says, not as the entry did";
    error = add_row(plan, server, &row, &group);
    if (error == TRUST_OK && primary == NULL)
        add_group(plan, server, group);
    if (error == TRUST_OK)
        error = guard_entry_put(plan->context, &plan->client, server, group);
    plan->moved_count++;
    return error;
}

static size_t count_movable(const struct guard_plan *plan)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->server_count; i++)
        count += plan->servers[i].why == NULL;
    return count;
}

static bool is_group_name(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size <= TRUST_GROUP_NAME_SIZE_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == size;
}

static enum trust_error decide(struct guard_plan *plan, const struct guard_plan_choice *choice)
{
    enum trust_error error = TRUST_OK;
    if (choice->group != NULL && !is_group_name(choice->group))
        return context_misuse(plan->context, TRUST_NO_RANGE, NULL,
                              "a group's name has 1 to 64 of a-z 0-9 _ -");
    if (choice->group != NULL && count_movable(plan) > 1)
        return context_misuse(plan->context, TRUST_NO_OPTION,
                              "name one server, or leave --group out",
                              "--group is for one server, and %zu are meant", count_movable(plan));
    for (size_t i = 0; i < plan->server_count && error == TRUST_OK; i++) {
        const struct guard_server *server = &plan->servers[i];
        bool is_guarded = server->launch.gap == LAUNCH_GAP_GUARDED;
        const struct row row = {.group = is_guarded ? server->launch.group : NULL,
                                .state = is_guarded ? "guarded" : "left",
                                .text = server->why,
                                .next = server->next};
        plan->left_count += server->why != NULL && !is_guarded;
        error = server->why == NULL ? move(plan, server, choice->group)
                                    : add_row(plan, server, &row, NULL);
    }
    return error;
}

/* ---- reputed.yaml ---- */

/* What was written must say what was meant, and nothing else must have changed its meaning. */
static bool is_right(const struct guard_plan *plan)
{
    struct trust_config after;
    struct trust_yaml_fault fault = {0};
    const struct trust_bytes text = {.data = plan->config.after, .size = plan->config.after_size};
    if (trust_config_load(&after, &fault, "", text) != TRUST_OK)
        return false;
    bool right = after.groups.count == plan->file.groups.count + plan->group_count;
    for (size_t i = 0; right && i < plan->group_count; i++) {
        const struct trust_group *group = trust_config_group(&after, plan->groups[i].name);
        right = group != NULL && guard_server_is_same(&group->primary, plan->groups[i].primary) &&
                strcmp(group->primary.subject, plan->groups[i].primary->subject) == 0;
    }
    for (size_t i = 0; right && i < plan->file.groups.count; i++) {
        const struct trust_group *before = &plan->file.groups.groups[i];
        const struct trust_group *group = trust_config_group(&after, before->name);
        right = group != NULL && guard_server_is_same(&group->primary, &before->primary) &&
                group->fallbacks.count == before->fallbacks.count;
    }
    trust_config_close(&after);
    return right;
}

static bool is_same_patch(const struct patch *a, const struct patch *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->edits[i].put_size == b->edits[i].put_size &&
               memcmp(a->edits[i].put, b->edits[i].put, a->edits[i].put_size) == 0;
    return same;
}

static enum trust_error write_groups(struct guard_plan *plan)
{
    struct patch shown = {0};
    const char *path = plan->config.file.path;
    enum trust_error error = groups_edit_add(
        &plan->config.patch, &shown, change_text(&plan->config), plan->groups, plan->group_count);
    if (error == TRUST_OK)
        error = change_finish_shown(&plan->config, &shown);
    plan->moves_secrets = error == TRUST_OK && !is_same_patch(&plan->config.patch, &shown);
    patch_close(&shown);
    bool is_wrong = error == TRUST_OK ? !is_right(plan) : error > TRUST_OK;
    if (is_wrong)
        return context_refuse(plan->context, TRUST_NO_TYPE,
                              "write `groups:` and what is below it as indented lines without "
                              "braces, or write the group by hand and give --group",
                              "%s: groups cannot be added to it as it is written", path);
    /* What only its user and the node read may hold secrets. */
    bool is_system = geteuid() == 0 && !plan->context->is_home_given;
    if (plan->moves_secrets)
        plan->config.file.mode &= is_system ? 0640 : 0600;
    return error;
}

enum trust_error guard_plan_make(struct guard_plan *plan, const struct guard_plan_choice *choice)
{
    enum trust_error error = decide(plan, choice);
    if (error == TRUST_OK)
        error = change_finish(plan->context, &plan->client);
    if (error == TRUST_OK && plan->group_count > 0)
        error = write_groups(plan);
    return error;
}

/* ---- back ---- */

static enum trust_error restore(struct guard_plan *plan, const struct guard_server *server)
{
    const char *name = server->launch.group;
    const struct trust_group *group = trust_config_group(&plan->file, name);
    const struct trust_group_server *primary = group == NULL ? NULL : &group->primary;
    bool is_startable = primary != NULL && (primary->command != NULL || primary->url != NULL);
    struct row row = {.group = name, .state = "moves"};
    if (!is_startable) {
        row.state = "left";
        plan->left_count++;
        row.text = "reputed.yaml has no such group, or not how its primary is started";
        row.next = "put the entry back from a FILE.repute-backup";
    }
    enum trust_error error = add_row(plan, server, &row, NULL);
    if (error != TRUST_OK || !is_startable)
        return error;
    plan->moved_count++;
    return guard_entry_restore(plan->context, &plan->client, server, primary);
}

enum trust_error guard_plan_make_back(struct guard_plan *plan,
                                      const struct guard_plan_choice *choice)
{
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; i < plan->server_count && error == TRUST_OK; i++) {
        const struct guard_server *server = &plan->servers[i];
        const char *group = server->launch.group;
        bool is_meant_group = choice->group == NULL || strcmp(choice->group, group) == 0;
        if (server->launch.gap == LAUNCH_GAP_GUARDED && is_meant_group)
            error = restore(plan, server);
    }
    return error == TRUST_OK ? change_finish(plan->context, &plan->client) : error;
}
