/* See alias.h. */
#include "score/alias.h"

#include "base/assert.h"

void trust_aliases_init(struct trust_aliases *aliases, struct trust_arena *arena, uint32_t capacity)
{
    *aliases = (struct trust_aliases){.next_expiry_s = UINT32_MAX};
    aliases->facts = trust_arena_cut(arena, capacity, sizeof *aliases->facts);
    trust_pool_init(&aliases->pool, arena, capacity);
}

enum trust_error trust_aliases_add(struct trust_aliases *aliases, struct trust_servers *servers,
                                   uint32_t *out_index, const struct trust_bytes texts[2],
                                   const struct trust_alias_fact *fact)
{
    uint32_t first = 0;
    uint32_t second = 0;
    enum trust_error error = trust_servers_hold(servers, &first, texts[0]);
    if (error != TRUST_OK)
        return error;
    error = trust_servers_hold(servers, &second, texts[1]);
    if (error != TRUST_OK) {
        trust_servers_release(servers, first);
        return error;
    }
    if (!trust_pool_take(&aliases->pool, out_index)) {
        trust_servers_release(servers, first);
        trust_servers_release(servers, second);
        return TRUST_NO_ROOM;
    }
    assert(fact->author != TRUST_ALIAS_NONE);
    aliases->facts[*out_index] = *fact;
    aliases->facts[*out_index].first = first;
    aliases->facts[*out_index].second = second;
    aliases->is_changed = true;
    return TRUST_OK;
}

void trust_aliases_remove(struct trust_aliases *aliases, struct trust_servers *servers,
                          uint32_t index)
{
    struct trust_alias_fact *fact = &aliases->facts[index];
    assert(fact->author != TRUST_ALIAS_NONE);
    uint32_t both[2] = {fact->first, fact->second};
    for (int i = 0; i < 2; i++) {
        trust_servers_change(servers, both[i]);
        trust_servers_part(servers, both[i]);
    }
    trust_servers_release(servers, both[0]);
    trust_servers_release(servers, both[1]);
    fact->author = TRUST_ALIAS_NONE;
    trust_pool_give(&aliases->pool, index);
    aliases->is_changed = true;
}

bool trust_aliases_find_configured(const struct trust_aliases *aliases,
                                   const struct trust_servers *servers, uint32_t *out_index,
                                   const struct trust_bytes texts[2])
{
    uint32_t first = 0;
    uint32_t second = 0;
    if (!trust_servers_find(servers, &first, texts[0]) ||
        !trust_servers_find(servers, &second, texts[1]))
        return false;
    for (uint32_t i = 0; i < aliases->pool.fresh; i++) {
        const struct trust_alias_fact *fact = &aliases->facts[i];
        if (fact->author != TRUST_ALIAS_CONFIGURED)
            continue;
        if ((fact->first == first && fact->second == second) ||
            (fact->first == second && fact->second == first)) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

static bool is_due(const struct trust_aliases *aliases, uint32_t now_s)
{
    return aliases->is_changed || now_s >= aliases->next_expiry_s || now_s < aliases->renewed_at_s;
}

static bool counts(const struct trust_alias_fact *fact, uint32_t operator_key)
{
    if (fact->author == TRUST_ALIAS_NONE)
        return false;
    return fact->author == TRUST_ALIAS_CONFIGURED || fact->author == operator_key;
}

bool trust_aliases_renew(struct trust_aliases *aliases, struct trust_servers *servers,
                         uint32_t operator_key, uint32_t now_s)
{
    if (!is_due(aliases, now_s))
        return false;
    for (uint32_t i = 0; i < aliases->pool.fresh; i++) {
        if (aliases->facts[i].author == TRUST_ALIAS_NONE)
            continue;
        trust_servers_change(servers, aliases->facts[i].first);
        trust_servers_part(servers, aliases->facts[i].first);
        trust_servers_part(servers, aliases->facts[i].second);
    }
    aliases->next_expiry_s = UINT32_MAX;
    for (uint32_t i = 0; i < aliases->pool.fresh; i++) {
        const struct trust_alias_fact *fact = &aliases->facts[i];
        if (!counts(fact, operator_key) || fact->expires_s <= now_s)
            continue;
        if (fact->expires_s < aliases->next_expiry_s)
            aliases->next_expiry_s = fact->expires_s;
        trust_servers_join(servers, fact->first, fact->second);
        trust_servers_change(servers, fact->first);
    }
    aliases->renewed_at_s = now_s;
    aliases->is_changed = false;
    return true;
}
