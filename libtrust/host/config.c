/* See config.h. One table a section; what a section cannot say of itself is checked at the end. */
#include "host/config.h"

#include <string.h>

#include "trust/record.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "host/breaker_section.h"
#include "host/endpoint.h"

#define TEXT_MAX 4096
#define STORE_LEAST (UINT64_C(1) << 20)
#define STORE_MOST (UINT64_C(1) << 42)

static const char *const relays[] = {"peers", "none", NULL};

static enum trust_error refuse_endpoint(struct trust_loader *loader, trust_yaml_node *node,
                                        const char *path)
{
    return trust_loader_refuse(loader, trust_yaml_mark(node), TRUST_NO_RANGE,
                               "%s: expected tcp://host:port with a port from 1 to 65535", path);
}

/* A text that is an endpoint; absent: NULL. */
static enum trust_error load_endpoint(struct trust_loader *loader, trust_yaml_node *node,
                                      const char *path, void *out_field)
{
    static const struct trust_field row = {
        .name = "endpoint", .type = TRUST_FIELD_TEXT, .most = TRUST_ENDPOINT_SIZE_MAX};
    if (trust_yaml_kind(node) == TRUST_YAML_NULL)
        return TRUST_OK;
    enum trust_error error = trust_field_load_value(loader, node, path, &row, out_field);
    struct trust_endpoint endpoint;
    if (error == TRUST_OK && trust_endpoint_parse(&endpoint, *(const char **)out_field) != TRUST_OK)
        return refuse_endpoint(loader, node, path);
    return error;
}

static const struct trust_field peer_fields[] = {
    {.name = "key",
     .type = TRUST_FIELD_NODE,
     .offset = offsetof(struct trust_config_peer, key),
     .is_required = true},
    {.name = "endpoint",
     .type = TRUST_FIELD_NESTED,
     .offset = offsetof(struct trust_config_peer, endpoint),
     .load = load_endpoint},
    {.name = "name",
     .type = TRUST_FIELD_TEXT,
     .offset = offsetof(struct trust_config_peer, name),
     .most = 64},
    {0},
};

static enum trust_error load_peer(struct trust_loader *loader, const char *name,
                                  trust_yaml_node *node, const char *path, void *out_item)
{
    (void)name;
    return trust_fields_load(loader, node, path, peer_fields, out_item);
}

static enum trust_error load_peers(struct trust_loader *loader, trust_yaml_node *node,
                                   const char *path, void *out_field)
{
    static const struct trust_items_shape shape = {.kind = TRUST_YAML_LIST,
                                                   .most = TRUST_CONFIG_PEERS_MAX,
                                                   .item_size = sizeof(struct trust_config_peer),
                                                   .load = load_peer};
    struct trust_items list = {0};
    enum trust_error error = trust_items_load(&list, loader, node, path, &shape);
    if (error == TRUST_OK)
        *(struct trust_config_peers *)out_field =
            (struct trust_config_peers){.peers = list.items, .count = list.count};
    return error;
}

/* newcomers: whether it was written at all matters for a listen beyond loopback. */
static enum trust_error load_newcomers(struct trust_loader *loader, trust_yaml_node *node,
                                       const char *path, void *out_field)
{
    static const struct trust_field row = {
        .name = "newcomers", .type = TRUST_FIELD_BOOL, .fallback = "false"};
    struct trust_config_link *link =
        (struct trust_config_link *)((char *)out_field -
                                     offsetof(struct trust_config_link, newcomers));
    link->newcomers_set = trust_yaml_kind(node) != TRUST_YAML_NULL;
    if (link->newcomers_set)
        return trust_field_load_value(loader, node, path, &row, out_field);
    return trust_field_load_default(loader, path, &row, out_field);
}

#define LINK(member) offsetof(struct trust_config_link, member)
static const struct trust_field link_fields[] = {
    {.name = "listen", .type = TRUST_FIELD_NESTED, .offset = LINK(listen), .load = load_endpoint},
    {.name = "newcomers",
     .type = TRUST_FIELD_NESTED,
     .offset = LINK(newcomers),
     .load = load_newcomers},
    {.name = "relay",
     .type = TRUST_FIELD_CHOICE,
     .offset = LINK(relay),
     .choices = relays,
     .fallback = "peers"},
    {.name = "peers", .type = TRUST_FIELD_NESTED, .offset = LINK(peers), .load = load_peers},
    {0},
};

