/* See catalogue.h. */
#include "guard/offer/catalogue.h"

#include <stdlib.h>

#include "base/assert.h"
#include "guard/offer/contract_map.h"
#include "guard/offer/greeting.h"
#include "wire/json.h"
#include "wire/message.h"
#include "wire/splice.h"

struct backend {
    struct manifest *learning; /* being learned; NULL: nothing yet */
    struct manifest *live;     /* as it was learned last */
    struct manifest *pinned;
    enum pin_state states[TRUST_MANIFEST_ITEMS_MAX]; /* of live, as the next two */
    bool holds_prompts;
    bool holds_templates;
};

/* Memory for one answer, used again. */
struct room {
    uint8_t *data;
    size_t capacity;
};

struct catalogue {
    struct catalogue_config config;
    bool has_heard;
    bool is_modern;
    uint8_t capabilities[DIGEST_SIZE];
    struct contract *contract;
    bool is_built;
    uint32_t source; /* the backend that the contract is of */
    uint64_t revision;
    uint64_t pins_revision; /* of the pins that all backends were judged by */
    uint32_t count;
    struct backend backends[CONTRACT_BACKENDS_MAX];
    struct room greeting;
    struct room translated;
    struct room arguments;
};

/* ---- spans and memory ---- */

static struct trust_bytes member(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    if (json_kind(object) != JSON_KIND_OBJECT || json_find(&value, object, name) != TRUST_OK)
        return (struct trust_bytes){0};
    return value;
}

static bool make_room(struct room *room, size_t size)
{
    if (size <= room->capacity)
        return true;
    uint8_t *data = realloc(room->data, size);
    if (data == NULL)
        return false;
    *room = (struct room){.data = data, .capacity = size};
    return true;
}

static const struct trust_group_server *server_of(const struct catalogue *catalogue, uint32_t b)
{
    const struct trust_group *group = catalogue->config.group;
    return b == 0 ? &group->primary : &group->fallbacks.servers[b - 1];
}

static void forget(struct manifest **manifest)
{
    manifest_free(*manifest);
    *manifest = NULL;
}

static struct pins_sight sight_of(const struct catalogue *catalogue, uint32_t b, uint64_t now_s)
{
    return (struct pins_sight){
        .subject = server_of(catalogue, b)->subject,
        .capabilities = catalogue->capabilities,
        .manifest = catalogue->backends[b].live,
        .operator_key = catalogue->config.operator_key,
        .is_confirmed = catalogue->config.group->pin == TRUST_GROUP_PIN_CONFIRM,
        .now_s = now_s,
    };
}

/* ---- the contract ---- */

static void load_pinned(struct catalogue *catalogue)
{
    for (uint32_t b = 0; b < catalogue->count; b++) {
        struct backend *backend = &catalogue->backends[b];
        struct pins_sight sight = sight_of(catalogue, b, 0);
        forget(&backend->pinned);
        /* What cannot be had is not known, which withholds. */
        if (pins_manifest(catalogue->config.pins, &backend->pinned, &sight) != TRUST_OK)
            backend->pinned = NULL;
    }
}

/* The primary's word if there is one, else that of the first fallback that is known. */
static bool find_source(const struct catalogue *catalogue, uint32_t *out_source)
{
    for (uint32_t b = 0; b < catalogue->count; b++) {
        if (catalogue->backends[b].pinned != NULL) {
            *out_source = b;
            return true;
        }
    }
    return false;
}

static void set_backend(struct catalogue *catalogue, uint32_t b)
{
    const struct backend *backend = &catalogue->backends[b];
    const struct contract_backend known = {
        .manifest = backend->live != NULL ? backend->live : backend->pinned,
        .states = backend->live != NULL ? backend->states : NULL,
        .maps = b == catalogue->source ? NULL : &server_of(catalogue, b)->maps,
    };
    /* Without memory it stays unknown, and serves nothing. */
    enum trust_error error = contract_set_backend(catalogue->contract, b, &known);
    (void)error;
}

static enum trust_error rebuild(struct catalogue *catalogue)
{
    bool has_changed = false;
    load_pinned(catalogue);
    catalogue->is_built = find_source(catalogue, &catalogue->source);
    if (!catalogue->is_built)
        return TRUST_OK;
    enum trust_error error = contract_build(catalogue->contract, &has_changed,
                                            catalogue->backends[catalogue->source].pinned);
    if (error != TRUST_OK)
        return error;
    catalogue->revision += has_changed;
    for (uint32_t b = 0; b < catalogue->count; b++)
        set_backend(catalogue, b);
    return TRUST_OK;
}

