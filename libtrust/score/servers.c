/* See servers.h. */
#include "score/servers.h"

#include "base/assert.h"
#include "base/limits.h"

#define MANIFEST_SIZE 32u
/* Of a version and a manifest. */
#define TARGET_TEXT_SIZE (TRUST_VERSION_SIZE_MAX + MANIFEST_SIZE)
/* A subject, a target's text and a rule, in chunks, as they come at most on average: the real
 * maxima are 8, 4 and 2, and few texts come near. */
#define SERVER_CHUNKS 4u
#define TARGET_CHUNKS 2u
#define RULE_CHUNKS 1u

static bool same_server(const void *context, uint32_t index, const void *key)
{
    const struct trust_servers *servers = context;
    const struct trust_bytes *text = key;
    const struct trust_server *server = &servers->servers[index];
    return trust_texts_equal(&servers->texts, server->text, server->text_size, *text);
}

static uint32_t tag_of_server(const struct trust_servers *servers, struct trust_bytes text)
{
    return trust_table_tag(trust_siphash(&servers->seed, text));
}

bool trust_servers_find(const struct trust_servers *servers, uint32_t *out_server,
                        struct trust_bytes text)
{
    return trust_table_find(&servers->server_table, out_server, tag_of_server(servers, text),
                            servers, &text);
}

enum trust_error trust_servers_hold(struct trust_servers *servers, uint32_t *out_server,
                                    struct trust_bytes text)
{
    assert(text.size > 0);
    assert(text.size <= TRUST_SUBJECT_SIZE_MAX);
    uint32_t tag = tag_of_server(servers, text);
    if (trust_table_find_or_ready(&servers->server_table, out_server, tag, servers, &text)) {
        servers->servers[*out_server].references++;
        return TRUST_OK;
    }
    uint32_t handle = 0;
    uint32_t index = 0;
    if (!trust_texts_put(&servers->texts, &handle, text))
        return TRUST_NO_ROOM;
    if (!trust_pool_take(&servers->server_pool, &index)) {
        trust_texts_give(&servers->texts, handle);
        return TRUST_NO_ROOM;
    }
    struct trust_server *server = &servers->servers[index];
    /* A freed server may still stand in the list of changed ones: its link outlives it. */
    *server = (struct trust_server){
        .text = handle,
        .references = 1,
        .joined = index,
        .next_joined = index,
        .next_changed = server->next_changed,
        .text_size = (uint8_t)text.size,
        .is_changed = server->is_changed,
    };
    trust_table_add(&servers->server_table, tag, index);
    *out_server = index;
    return TRUST_OK;
}

void trust_servers_release(struct trust_servers *servers, uint32_t index)
{
    struct trust_server *server = &servers->servers[index];
    assert(server->references > 0);
    if (--server->references > 0)
        return;
    assert(server->watches == 0);
    assert(server->next_joined == index);
    uint8_t text[TRUST_SUBJECT_SIZE_MAX];
    trust_texts_read(&servers->texts, text, server->text, server->text_size);
    struct trust_bytes bytes = {.data = text, .size = server->text_size};
    trust_table_remove(&servers->server_table, tag_of_server(servers, bytes), index);
    trust_texts_give(&servers->texts, server->text);
    trust_pool_give(&servers->server_pool, index);
}

/* The key of a target while it is looked for. */
struct target_key {
    uint32_t server;
    struct trust_bytes version;
    struct trust_bytes manifest;
    uint8_t text[4 + TARGET_TEXT_SIZE]; /* the server's index, version, manifest */
};

static void fill_key(struct target_key *key, uint32_t server, struct trust_bytes version,
                     struct trust_bytes manifest)
{
    assert(version.size <= TRUST_VERSION_SIZE_MAX);
    assert(manifest.size == 0 || manifest.size == MANIFEST_SIZE);
    key->server = server;
    memcpy(key->text, &server, sizeof server);
    key->version = (struct trust_bytes){.data = key->text + 4, .size = version.size};
    key->manifest =
        (struct trust_bytes){.data = key->text + 4 + version.size, .size = manifest.size};
    if (version.size > 0)
        memcpy(key->text + 4, version.data, version.size);
    if (manifest.size > 0)
        memcpy(key->text + 4 + version.size, manifest.data, manifest.size);
}