static const struct trust_field store_fields[] = {
    {.name = "limit",
     .type = TRUST_FIELD_SIZE,
     .least = STORE_LEAST,
     .most = STORE_MOST,
     .fallback = "8GiB"},
    {0},
};

#define POLICY(member) offsetof(struct trust_config_policy, member)
static const struct trust_field policy_fields[] = {
    {.name = "min_score",
     .type = TRUST_FIELD_RATIO,
     .offset = POLICY(min_score),
     .fallback = "0.5"},
    {.name = "pin",
     .type = TRUST_FIELD_CHOICE,
     .offset = POLICY(pin),
     .choices = trust_group_pins,
     .fallback = "first_use"},
    {.name = "when_all_open",
     .type = TRUST_FIELD_CHOICE,
     .offset = POLICY(when_all_open),
     .choices = trust_group_all_opens,
     .fallback = "unavailable"},
    {.name = "risk",
     .type = TRUST_FIELD_CHOICE,
     .offset = POLICY(risk),
     .choices = trust_group_risks,
     .fallback = "low"},
    {0},
};

#define QUARANTINE(member) offsetof(struct trust_config_quarantine, member)
static const struct trust_field quarantine_fields[] = {
    {.name = "enforce",
     .type = TRUST_FIELD_NESTED,
     .offset = QUARANTINE(enforce),
     .load = trust_text_list_load},
    {.name = "never",
     .type = TRUST_FIELD_NESTED,
     .offset = QUARANTINE(never),
     .load = trust_text_list_load},
    {.name = "essential",
     .type = TRUST_FIELD_NESTED,
     .offset = QUARANTINE(essential),
     .load = trust_text_list_load},
    {0},
};

static const struct trust_field http_fields[] = {
    {.name = "listen", .type = TRUST_FIELD_TEXT, .most = 64},
    {0},
};

static enum trust_error load_link(struct trust_loader *loader, trust_yaml_node *node,
                                  const char *path, void *out_field)
{
    struct trust_config_link *link = out_field;
    enum trust_error error = trust_fields_load(loader, node, path, link_fields, link);
    struct trust_endpoint listen;
    if (error != TRUST_OK || link->listen == NULL)
        return error;
    error = trust_endpoint_parse(&listen, link->listen);
    if (error == TRUST_OK && !listen.is_loopback && !link->newcomers_set)
        return trust_loader_refuse(
            loader, trust_yaml_mark(trust_yaml_find(node, "listen")), TRUST_NO_CONFLICT,
            "%s: listening beyond loopback needs \"newcomers: false\" (only listed peers) or "
            "\"newcomers: true\" written out beside it",
            path);
    return error;
}

static enum trust_error load_store(struct trust_loader *loader, trust_yaml_node *node,
                                   const char *path, void *out_field)
{
    return trust_fields_load(loader, node, path, store_fields, out_field);
}

static enum trust_error load_policy(struct trust_loader *loader, trust_yaml_node *node,
                                    const char *path, void *out_field)
{
    return trust_fields_load(loader, node, path, policy_fields, out_field);
}

static enum trust_error load_quarantine(struct trust_loader *loader, trust_yaml_node *node,
                                        const char *path, void *out_field)
{
    struct trust_config_quarantine *quarantine = out_field;
    enum trust_error error = trust_fields_load(loader, node, path, quarantine_fields, quarantine);
    if (error != TRUST_OK || quarantine->enforce.count == 0)
        return error;
    return trust_loader_refuse(
        loader, trust_yaml_mark(trust_yaml_find(node, "enforce")), TRUST_NO_OPTION,
        "%s.enforce: this version cuts no connection off, whatever stands here; quarantined "
        "servers are withheld from agents without it: leave the list empty",
        path);
}

