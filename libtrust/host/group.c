/* See group.h. One table of fields for the group, one for its servers, one for a tool's map. */
#include "host/group.h"

#include <string.h>

#include "trust/select.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/limits.h"

#define TEXT_MAX 4096
#define CALL_MS_MAX UINT64_C(86400000)
#define IDLE_MS_MAX (UINT64_C(7) * 86400000)

static const char *const strategies[] = {"primary_first", "best", NULL};
const char *const trust_group_risks[] = {"low", "high", NULL};
const char *const trust_group_pins[] = {"first_use", "confirm", NULL};
const char *const trust_group_all_opens[] = {"unavailable", "try_least_bad", NULL};

static enum trust_error load_pair(struct trust_loader *loader, const char *name,
                                  trust_yaml_node *node, const char *path, void *out_item)
{
    static const struct trust_field row = {
        .name = "value", .type = TRUST_FIELD_TEXT, .most = TEXT_MAX};
    struct trust_group_pair *pair = out_item;
    pair->name = trust_strings_copy(loader->strings, name);
    if (pair->name == NULL)
        return TRUST_FAIL_MEMORY;
    return trust_field_load_value(loader, node, path, &row, &pair->value);
}

enum trust_error trust_group_pairs_load(struct trust_loader *loader, trust_yaml_node *node,
                                        const char *path, void *out_field)
{
    static const struct trust_items_shape shape = {.kind = TRUST_YAML_MAP,
                                                   .most = TRUST_GROUP_PAIRS_MAX,
                                                   .item_size = sizeof(struct trust_group_pair),
                                                   .load = load_pair};
    struct trust_items list = {0};
    enum trust_error error = trust_items_load(&list, loader, node, path, &shape);
    if (error == TRUST_OK)
        *(struct trust_group_pairs *)out_field =
            (struct trust_group_pairs){.pairs = list.items, .count = list.count};
    return error;
}

static const struct trust_field map_fields[] = {
    {.name = "tool",
     .type = TRUST_FIELD_TEXT,
     .offset = offsetof(struct trust_group_map, target),
     .most = TRUST_TOOL_NAME_SIZE_MAX},
    {.name = "args",
     .type = TRUST_FIELD_NESTED,
     .offset = offsetof(struct trust_group_map, args),
     .load = trust_group_pairs_load},
    {0},
};

static enum trust_error load_map(struct trust_loader *loader, const char *name,
                                 trust_yaml_node *node, const char *path, void *out_item)
{
    struct trust_group_map *map = out_item;
    if (strlen(name) > TRUST_TOOL_NAME_SIZE_MAX)
        return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_RANGE,
                                   "%s: a tool's name has at most %d bytes", path,
                                   TRUST_TOOL_NAME_SIZE_MAX);
    map->tool = trust_strings_copy(loader->strings, name);
    if (map->tool == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = trust_fields_load(loader, node, path, map_fields, map);
    if (map->target == NULL)
        map->target = map->tool;
    return error;
}

static enum trust_error load_maps(struct trust_loader *loader, trust_yaml_node *node,
                                  const char *path, void *out_field)
{
    static const struct trust_items_shape shape = {.kind = TRUST_YAML_MAP,
                                                   .most = TRUST_GROUP_MAPS_MAX,
                                                   .item_size = sizeof(struct trust_group_map),
                                                   .load = load_map};
    struct trust_items list = {0};
    enum trust_error error = trust_items_load(&list, loader, node, path, &shape);
    if (error == TRUST_OK)
        *(struct trust_group_maps *)out_field =
            (struct trust_group_maps){.maps = list.items, .count = list.count};
    return error;
}