/* ---- the table ---- */

/* The guard tells of changes, whatever the server promises, and speaks for itself. */
static struct trust_bytes with_changes(struct catalogue *catalogue, struct trust_bytes greeting)
{
    struct trust_bytes tools = member(member(greeting, "capabilities"), "tools");
    struct trust_bytes told = member(tools, "listChanged");
    struct splice splice;
    splice_init(&splice, greeting);
    greeting_take_out_own(&splice, greeting);
    if (told.size > 0)
        splice_replace(&splice, told, trust_bytes_text("true"));
    else if (json_kind(tools) == JSON_KIND_OBJECT)
        splice_add_member(&splice, tools, "listChanged", trust_bytes_text("true"));
    if (!make_room(&catalogue->greeting, splice.size))
        return greeting;
    struct trust_writer writer =
        trust_writer_init(catalogue->greeting.data, catalogue->greeting.capacity);
    splice_write(&splice, &writer);
    return trust_writer_bytes(&writer);
}

/* In the words of the client's era. */
static struct trust_bytes translated(struct catalogue *catalogue, struct trust_bytes greeting,
                                     bool is_legacy)
{
    struct room *room = &catalogue->translated;
    if (greeting_is_legacy(greeting) == is_legacy)
        return greeting;
    if (!make_room(room, greeting.size + GREETING_EXTRA))
        return (struct trust_bytes){0};
    struct trust_writer writer = trust_writer_init(room->data, room->capacity);
    if (is_legacy)
        greeting_write_legacy(&writer, greeting);
    else
        greeting_write_modern(&writer, greeting);
    assert(!trust_writer_has_overflowed(&writer));
    return trust_writer_bytes(&writer);
}

static struct trust_bytes give_text(void *context, enum offer_text text)
{
    struct catalogue *catalogue = context;
    if (!catalogue->is_built)
        return (struct trust_bytes){0};
    struct trust_bytes greeting = manifest_server(catalogue->backends[catalogue->source].pinned);
    switch (text) {
    case OFFER_TEXT_TOOLS:
        return contract_list(catalogue->contract);
    case OFFER_TEXT_INITIALIZE:
    case OFFER_TEXT_DISCOVER:
        break;
    }
    if (greeting.size == 0)
        return greeting;
    return with_changes(catalogue, translated(catalogue, greeting, text == OFFER_TEXT_INITIALIZE));
}

static uint64_t give_revision(void *context)
{
    const struct catalogue *catalogue = context;
    return catalogue->revision;
}

static struct offer_route give_route(void *context, struct trust_bytes tool, uint32_t backend)
{
    const struct catalogue *catalogue = context;
    size_t index = 0;
    if (!catalogue->is_built || backend >= catalogue->count)
        return (struct offer_route){.state = OFFER_UNKNOWN_YET};
    if (!contract_find(catalogue->contract, &index, tool))
        return (struct offer_route){.state = OFFER_NOT_COVERED};
    return contract_route(catalogue->contract, index, backend).route;
}

static enum trust_error give_arguments(void *context, struct trust_bytes *out_arguments,
                                       struct trust_bytes tool, uint32_t backend,
                                       struct trust_bytes arguments)
{
    struct catalogue *catalogue = context;
    size_t index = 0;
    if (!catalogue->is_built || backend >= catalogue->count ||
        !contract_find(catalogue->contract, &index, tool))
        return TRUST_NO_RANGE;
    const struct trust_group_map *map = contract_route(catalogue->contract, index, backend).map;
    if (map == NULL) {
        *out_arguments = arguments;
        return TRUST_OK;
    }
    size_t size = contract_map_room(&map->args, arguments);
    if (!make_room(&catalogue->arguments, size))
        return TRUST_FAIL_MEMORY;
    struct trust_writer writer = trust_writer_init(catalogue->arguments.data, size);
    enum trust_error error = contract_map_write(&writer, &map->args, arguments);
    assert(!trust_writer_has_overflowed(&writer));
    if (error == TRUST_OK)
        *out_arguments = trust_writer_bytes(&writer);
    return error;
}

