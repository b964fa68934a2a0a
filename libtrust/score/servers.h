/*
 * The servers that records speak about, and the targets: what exactly a record names of a server
 * (a version, a manifest, both or neither).
 *
 * Both are interned by a keyed hash, since strangers choose them, counted by reference and freed
 * with the last one. Servers that aliases join form a ring. Memory: 44 bytes a server, 16 a target,
 * their texts in 32-byte chunks, and 11 to 22 bytes each of table.
 */
#ifndef TRUST_SCORE_SERVERS_H
#define TRUST_SCORE_SERVERS_H

#include "trust/error.h"
#include "trust/subject.h"

#include "base/arena.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/table.h"
#include "score/text.h"

struct trust_server {
    uint32_t text;
    uint32_t references;   /* 0: free */
    uint32_t watches;      /* of the references: those that want to hear of changes */
    uint32_t first_rating; /* ledger slot + 1, here and below */
    uint32_t first_flag;
    uint32_t cell;         /* of own calls, + 1; 0: none */
    uint32_t joined;       /* the least index of its ring */
    uint32_t next_joined;  /* the ring: itself if alone */
    uint32_t next_changed; /* index + 1 */
    uint8_t text_size;
    bool is_changed; /* it is in the list of changed ones */
};

struct trust_target {
    uint32_t server;
    uint32_t text; /* version, then manifest */
    uint32_t references;
    uint8_t version_size;
    uint8_t manifest_size; /* 0 or 32 */
};

struct trust_servers {
    struct trust_server *servers;
    struct trust_target *targets;
    struct trust_pool server_pool;
    struct trust_pool target_pool;
    struct trust_table server_table;
    struct trust_table target_table;
    struct trust_texts texts;
    struct trust_siphash_key seed;
    uint32_t first_changed; /* index + 1 */
};

/* What a target or a question names. */
struct trust_named {
    struct trust_bytes server;
    struct trust_bytes version;  /* size 0: none */
    struct trust_bytes manifest; /* size 0 or 32 */
};

/* rules: how many rule names may be stored beside (48 bytes each). */
struct trust_servers_limits {
    uint32_t servers;
    uint32_t targets;
    uint32_t rules;
};

void trust_servers_init(struct trust_servers *servers, struct trust_arena *arena,
                        const struct trust_servers_limits *limits,
                        const struct trust_siphash_key *seed);

bool trust_servers_find(const struct trust_servers *servers, uint32_t *out_server,
                        struct trust_bytes text);

/* Interns the server and adds a reference. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_servers_hold(struct trust_servers *servers,
                                                   uint32_t *out_server, struct trust_bytes text);
void trust_servers_release(struct trust_servers *servers, uint32_t server);

/* Interns the target, and with it its server, and adds a reference. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_targets_hold(struct trust_servers *servers,
                                                   uint32_t *out_target,
                                                   const struct trust_named *named);
void trust_targets_release(struct trust_servers *servers, uint32_t target);

/* True if the target names this version, or manifest; false if it names none. */
bool trust_target_has_version(const struct trust_servers *servers, uint32_t target,
                              struct trust_bytes version);
bool trust_target_has_manifest(const struct trust_servers *servers, uint32_t target,
                               struct trust_bytes manifest);

/* Merges the rings of two servers; nothing if they are one already. */
void trust_servers_join(struct trust_servers *servers, uint32_t a, uint32_t b);
/* Takes a server's whole ring apart. */
void trust_servers_part(struct trust_servers *servers, uint32_t server);

void trust_servers_watch(struct trust_servers *servers, uint32_t server);
void trust_servers_unwatch(struct trust_servers *servers, uint32_t server);
/* Lists the watched servers of the ring as changed. */
void trust_servers_change(struct trust_servers *servers, uint32_t server);
void trust_servers_change_all(struct trust_servers *servers);
bool trust_servers_take_changed(struct trust_servers *servers, uint32_t *out_server);

bool trust_servers_next(const struct trust_servers *servers, uint32_t *cursor,
                        uint32_t *out_server);

#endif