static struct trust_bytes key_text(const struct target_key *key)
{
    return (struct trust_bytes){.data = key->text + 4,
                                .size = key->version.size + key->manifest.size};
}

static uint32_t tag_of_target(const struct trust_servers *servers, const struct target_key *key)
{
    struct trust_bytes bytes = {.data = key->text, .size = 4 + key_text(key).size};
    return trust_table_tag(trust_siphash(&servers->seed, bytes));
}

static bool same_target(const void *context, uint32_t index, const void *key)
{
    const struct trust_servers *servers = context;
    const struct target_key *wanted = key;
    const struct trust_target *target = &servers->targets[index];
    return target->server == wanted->server && target->version_size == wanted->version.size &&
           target->manifest_size == wanted->manifest.size &&
           trust_texts_equal(&servers->texts, target->text, key_text(wanted).size,
                             key_text(wanted));
}

void trust_servers_init(struct trust_servers *servers, struct trust_arena *arena,
                        const struct trust_servers_limits *limits,
                        const struct trust_siphash_key *seed)
{
    *servers = (struct trust_servers){.seed = *seed};
    servers->servers = trust_arena_cut(arena, limits->servers, sizeof *servers->servers);
    servers->targets = trust_arena_cut(arena, limits->targets, sizeof *servers->targets);
    trust_pool_init(&servers->server_pool, arena, limits->servers);
    trust_pool_init(&servers->target_pool, arena, limits->targets);
    trust_table_init(&servers->server_table, arena, limits->servers, same_server);
    trust_table_init(&servers->target_table, arena, limits->targets, same_target);
    trust_texts_init(&servers->texts, arena,
                     limits->servers * SERVER_CHUNKS + limits->targets * TARGET_CHUNKS +
                         limits->rules * RULE_CHUNKS + 8);
}

static enum trust_error add_target(struct trust_servers *servers, uint32_t *out_target,
                                   const struct target_key *key)
{
    uint32_t handle = 0;
    if (!trust_texts_put(&servers->texts, &handle, key_text(key)))
        return TRUST_NO_ROOM;
    if (!trust_pool_take(&servers->target_pool, out_target)) {
        trust_texts_give(&servers->texts, handle);
        return TRUST_NO_ROOM;
    }
    servers->targets[*out_target] = (struct trust_target){
        .server = key->server,
        .text = handle,
        .references = 1,
        .version_size = (uint8_t)key->version.size,
        .manifest_size = (uint8_t)key->manifest.size,
    };
    trust_table_add(&servers->target_table, tag_of_target(servers, key), *out_target);
    return TRUST_OK;
}

enum trust_error trust_targets_hold(struct trust_servers *servers, uint32_t *out_target,
                                    const struct trust_named *named)
{
    uint32_t server = 0;
    enum trust_error error = trust_servers_hold(servers, &server, named->server);
    if (error != TRUST_OK)
        return error;
    struct target_key key;
    fill_key(&key, server, named->version, named->manifest);
    if (trust_table_find_or_ready(&servers->target_table, out_target, tag_of_target(servers, &key),
                                  servers, &key)) {
        servers->targets[*out_target].references++;
        /* One reference on the server a target, not one a reference of the target. */
        trust_servers_release(servers, server);
        return TRUST_OK;
    }
    error = add_target(servers, out_target, &key);
    if (error != TRUST_OK)
        trust_servers_release(servers, server);
    return error;
}

