/*
 * Aliases: statements that two subjects are one server. Those that the operator signed or
 * configured join; everybody else's are kept to be shown and join nothing.
 */
#ifndef TRUST_SCORE_ALIAS_H
#define TRUST_SCORE_ALIAS_H

#include "score/servers.h"

/* The author of a configured alias. */
#define TRUST_ALIAS_CONFIGURED (UINT32_MAX - 1)

struct trust_alias_fact {
    uint32_t author; /* TRUST_ALIAS_NONE: free */
    uint32_t first;  /* servers, each with a reference */
    uint32_t second;
    uint32_t expires_s;
};

#define TRUST_ALIAS_NONE UINT32_MAX

struct trust_aliases {
    struct trust_alias_fact *facts;
    struct trust_pool pool;
    uint32_t next_expiry_s;
    uint32_t renewed_at_s;
    bool is_changed;
};

void trust_aliases_init(struct trust_aliases *aliases, struct trust_arena *arena,
                        uint32_t capacity);

/* Adds an alias between two servers by their texts without version. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error
trust_aliases_add(struct trust_aliases *aliases, struct trust_servers *servers, uint32_t *out_index,
                  const struct trust_bytes texts[2], const struct trust_alias_fact *fact);
void trust_aliases_remove(struct trust_aliases *aliases, struct trust_servers *servers,
                          uint32_t index);

/* Writes the configured alias of two servers and returns true, or returns false. */
bool trust_aliases_find_configured(const struct trust_aliases *aliases,
                                   const struct trust_servers *servers, uint32_t *out_index,
                                   const struct trust_bytes texts[2]);

/* Joins the servers anew if something changed or expired; returns whether it did. */
bool trust_aliases_renew(struct trust_aliases *aliases, struct trust_servers *servers,
                         uint32_t operator_key, uint32_t now_s);

#endif