static bool give_conforms(void *context, struct trust_bytes tool, uint32_t backend,
                          struct trust_bytes content)
{
    struct catalogue *catalogue = context;
    size_t index = 0;
    return !catalogue->is_built || backend >= catalogue->count ||
           !contract_find(catalogue->contract, &index, tool) ||
           contract_conforms(catalogue->contract, index, backend, content);
}

/* What was not learned so far is judged when it is. */
static bool give_withheld(void *context, enum offer_part part, uint32_t b)
{
    const struct catalogue *catalogue = context;
    if (b >= catalogue->count || catalogue->backends[b].live == NULL)
        return false;
    switch (part) {
    case OFFER_PROMPTS:
        return catalogue->backends[b].holds_prompts;
    case OFFER_TEMPLATES:
        return catalogue->backends[b].holds_templates;
    case OFFER_SERVER:
    case OFFER_TOOLS:
        break;
    }
    return false;
}

/* A server may tell the client what it did not tell the guard. */
static bool give_lists_known(void *context, enum offer_part part, uint32_t b,
                             struct trust_bytes result)
{
    struct catalogue *catalogue = context;
    enum manifest_list list = part == OFFER_PROMPTS ? MANIFEST_PROMPTS : MANIFEST_TEMPLATES;
    if (b >= catalogue->count || catalogue->backends[b].live == NULL)
        return false;
    struct backend *backend = &catalogue->backends[b];
    bool is_known = manifest_has_page(backend->live, list, result);
    if (part == OFFER_PROMPTS)
        backend->holds_prompts = backend->holds_prompts || !is_known;
    else
        backend->holds_templates = backend->holds_templates || !is_known;
    return is_known;
}

static enum trust_error learn_server(struct backend *backend, struct trust_bytes result)
{
    forget(&backend->learning);
    enum trust_error error = manifest_new(&backend->learning);
    if (error != TRUST_OK) {
        backend->learning = NULL;
        return error;
    }
    return manifest_set_server(backend->learning, result);
}

static enum trust_error take_part(void *context, uint32_t b, enum offer_part part,
                                  struct trust_bytes result)
{
    struct catalogue *catalogue = context;
    if (b >= catalogue->count)
        return TRUST_NO_RANGE;
    struct backend *backend = &catalogue->backends[b];
    if (part == OFFER_SERVER)
        return learn_server(backend, result);
    if (backend->learning == NULL)
        return TRUST_NO_TYPE;
    switch (part) {
    case OFFER_TOOLS:
        return manifest_add_page(backend->learning, MANIFEST_TOOLS, result);
    case OFFER_PROMPTS:
        return manifest_add_page(backend->learning, MANIFEST_PROMPTS, result);
    case OFFER_TEMPLATES:
    case OFFER_SERVER:
        break;
    }
    return manifest_add_page(backend->learning, MANIFEST_TEMPLATES, result);
}

struct offer catalogue_offer(struct catalogue *catalogue)
{
    static const struct offer_calls calls = {
        .text = give_text,
        .revision = give_revision,
        .route = give_route,
        .map_arguments = give_arguments,
        .conforms = give_conforms,
        .withholds = give_withheld,
        .lists_known = give_lists_known,
        .learn = take_part,
    };
    return (struct offer){.calls = &calls, .context = catalogue};
}

/* ---- the client ---- */

static void hash_capabilities(struct catalogue *catalogue, bool is_modern, struct trust_bytes value)
{
    const char *purpose =
        is_modern ? "repute-capabilities-modern-v1" : "repute-capabilities-legacy-v1";
    catalogue->is_modern = is_modern;
    if (json_kind(value) != JSON_KIND_OBJECT)
        value = trust_bytes_text("{}");
    if (digest_json(catalogue->capabilities, purpose, value) != TRUST_OK)
        digest_bytes(catalogue->capabilities, purpose, value);
}

void catalogue_hear(struct catalogue *catalogue, struct trust_bytes line)
{
    struct message message;
    struct trust_bytes value;
    if (catalogue->has_heard && !catalogue->is_modern)
        return;
    if (message_read(&message, line) != TRUST_OK || message.kind != MESSAGE_REQUEST)
        return;
    bool is_legacy = message.method == METHOD_INITIALIZE;
    if (is_legacy)
        value = member(message.params, "capabilities");
    else
        value = member(message.meta, "io.modelcontextprotocol/clientCapabilities");
    if (!is_legacy && (value.size == 0 || catalogue->has_heard))
        return;
    hash_capabilities(catalogue, !is_legacy, value);
    catalogue->has_heard = true;
    /* Without memory nothing is pinned yet, and a backend is asked. */
    if (rebuild(catalogue) != TRUST_OK)
        catalogue->is_built = false;
}

