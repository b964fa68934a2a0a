/* See peering.h. */
#include "node/peering.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "host/files.h"
#include "node/core.h"
#include "record/key.h"

#define FILE_MODE 0600

static const struct trust_config_peer *find_listed(const struct trust_config_peers *list,
                                                   const struct trust_key *key)
{
    for (size_t i = 0; i < list->count; i++) {
        if (trust_key_is_same(&list->peers[i].key.key, key))
            return &list->peers[i];
    }
    return NULL;
}

static const struct trust_config_peers *listed(const struct core *core)
{
    return &core->config.link.peers;
}

/* ---- the file ---- */

static enum trust_error save(const struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_PEERS);
    uint8_t *text = malloc(PEER_BOOK_SIZE_MAX);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    size_t size = peer_book_encode(text, &core->peers.book);
    enum trust_error error =
        trust_file_write(path, (struct trust_bytes){.data = text, .size = size}, FILE_MODE);
    free(text);
    return error;
}

static enum trust_error load(struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_PEERS);
    uint8_t *text = malloc(PEER_BOOK_SIZE_MAX);
    if (text == NULL)
        return TRUST_FAIL_MEMORY;
    size_t size = 0;
    uint32_t line = 0;
    /* Not secret, but who writes it chooses our peers. */
    enum trust_error error = trust_file_read_secret(path, text, &size, PEER_BOOK_SIZE_MAX);
    if (error == TRUST_OK)
        error = peer_book_decode(&core->peers.book, &line,
                                 (struct trust_bytes){.data = text, .size = size});
    free(text);
    if (error == TRUST_NO_FOUND)
        return TRUST_OK;
    if (error != TRUST_OK)
        log_write(
            &core->log, LOG_ERROR, "peers",
            LOG_FIELDS(log_text("file", path), log_number("line", line), log_code("error", error)));
    return error;
}

/* Writes the changed book, or puts the former one back. */
static enum trust_error commit(struct core *core, const struct peer_book *before)
{
    enum trust_error error = save(core);
    if (error != TRUST_OK)
        core->peers.book = *before;
    return error;
}

/* ---- peers ---- */

static enum trust_error connect_listed(struct core *core)
{
    const struct trust_config_peers *list = listed(core);
    enum trust_error error = TRUST_OK;
    for (size_t i = 0; error == TRUST_OK && i < list->count; i++)
        error = peers_connect(core, &list->peers[i].key.key, list->peers[i].endpoint);
    return error;
}

enum trust_error peering_open(struct core *core)
{
    enum trust_error error = load(core);
    if (error == TRUST_OK)
        error = connect_listed(core);
    const struct peer_book *book = &core->peers.book;
    for (uint32_t i = 0; error == TRUST_OK && i < book->peer_count; i++) {
        const struct peer_entry *entry = &book->peers[i];
        if (find_listed(listed(core), &entry->key) == NULL)
            error = peers_connect(core, &entry->key, entry->endpoint);
    }
    for (uint32_t i = 0; error == TRUST_OK && i < book->invite_count; i++)
        error = link_allow(core->link, &book->invites[i].key, NULL);
    return error;
}

enum trust_error peering_add(struct core *core, const struct peer_entry *entry)
{
    if (trust_key_is_same(&entry->key, &core->node_key.key))
        return TRUST_NO_KEY;
    if (find_listed(listed(core), &entry->key) != NULL)
        return TRUST_NO_CONFLICT;
    const struct peer_book before = core->peers.book;
    enum trust_error error = peer_book_put(&core->peers.book, entry);
    if (error == TRUST_OK)
        error = commit(core, &before);
    if (error != TRUST_OK)
        return error;
    error = peers_connect(core, &entry->key, entry->endpoint);
    if (error != TRUST_OK) {
        core->peers.book = before;
        (void)(save(core) == TRUST_OK);
    }
    return error;
}

enum trust_error peering_remove(struct core *core, const struct trust_key *key)
{
    if (find_listed(listed(core), key) != NULL)
        return TRUST_NO_CONFLICT;
    const struct peer_book before = core->peers.book;
    bool is_kept = peer_book_remove(&core->peers.book, key);
    enum trust_error error = is_kept ? commit(core, &before) : TRUST_OK;
    if (error != TRUST_OK)
        return error;
    error = peers_part(core, key);
    return is_kept ? TRUST_OK : error;
}

enum trust_error peering_ping(struct core *core, const struct trust_key *key)
{
    uint32_t peer = 0;
    const struct trust_gossip *gossip = trust_engine_gossip(core->engine);
    if (!trust_gossip_find_peer(gossip, &peer, key))
        return TRUST_NO_FOUND;
    if (!trust_peer_is_up(trust_gossip_peer(gossip, peer)))
        return TRUST_NO_PEER;
    trust_engine_sync_soon(core->engine, peer, core->now);
    pump_run(core);
    return TRUST_OK;
}

struct peering_label peering_label(const struct core *core, const struct trust_key *key)
{
    const struct trust_config_peer *found = find_listed(listed(core), key);
    if (found != NULL)
        return (struct peering_label){.endpoint = found->endpoint == NULL ? "" : found->endpoint,
                                      .name = found->name == NULL ? "" : found->name,
                                      .is_listed = true};
    const struct peer_entry *entry = peer_book_find(&core->peers.book, key);
    return (struct peering_label){.endpoint = entry == NULL ? "" : entry->endpoint,
                                  .name = entry == NULL ? "" : entry->name};
}

