/*
 * Who may come in over the link: an allow-list of transport keys, keys held off for a time, and,
 * where newcomers are welcome, a bounded pool for all others. Pure; it fails closed.
 */
#ifndef LINK_GATE_H
#define LINK_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/key.h"

#include "host/endpoint.h"

/* Configured peers and one-time keys of invites (64 + 64), and keys held off beside them. */
#define LINK_KEYS_MAX 256
/* Connections of keys that nobody listed. */
#define LINK_NEWCOMERS_MAX 16

/* Answers of ZAP (RFC 27). */
enum link_answer {
    LINK_LET_IN = 200,
    LINK_LATER = 300, /* unknown, full or held off: the caller tries again */
    LINK_NEVER = 400, /* banned */
};

struct link_known {
    struct trust_key key;
    char endpoint[TRUST_ENDPOINT_SIZE_MAX + 1]; /* dialled; empty: not */
    uint8_t secret[32];                         /* of an invite: dialled with it and ours in turn */
    uint64_t held_until_ms;                     /* 0: not held off */
    bool is_used;
    bool is_allowed; /* listed, not only held off */
    bool is_banned;  /* while it is held off */
    bool has_secret;
};

struct link_gate {
    struct link_known known[LINK_KEYS_MAX];
    bool newcomers;
    uint32_t newcomer_count; /* connected; kept by the caller */
};

/* NULL: nothing is known of the key. */
struct link_known *link_gate_find(struct link_gate *gate, const struct trust_key *key);

/* Lists a key; endpoint may be empty. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error link_gate_allow(struct link_gate *gate, const struct trust_key *key,
                                                const char *endpoint);
/* Wipes the secret of an invite: our own key is let in. */
void link_gate_retire_secret(struct link_known *known);
void link_gate_forget(struct link_gate *gate, const struct trust_key *key);

/* Holds a key off until a time. When the table is full the hold that ends first makes room; listed
 * keys never do. */
void link_gate_hold(struct link_gate *gate, const struct trust_key *key, uint64_t until_ms,
                    bool banned);

enum link_answer link_gate_judge(struct link_gate *gate, const struct trust_key *key,
                                 uint64_t now_ms);

#endif