#define SERVER(member) offsetof(struct trust_group_server, member)
static const struct trust_field server_fields[] = {
    {.name = "subject",
     .type = TRUST_FIELD_SUBJECT,
     .offset = SERVER(subject),
     .is_required = true},
    {.name = "command", .type = TRUST_FIELD_TEXT, .offset = SERVER(command), .most = TEXT_MAX},
    {.name = "args",
     .type = TRUST_FIELD_NESTED,
     .offset = SERVER(args),
     .load = trust_text_list_load},
    {.name = "env",
     .type = TRUST_FIELD_NESTED,
     .offset = SERVER(env),
     .load = trust_group_pairs_load},
    {.name = "cwd", .type = TRUST_FIELD_TEXT, .offset = SERVER(cwd), .most = TEXT_MAX},
    {.name = "url", .type = TRUST_FIELD_TEXT, .offset = SERVER(url), .most = TEXT_MAX},
    {.name = "headers",
     .type = TRUST_FIELD_NESTED,
     .offset = SERVER(headers),
     .load = trust_group_pairs_load},
    {.name = "trust_hints",
     .type = TRUST_FIELD_BOOL,
     .offset = SERVER(trust_hints),
     .fallback = "false"},
    {.name = "map", .type = TRUST_FIELD_NESTED, .offset = SERVER(maps), .load = load_maps},
    {0},
};

static enum trust_error load_server(struct trust_loader *loader, const char *name,
                                    trust_yaml_node *node, const char *path, void *out_item)
{
    (void)name;
    struct trust_group_server *server = out_item;
    enum trust_error error = trust_fields_load(loader, node, path, server_fields, server);
    if (error == TRUST_OK && server->command != NULL && server->url != NULL)
        return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_CONFLICT,
                                   "%s: a server has a command or a url, not both", path);
    return error;
}

static enum trust_error load_primary(struct trust_loader *loader, trust_yaml_node *node,
                                     const char *path, void *out_field)
{
    return load_server(loader, NULL, node, path, out_field);
}

static enum trust_error load_fallbacks(struct trust_loader *loader, trust_yaml_node *node,
                                       const char *path, void *out_field)
{
    static const struct trust_items_shape shape = {.kind = TRUST_YAML_LIST,
                                                   .most = TRUST_GROUP_FALLBACKS_MAX,
                                                   .item_size = sizeof(struct trust_group_server),
                                                   .load = load_server};
    struct trust_items list = {0};
    enum trust_error error = trust_items_load(&list, loader, node, path, &shape);
    if (error == TRUST_OK)
        *(struct trust_group_servers *)out_field =
            (struct trust_group_servers){.servers = list.items, .count = list.count};
    return error;
}

#define GROUP(member) offsetof(struct trust_group, member)

/* Its default follows from the group's risk, which the table reads before it. */
static enum trust_error load_vetted_only(struct trust_loader *loader, trust_yaml_node *node,
                                         const char *path, void *out_field)
{
    static const struct trust_field low = {
        .name = "vetted_only", .type = TRUST_FIELD_BOOL, .fallback = "false"};
    static const struct trust_field high = {
        .name = "vetted_only", .type = TRUST_FIELD_BOOL, .fallback = "true"};
    const struct trust_group *group =
        (const struct trust_group *)((char *)out_field - GROUP(vetted_only));
    const struct trust_field *row = group->risk == TRUST_RISK_HIGH ? &high : &low;
    if (trust_yaml_kind(node) != TRUST_YAML_NULL)
        return trust_field_load_value(loader, node, path, row, out_field);
    return trust_field_load_default(loader, path, row, out_field);
}