static enum trust_error load_http(struct trust_loader *loader, trust_yaml_node *node,
                                  const char *path, void *out_field)
{
    (void)out_field;
    const char *listen = NULL;
    enum trust_error error = trust_fields_load(loader, node, path, http_fields, &listen);
    if (error != TRUST_OK || listen == NULL)
        return error;
    return trust_loader_refuse(loader, trust_yaml_mark(trust_yaml_find(node, "listen")),
                               TRUST_NO_OPTION,
                               "%s.listen: this version opens no TCP port for its API; agents and "
                               "operators use the sockets under run/: leave it out",
                               path);
}

#define CONFIG(member) offsetof(struct trust_config, member)
/* policy stands before groups: they take its values. */
static const struct trust_field config_fields[] = {
    {.name = "operator", .type = TRUST_FIELD_OPERATOR, .offset = CONFIG(operator_key)},
    {.name = "network",
     .type = TRUST_FIELD_TEXT,
     .offset = CONFIG(network),
     .most = 64,
     .fallback = "main"},
    {.name = "link", .type = TRUST_FIELD_NESTED, .offset = CONFIG(link), .load = load_link},
    {.name = "store",
     .type = TRUST_FIELD_NESTED,
     .offset = CONFIG(store_limit),
     .load = load_store},
    {.name = "policy", .type = TRUST_FIELD_NESTED, .offset = CONFIG(policy), .load = load_policy},
    {.name = "breaker",
     .type = TRUST_FIELD_NESTED,
     .offset = CONFIG(breaker),
     .load = trust_breaker_section_load},
    {.name = "groups",
     .type = TRUST_FIELD_NESTED,
     .offset = CONFIG(groups),
     .load = trust_groups_load},
    {.name = "quarantine",
     .type = TRUST_FIELD_NESTED,
     .offset = CONFIG(quarantine),
     .load = load_quarantine},
    {.name = "http", .type = TRUST_FIELD_NESTED, .load = load_http},
    {0},
};

/* What one section cannot know of another. */
static enum trust_error check(struct trust_loader *loader, trust_yaml_node *root,
                              const struct trust_config *config)
{
    const struct trust_text_list *essential = &config->quarantine.essential;
    trust_yaml_node *list = trust_yaml_find(trust_yaml_find(root, "quarantine"), "essential");
    for (size_t i = 0; i < essential->count; i++) {
        if (trust_config_group(config, essential->texts[i]) == NULL)
            return trust_loader_refuse(
                loader, trust_yaml_mark(trust_yaml_item(list, i)), TRUST_NO_FOUND,
                "quarantine.essential: there is no group \"%.64s\"", essential->texts[i]);
    }
    struct trust_network network;
    if (trust_network_init(&network, config->network) != TRUST_OK)
        return trust_loader_refuse(loader, trust_yaml_mark(trust_yaml_find(root, "network")),
                                   TRUST_NO_RANGE,
                                   "network: expected 1 to 64 characters of a-z 0-9 . -");
    return TRUST_OK;
}

enum trust_error trust_config_load(struct trust_config *out_config,
                                   struct trust_yaml_fault *out_fault, const char *name,
                                   struct trust_bytes text)
{
    struct trust_yaml *yaml = NULL;
    *out_fault = (struct trust_yaml_fault){0};
    enum trust_error error = trust_yaml_open(&yaml, out_fault, name, text);
    if (error != TRUST_OK)
        return error;
    struct trust_config config = {0};
    struct trust_loader loader = {.yaml = yaml, .fault = out_fault, .strings = &config.strings};
    error = trust_fields_load(&loader, trust_yaml_root(yaml), "", config_fields, &config);
    if (error == TRUST_OK)
        error = check(&loader, trust_yaml_root(yaml), &config);
    trust_yaml_close(yaml);
    if (error != TRUST_OK) {
        trust_config_close(&config);
        return error;
    }
    config.entries = loader.first;
    *out_config = config;
    return TRUST_OK;
}

void trust_config_close(struct trust_config *config)
{
    trust_strings_close(&config->strings);
}

const struct trust_group *trust_config_group(const struct trust_config *config, const char *name)
{
    for (size_t i = 0; i < config->groups.count; i++) {
        if (strcmp(config->groups.groups[i].name, name) == 0)
            return &config->groups.groups[i];
    }
    return NULL;
}
