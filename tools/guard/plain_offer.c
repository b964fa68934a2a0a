/* See plain_offer.h. */
#include "guard/plain_offer.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "wire/json.h"

static void forget(struct plain_server *server)
{
    for (uint32_t i = 0; i < server->tool_count; i++) {
        free(server->tools[i].name);
        uint8_t *definition = NULL;
        memcpy(&definition, &server->tools[i].definition.data, sizeof definition);
        free(definition);
    }
    free(server->tools);
    free(server->greeting);
    *server = (struct plain_server){0};
}

void plain_offer_close(struct plain_offer *offer)
{
    for (uint32_t b = 0; b < ROUTER_BACKENDS_MAX; b++)
        forget(&offer->servers[b]);
    free(offer->list);
    offer->list = NULL;
}

void plain_offer_judge(void *context, uint32_t backend)
{
    struct plain_offer *offer = context;
    offer->servers[backend].is_whole = true;
    offer->revision++;
}

/* NULL: nothing is learned. */
static const struct plain_server *contract(const struct plain_offer *offer)
{
    for (uint32_t b = 0; b < ROUTER_BACKENDS_MAX; b++) {
        if (offer->servers[b].is_whole)
            return &offer->servers[b];
    }
    return NULL;
}

static struct trust_bytes list_of(struct plain_offer *offer, const struct plain_server *server)
{
    size_t size = 2;
    for (uint32_t i = 0; i < server->tool_count; i++)
        size += server->tools[i].definition.size + 1;
    free(offer->list);
    offer->list = malloc(size);
    if (offer->list == NULL)
        return (struct trust_bytes){0};
    size_t used = 0;
    offer->list[used++] = '[';
    for (uint32_t i = 0; i < server->tool_count; i++) {
        const struct trust_bytes *definition = &server->tools[i].definition;
        if (i > 0)
            offer->list[used++] = ',';
        memcpy(offer->list + used, definition->data, definition->size);
        used += definition->size;
    }
    offer->list[used++] = ']';
    return (struct trust_bytes){.data = offer->list, .size = used};
}

static struct trust_bytes text(void *context, enum offer_text which)
{
    struct plain_offer *offer = context;
    const struct plain_server *server = contract(offer);
    if (server == NULL)
        return (struct trust_bytes){0};
    if (which == OFFER_TEXT_TOOLS)
        return list_of(offer, server);
    struct trust_bytes greeting = {.data = server->greeting, .size = server->greeting_size};
    struct trust_bytes member;
    const char *name = which == OFFER_TEXT_INITIALIZE ? "protocolVersion" : "supportedVersions";
    bool has_it = json_find(&member, greeting, name) == TRUST_OK;
    return has_it ? greeting : (struct trust_bytes){0};
}

static uint64_t revision(void *context)
{
    const struct plain_offer *offer = context;
    return offer->revision;
}

static const struct plain_tool *find_tool(const struct plain_server *server,
                                          struct trust_bytes name)
{
    for (uint32_t i = 0; i < server->tool_count; i++) {
        if (trust_bytes_equal(trust_bytes_text(server->tools[i].name), name))
            return &server->tools[i];
    }
    return NULL;
}

static struct offer_route route(void *context, struct trust_bytes tool, uint32_t backend)
{
    const struct plain_offer *offer = context;
    const struct plain_server *server = &offer->servers[backend];
    if (!server->is_whole)
        return (struct offer_route){.state = OFFER_UNKNOWN_YET};
    const struct plain_tool *found = find_tool(server, tool);
    if (found == NULL)
        return (struct offer_route){.state = OFFER_NOT_COVERED};
    return (struct offer_route){.state = OFFER_COVERED, .hints = found->hints};
}

static enum trust_error map_arguments(void *context, struct trust_bytes *out_arguments,
                                      struct trust_bytes tool, uint32_t backend,
                                      struct trust_bytes arguments)
{
    (void)context;
    (void)tool;
    (void)backend;
    *out_arguments = arguments;
    return TRUST_OK;
}

static bool hint(struct trust_bytes definition, const char *name)
{
    struct trust_bytes annotations;
    struct trust_bytes value;
    bool is_true = false;
    return json_find(&annotations, definition, "annotations") == TRUST_OK &&
           json_find(&value, annotations, name) == TRUST_OK &&
           json_bool(&is_true, value) == TRUST_OK && is_true;
}

static enum trust_error add_tool(struct plain_server *server, struct trust_bytes definition)
{
    struct trust_bytes name;
    size_t size = 0;
    if (json_find(&name, definition, "name") != TRUST_OK)
        return TRUST_NO_TYPE;
    char *copy = malloc(name.size + 1);
    uint8_t *kept = malloc(definition.size);
    if (copy == NULL || kept == NULL ||
        json_string_copy(copy, name.size, &size, name) != TRUST_OK) {
        free(copy);
        free(kept);
        return copy == NULL || kept == NULL ? TRUST_FAIL_MEMORY : TRUST_NO_TYPE;
    }
    copy[size] = '\0';
    memcpy(kept, definition.data, definition.size);
    server->tools[server->tool_count++] = (struct plain_tool){
        .name = copy,
        .definition = {.data = kept, .size = definition.size},
        .hints = {.is_read_only = hint(definition, "readOnlyHint"),
                  .is_idempotent = hint(definition, "idempotentHint")},
    };
    return TRUST_OK;
}

static enum trust_error add_page(struct plain_server *server, struct trust_bytes result)
{
    struct trust_bytes tools;
    struct trust_bytes definition;
    if (json_find(&tools, result, "tools") != TRUST_OK)
        return TRUST_NO_TYPE;
    if (server->tools == NULL)
        server->tools = calloc(PLAIN_OFFER_TOOLS_MAX, sizeof *server->tools);
    if (server->tools == NULL)
        return TRUST_FAIL_MEMORY;
    struct json_walk walk = json_walk_array(tools);
    while (json_next_item(&walk, &definition)) {
        if (server->tool_count == PLAIN_OFFER_TOOLS_MAX)
            return TRUST_NO_SIZE;
        enum trust_error error = add_tool(server, definition);
        if (error != TRUST_OK)
            return error;
    }
    return walk.error;
}

static enum trust_error learn(void *context, uint32_t backend, enum offer_part part,
                              struct trust_bytes result)
{
    struct plain_offer *offer = context;
    struct plain_server *server = &offer->servers[backend];
    if (part == OFFER_TOOLS)
        return add_page(server, result);
    if (part != OFFER_SERVER)
        return TRUST_OK;
    forget(server);
    server->greeting = malloc(result.size);
    if (server->greeting == NULL)
        return TRUST_FAIL_MEMORY;
    memcpy(server->greeting, result.data, result.size);
    server->greeting_size = result.size;
    return TRUST_OK;
}

const struct offer_calls plain_offer_calls = {.text = text,
                                              .revision = revision,
                                              .route = route,
                                              .map_arguments = map_arguments,
                                              .learn = learn};