void peering_follow(struct core *core, const struct trust_config_peers *before)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct trust_key *key = &before->peers[i].key.key;
        const struct peer_entry *entry = peer_book_find(&core->peers.book, key);
        if (find_listed(listed(core), key) != NULL)
            continue;
        if (entry == NULL)
            (void)(peers_part(core, key) == TRUST_OK);
        else if (peers_connect(core, key, entry->endpoint) != TRUST_OK)
            log_write(&core->log, LOG_WARN, "peer", LOG_FIELDS(log_code("error", TRUST_NO_ROOM)));
    }
    enum trust_error error = connect_listed(core);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "peer", LOG_FIELDS(log_code("error", error)));
}

/* ---- invites ---- */

/* protocol: The secret's client key is BLAKE2b-256("repute-invite-v1" || inviter's key || secret)
 */
static void derive(struct trust_key *out_key, uint8_t out_secret[32],
                   const struct trust_invite *invite)
{
    static const char tag[] = "repute-invite-v1";
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, 32);
    (void)crypto_generichash_update(&state, (const uint8_t *)tag, sizeof tag - 1);
    (void)crypto_generichash_update(&state, invite->key.bytes, sizeof invite->key.bytes);
    (void)crypto_generichash_update(&state, invite->secret, sizeof invite->secret);
    (void)crypto_generichash_final(&state, out_secret, 32);
    sodium_memzero(&state, sizeof state);
    int failed = crypto_scalarmult_base(out_key->bytes, out_secret);
    assert(failed == 0);
}

/* Where others reach this node, as far as it can know by itself. */
static enum trust_error find_endpoint(const struct core *core, const char **out_endpoint)
{
    struct trust_endpoint parsed;
    const char *listen = core->config.link.listen;
    if (listen == NULL)
        return TRUST_NO_PEER;
    enum trust_error error = trust_endpoint_parse(&parsed, listen);
    if (error != TRUST_OK)
        return error;
    if (strcmp(parsed.host, "0.0.0.0") == 0 || strcmp(parsed.host, "::") == 0)
        return TRUST_NO_OPTION;
    *out_endpoint = listen;
    return TRUST_OK;
}

enum trust_error peering_invite(struct core *core, struct trust_invite *out_invite,
                                const struct peering_terms *terms)
{
    assert(terms->uses > 0);
    const char *endpoint = terms->endpoint;
    if (core->config.link.listen == NULL)
        return TRUST_NO_PEER;
    enum trust_error error = endpoint == NULL ? find_endpoint(core, &endpoint) : TRUST_OK;
    if (error != TRUST_OK)
        return error;
    struct trust_invite invite = {.key = core->node_key.key};
    (void)strncpy(invite.endpoint, endpoint, sizeof invite.endpoint - 1);
    randombytes_buf(invite.secret, sizeof invite.secret);
    uint8_t secret[32];
    struct peer_invite kept = {.expires_s = core->now.wall.ms / 1000 + terms->lasts_s,
                               .uses = terms->uses};
    derive(&kept.key, secret, &invite);
    sodium_memzero(secret, sizeof secret);
    const struct peer_book before = core->peers.book;
    error = peer_book_add_invite(&core->peers.book, &kept);
    if (error == TRUST_OK)
        error = link_allow(core->link, &kept.key, NULL);
    if (error == TRUST_OK) {
        error = commit(core, &before);
        if (error != TRUST_OK)
            link_forget(core->link, &kept.key);
    }
    if (error == TRUST_OK)
        *out_invite = invite;
    else
        core->peers.book = before;
    return error;
}

enum trust_error peering_join(struct core *core, const struct trust_invite *invite)
{
    struct peer_entry entry = {.key = invite->key};
    const struct peer_entry *known = peer_book_find(&core->peers.book, &invite->key);
    if (known != NULL)
        entry = *known; /* it keeps its name */
    memcpy(entry.endpoint, invite->endpoint, sizeof entry.endpoint);
    enum trust_error error = peering_add(core, &entry);
    if (error != TRUST_OK)
        return error;
    struct trust_key key;
    uint8_t secret[32];
    derive(&key, secret, invite);
    error = link_join(core->link, &invite->key, invite->endpoint, secret);
    sodium_memzero(secret, sizeof secret);
    return error;
}

bool peering_is_invited(const struct core *core, const struct trust_key *key)
{
    const struct peer_invite *invite = peer_book_find_invite(&core->peers.book, key);
    return invite != NULL && invite->expires_s > core->now.wall.ms / 1000;
}

/* The one-time key is let in no more. */
static void retire(struct core *core, const struct trust_key *invited)
{
    if (peers_part(core, invited) == TRUST_NO_FOUND)
        link_forget(core->link, invited);
}

static void log_invite(struct core *core, const char *state, enum trust_error error)
{
    log_write(&core->log, error == TRUST_OK ? LOG_INFO : LOG_WARN, "invite",
              LOG_FIELDS(log_text("state", state), log_code("error", error)));
}

void peering_named(struct core *core, const struct trust_key *invited, const struct trust_key *key)
{
    if (peer_book_find_invite(&core->peers.book, invited) == NULL)
        return;
    const struct peer_entry entry = {.key = *key};
    enum trust_error error = TRUST_OK;
    if (!peering_label(core, key).is_listed && peer_book_find(&core->peers.book, key) == NULL)
        error = peering_add(core, &entry);
    if (error == TRUST_OK && peer_book_use_invite(&core->peers.book, invited))
        retire(core, invited);
    if (error == TRUST_OK)
        error = save(core);
    log_invite(core, "used", error);
}

void peering_tick(struct core *core)
{
    struct trust_key key;
    bool has_expired = false;
    while (peer_book_expire_invite(&core->peers.book, &key, core->now.wall.ms / 1000)) {
        has_expired = true;
        retire(core, &key);
    }
    if (has_expired)
        log_invite(core, "expired", save(core));
}
