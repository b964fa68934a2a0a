/* One watched server, and the table of them; the engine's own. See servers.h. */
#ifndef TRUST_ENGINE_WATCHLIST_H
#define TRUST_ENGINE_WATCHLIST_H

#include "base/limits.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/table.h"
#include "engine/servers.h"

/* The greatest lower bound of each of the last 24 hours: what a fall is measured against. */
#define TRUST_WATCHED_HOURS 24

struct trust_watched {
    uint8_t digest[32];  /* BLAKE2b-256 of the subject without version */
    uint32_t scorer;     /* index in the scorer */
    uint32_t next_dirty; /* server + 1 */
    uint8_t marks;       /* enum trust_cell_mark */
    bool is_used;
    bool is_dirty;
    uint64_t asked_ms;                    /* monotonic: last asked for */
    uint64_t active_ms;                   /* monotonic: last answered call; 0: never */
    uint64_t updated_ms;                  /* wall: when its cell was last computed */
    uint64_t hour;                        /* of lowers[hour % 24], since 1970 */
    uint32_t lowers[TRUST_WATCHED_HOURS]; /* ppm; 0: none known in that hour */
    struct trust_wall fell;               /* when its lower bound had last fallen by > .3 */
    struct trust_quarantine quarantine;
    struct trust_shared shared;
};

struct trust_watched_group {
    uint32_t servers[TRUST_ENGINE_GROUP_SERVERS_MAX];
    uint32_t count;
    bool is_essential;
};

struct trust_watchlist {
    struct trust_watched *servers;
    struct trust_watched_group *groups;
    uint32_t *of_scorer; /* by scorer index: server + 1 */
    struct trust_pool pool;
    struct trust_table table; /* by digest */
    struct trust_siphash_key seed;
    struct trust_quarantine_cap cap_of_named;
    struct trust_quarantine_cap
        cap_of_others; /* anybody may call anything: no share of the named */
    struct trust_breaker_policy policy;
    uint32_t first_dirty; /* server + 1 */
    uint32_t last_dirty;
    uint32_t refresh; /* where the renewal of old cells goes on */
    uint64_t breaker_seed;
};

void trust_watchlist_init(struct trust_watchlist *servers, struct trust_arena *arena,
                          const struct trust_engine_limits *limits, struct trust_siphash_key seed);

/* Marks what agents are shown of a server as changed. */
void trust_watchlist_touch(struct trust_watchlist *servers, uint32_t server);

/* Takes a changed server; false: none. */
bool trust_watchlist_take_dirty(struct trust_watchlist *servers, uint32_t *out_server);

#endif