void trust_targets_release(struct trust_servers *servers, uint32_t index)
{
    struct trust_target *target = &servers->targets[index];
    assert(target->references > 0);
    if (--target->references > 0)
        return;
    uint8_t text[TARGET_TEXT_SIZE];
    size_t size = (size_t)target->version_size + target->manifest_size;
    trust_texts_read(&servers->texts, text, target->text, size);
    struct target_key key;
    fill_key(
        &key, target->server, (struct trust_bytes){.data = text, .size = target->version_size},
        (struct trust_bytes){.data = text + target->version_size, .size = target->manifest_size});
    trust_table_remove(&servers->target_table, tag_of_target(servers, &key), index);
    trust_texts_give(&servers->texts, target->text);
    trust_pool_give(&servers->target_pool, index);
    trust_servers_release(servers, key.server);
}

bool trust_target_has_version(const struct trust_servers *servers, uint32_t index,
                              struct trust_bytes version)
{
    const struct trust_target *target = &servers->targets[index];
    return version.size > 0 && target->version_size == version.size &&
           trust_texts_equal(&servers->texts, target->text, version.size, version);
}

bool trust_target_has_manifest(const struct trust_servers *servers, uint32_t index,
                               struct trust_bytes manifest)
{
    const struct trust_target *target = &servers->targets[index];
    if (manifest.size != MANIFEST_SIZE || target->manifest_size != MANIFEST_SIZE)
        return false;
    uint8_t text[TARGET_TEXT_SIZE];
    trust_texts_read(&servers->texts, text, target->text,
                     (size_t)target->version_size + MANIFEST_SIZE);
    return memcmp(text + target->version_size, manifest.data, MANIFEST_SIZE) == 0;
}

void trust_servers_join(struct trust_servers *servers, uint32_t a, uint32_t b)
{
    struct trust_server *list = servers->servers;
    if (list[a].joined == list[b].joined)
        return;
    uint32_t least = list[a].joined < list[b].joined ? list[a].joined : list[b].joined;
    uint32_t next = list[a].next_joined;
    list[a].next_joined = list[b].next_joined;
    list[b].next_joined = next;
    uint32_t at = a;
    do {
        list[at].joined = least;
        at = list[at].next_joined;
    } while (at != a);
}

void trust_servers_part(struct trust_servers *servers, uint32_t server)
{
    struct trust_server *list = servers->servers;
    uint32_t at = server;
    do {
        uint32_t next = list[at].next_joined;
        list[at].joined = at;
        list[at].next_joined = at;
        at = next;
    } while (at != server);
}

static void list_changed(struct trust_servers *servers, uint32_t index)
{
    struct trust_server *server = &servers->servers[index];
    if (server->watches == 0 || server->is_changed)
        return;
    server->is_changed = true;
    server->next_changed = servers->first_changed;
    servers->first_changed = index + 1;
}

void trust_servers_watch(struct trust_servers *servers, uint32_t server)
{
    servers->servers[server].watches++;
    list_changed(servers, server);
}

void trust_servers_unwatch(struct trust_servers *servers, uint32_t server)
{
    assert(servers->servers[server].watches > 0);
    servers->servers[server].watches--;
}

void trust_servers_change(struct trust_servers *servers, uint32_t server)
{
    uint32_t at = server;
    do {
        list_changed(servers, at);
        at = servers->servers[at].next_joined;
    } while (at != server);
}

void trust_servers_change_all(struct trust_servers *servers)
{
    for (uint32_t index = 0; index < servers->server_pool.fresh; index++)
        list_changed(servers, index);
}

bool trust_servers_take_changed(struct trust_servers *servers, uint32_t *out_server)
{
    while (servers->first_changed != 0) {
        uint32_t index = servers->first_changed - 1;
        struct trust_server *server = &servers->servers[index];
        servers->first_changed = server->next_changed;
        server->is_changed = false;
        if (server->watches > 0) {
            *out_server = index;
            return true;
        }
    }
    return false;
}

bool trust_servers_next(const struct trust_servers *servers, uint32_t *cursor, uint32_t *out_server)
{
    for (uint32_t index = *cursor; index < servers->server_pool.fresh; index++) {
        if (servers->servers[index].references > 0) {
            *out_server = index;
            *cursor = index + 1;
            return true;
        }
    }
    *cursor = servers->server_pool.fresh;
    return false;
}