/* ---- backends ---- */

static enum trust_error judge(struct catalogue *catalogue, struct catalogue_news *out_news,
                              uint32_t b, uint64_t now_s)
{
    struct backend *backend = &catalogue->backends[b];
    struct pins_sight sight = sight_of(catalogue, b, now_s);
    enum trust_error error = pins_judge(catalogue->config.pins, &out_news->verdict, backend->states,
                                        &out_news->stored, &sight);
    memcpy(out_news->manifest, manifest_digest(backend->live), DIGEST_SIZE);
    memcpy(out_news->capabilities, catalogue->capabilities, DIGEST_SIZE);
    backend->holds_prompts = out_news->verdict.holds_prompts;
    backend->holds_templates = out_news->verdict.holds_templates;
    if (error != TRUST_OK)
        forget(&backend->live);
    return error;
}

enum trust_error catalogue_judge(struct catalogue *catalogue, struct catalogue_news *out_news,
                                 uint32_t backend, uint64_t now_s)
{
    struct catalogue_news news = {0};
    assert(backend < catalogue->count);
    struct backend *learned = &catalogue->backends[backend];
    assert(learned->learning != NULL);
    forget(&learned->live);
    learned->live = learned->learning;
    learned->learning = NULL;
    manifest_finish(learned->live);
    enum trust_error error = judge(catalogue, &news, backend, now_s);
    enum trust_error built = rebuild(catalogue);
    if (error == TRUST_OK)
        error = built;
    if (error == TRUST_OK)
        *out_news = news;
    return error;
}

bool catalogue_refresh(struct catalogue *catalogue, uint64_t now_s)
{
    struct catalogue_news news;
    if (!catalogue->has_heard)
        return false;
    (void)pins_refresh(catalogue->config.pins);
    uint64_t revision = pins_revision(catalogue->config.pins);
    if (revision == catalogue->pins_revision)
        return false;
    catalogue->pins_revision = revision;
    for (uint32_t b = 0; b < catalogue->count; b++)
        if (catalogue->backends[b].live != NULL && judge(catalogue, &news, b, now_s) != TRUST_OK)
            break; /* it is forgotten: it serves nothing until it is learned again */
    if (rebuild(catalogue) != TRUST_OK)
        catalogue->is_built = false;
    return true;
}

const uint8_t *catalogue_manifest(const struct catalogue *catalogue, uint32_t backend)
{
    assert(backend < catalogue->count);
    const struct backend *known = &catalogue->backends[backend];
    const struct manifest *manifest = known->live != NULL ? known->live : known->pinned;
    return manifest == NULL ? NULL : manifest_digest(manifest);
}

struct trust_bytes catalogue_input(const struct catalogue *catalogue, struct trust_bytes tool)
{
    size_t index = 0;
    if (!catalogue->is_built || !contract_find(catalogue->contract, &index, tool))
        return (struct trust_bytes){0};
    return contract_input(catalogue->contract, index);
}

/* ---- life ---- */

enum trust_error catalogue_new(struct catalogue **out_catalogue,
                               const struct catalogue_config *config)
{
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (catalogue == NULL)
        return TRUST_FAIL_MEMORY;
    catalogue->config = *config;
    catalogue->pins_revision = pins_revision(config->pins);
    catalogue->count = 1 + (uint32_t)config->group->fallbacks.count;
    hash_capabilities(catalogue, false, (struct trust_bytes){0});
    enum trust_error error = contract_new(&catalogue->contract);
    if (error != TRUST_OK) {
        free(catalogue);
        return error;
    }
    *out_catalogue = catalogue;
    return TRUST_OK;
}

void catalogue_free(struct catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    for (uint32_t b = 0; b < catalogue->count; b++) {
        forget(&catalogue->backends[b].learning);
        forget(&catalogue->backends[b].live);
        forget(&catalogue->backends[b].pinned);
    }
    contract_free(catalogue->contract);
    free(catalogue->greeting.data);
    free(catalogue->translated.data);
    free(catalogue->arguments.data);
    free(catalogue);
}
