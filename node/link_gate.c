/* See link_gate.h. */
#include "node/link_gate.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "record/key.h"

struct link_known *link_gate_find(struct link_gate *gate, const struct trust_key *key)
{
    for (int i = 0; i < LINK_KEYS_MAX; i++) {
        struct link_known *known = &gate->known[i];
        if (known->is_used && trust_key_is_same(&known->key, key))
            return known;
    }
    return NULL;
}

/* A free row, or with may_evict the hold that ends first. */
static struct link_known *make_row(struct link_gate *gate, const struct trust_key *key,
                                   bool may_evict)
{
    struct link_known *row = NULL;
    for (int i = 0; i < LINK_KEYS_MAX; i++) {
        struct link_known *known = &gate->known[i];
        if (!known->is_used) {
            row = known;
            break;
        }
        if (may_evict && !known->is_allowed &&
            (row == NULL || known->held_until_ms < row->held_until_ms))
            row = known;
    }
    if (row != NULL)
        *row = (struct link_known){.key = *key, .is_used = true};
    return row;
}

enum trust_error link_gate_allow(struct link_gate *gate, const struct trust_key *key,
                                 const char *endpoint)
{
    struct link_known *known = link_gate_find(gate, key);
    if (known == NULL)
        known = make_row(gate, key, true);
    if (known == NULL)
        return TRUST_NO_ROOM;
    known->is_allowed = true;
    (void)snprintf(known->endpoint, sizeof known->endpoint, "%s", endpoint);
    return TRUST_OK;
}

void link_gate_retire_secret(struct link_known *known)
{
    sodium_memzero(known->secret, sizeof known->secret);
    known->has_secret = false;
}

void link_gate_forget(struct link_gate *gate, const struct trust_key *key)
{
    struct link_known *known = link_gate_find(gate, key);
    if (known == NULL)
        return;
    known->is_allowed = false;
    known->endpoint[0] = '\0';
    link_gate_retire_secret(known);
    known->is_used = known->held_until_ms != 0;
}

void link_gate_hold(struct link_gate *gate, const struct trust_key *key, uint64_t until_ms,
                    bool banned)
{
    struct link_known *known = link_gate_find(gate, key);
    if (known == NULL)
        known = make_row(gate, key, true);
    if (known == NULL)
        return;
    known->held_until_ms = until_ms;
    known->is_banned = banned;
}

enum link_answer link_gate_judge(struct link_gate *gate, const struct trust_key *key,
                                 uint64_t now_ms)
{
    struct link_known *known = link_gate_find(gate, key);
    if (known != NULL && known->held_until_ms != 0 && now_ms >= known->held_until_ms) {
        known->held_until_ms = 0;
        known->is_banned = false;
        known->is_used = known->is_allowed;
        known = known->is_used ? known : NULL;
    }
    if (known != NULL && known->held_until_ms != 0)
        return known->is_banned ? LINK_NEVER : LINK_LATER;
    if (known != NULL && known->is_allowed)
        return LINK_LET_IN;
    return gate->newcomers && gate->newcomer_count < LINK_NEWCOMERS_MAX ? LINK_LET_IN : LINK_LATER;
}