static const struct trust_field group_fields[] = {
    {.name = "primary", .type = TRUST_FIELD_NESTED, .offset = GROUP(primary), .load = load_primary},
    {.name = "fallbacks",
     .type = TRUST_FIELD_NESTED,
     .offset = GROUP(fallbacks),
     .load = load_fallbacks},
    {.name = "strategy",
     .type = TRUST_FIELD_CHOICE,
     .offset = GROUP(strategy),
     .choices = strategies,
     .fallback = "primary_first"},
    {.name = "min_score",
     .type = TRUST_FIELD_RATIO,
     .offset = GROUP(min_score),
     .inherited = "policy.min_score"},
    {.name = "risk",
     .type = TRUST_FIELD_CHOICE,
     .offset = GROUP(risk),
     .choices = trust_group_risks,
     .inherited = "policy.risk"},
    {.name = "vetted_only",
     .type = TRUST_FIELD_NESTED,
     .offset = GROUP(vetted_only),
     .load = load_vetted_only},
    {.name = "when_all_open",
     .type = TRUST_FIELD_CHOICE,
     .offset = GROUP(when_all_open),
     .choices = trust_group_all_opens,
     .inherited = "policy.when_all_open"},
    {.name = "believe_hints",
     .type = TRUST_FIELD_RATIO,
     .offset = GROUP(believe_hints),
     .fallback = "0.5"},
    {.name = "shared_state",
     .type = TRUST_FIELD_BOOL,
     .offset = GROUP(shared_state),
     .fallback = "false"},
    {.name = "auth_elsewhere",
     .type = TRUST_FIELD_BOOL,
     .offset = GROUP(auth_elsewhere),
     .fallback = "false"},
    {.name = "pin",
     .type = TRUST_FIELD_CHOICE,
     .offset = GROUP(pin),
     .choices = trust_group_pins,
     .inherited = "policy.pin"},
    {.name = "essential",
     .type = TRUST_FIELD_BOOL,
     .offset = GROUP(essential),
     .fallback = "false"},
    {.name = "call_timeout",
     .type = TRUST_FIELD_DURATION,
     .offset = GROUP(call_timeout_ms),
     .least = 1,
     .most = CALL_MS_MAX,
     .fallback = "60s"},
    {.name = "connect_timeout",
     .type = TRUST_FIELD_DURATION,
     .offset = GROUP(connect_timeout_ms),
     .least = 1,
     .most = CALL_MS_MAX,
     .fallback = "10s"},
    {.name = "idle_timeout",
     .type = TRUST_FIELD_DURATION,
     .offset = GROUP(idle_timeout_ms),
     .most = IDLE_MS_MAX,
     .fallback = "0s"},
    {0},
};

static bool is_group_name(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size <= TRUST_GROUP_NAME_SIZE_MAX &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == size;
}

static enum trust_error load_group(struct trust_loader *loader, const char *name,
                                   trust_yaml_node *node, const char *path, void *out_item)
{
    struct trust_group *group = out_item;
    if (!is_group_name(name))
        return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_RANGE,
                                   "%s: a group's name has 1 to %d of a-z 0-9 _ -", path,
                                   TRUST_GROUP_NAME_SIZE_MAX);
    if (trust_yaml_kind(trust_yaml_find(node, "primary")) == TRUST_YAML_NULL)
        return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_OPTION,
                                   "%s: \"primary\" is missing", path);
    group->name = trust_strings_copy(loader->strings, name);
    if (group->name == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = trust_fields_load(loader, node, path, group_fields, group);
    for (size_t i = 0; error == TRUST_OK && i < group->fallbacks.count; i++) {
        if (strcmp(group->fallbacks.servers[i].subject, group->primary.subject) == 0)
            return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_CONFLICT,
                                       "%s: the primary stands among its own fallbacks", path);
    }
    return error;
}

enum trust_error trust_groups_load(struct trust_loader *loader, trust_yaml_node *node,
                                   const char *path, void *out_field)
{
    static const struct trust_items_shape shape = {.kind = TRUST_YAML_MAP,
                                                   .most = TRUST_GROUPS_MAX,
                                                   .item_size = sizeof(struct trust_group),
                                                   .load = load_group};
    struct trust_items list = {0};
    enum trust_error error = trust_items_load(&list, loader, node, path, &shape);
    if (error == TRUST_OK)
        *(struct trust_groups *)out_field =
            (struct trust_groups){.groups = list.items, .count = list.count};
    return error;
}
