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

/* What the rate caps of quarantine are a share of. */
enum trust_use {
    TRUST_USE_NONE,
    TRUST_USE_NAMED,
    TRUST_USE_CALLED, /* nobody named it, and it answered in the last 30 days */
    TRUST_USE_COUNT,
};

struct trust_watched {
    uint8_t digest[32];  /* BLAKE2b-256 of the subject without version */
    uint32_t scorer;     /* index in the scorer */
    uint32_t next_dirty; /* server + 1 */
    uint32_t shared;     /* index + 1 of its breaker; 0: it was never called */
    uint32_t sights;     /* index + 1 of what agents saw of it; 0: nothing was told */
    uint32_t older;      /* server + 1: neighbours in the list of who asked for it */
    uint32_t newer;
    uint16_t asker; /* number of that list */
    uint8_t marks;  /* enum trust_cell_mark */
    bool is_used;
    bool is_dirty;
    bool is_told;                         /* suspect by what an agent told, and counted so */
    uint8_t use;                          /* enum trust_use */
    uint64_t asked_ms;                    /* monotonic: last asked for */
    uint64_t active_ms;                   /* monotonic: last answered call; 0: never */
    uint64_t updated_ms;                  /* wall: when its cell was last computed */
    uint64_t hour;                        /* of lowers[hour % 24], since 1970 */
    uint32_t lowers[TRUST_WATCHED_HOURS]; /* ppm; 0: none known in that hour */
    struct trust_wall fell;               /* when its lower bound had last fallen by > .3 */
    struct trust_quarantine quarantine;
};

/* The servers that somebody asked for and nobody named, oldest first. */
struct trust_asker {
    uint32_t oldest; /* server + 1 */
    uint32_t newest;
    uint32_t count;
};

#define TRUST_ASKER_NOBODY 0        /* restored from disk, an order's, named no longer */
#define TRUST_ASKER_NONE UINT16_MAX /* in no list: the operator named it */

struct trust_watched_group {
    uint32_t servers[TRUST_ENGINE_GROUP_SERVERS_MAX];
    uint32_t count;
    bool is_essential;
};

struct trust_watchlist {
    struct trust_watched *servers;
    struct trust_watched_group *groups;
    struct trust_shared *shared; /* breakers of those that were called */
    struct trust_asker *askers;
    uint32_t *of_scorer; /* by scorer index: server + 1 */
    struct trust_pool pool;
    struct trust_pool shared_pool;
    struct trust_sights *sights;
    struct trust_pool sight_pool;
    struct trust_table table; /* by digest */
    struct trust_siphash_key seed;
    struct trust_quarantine_cap cap_of_named;
    struct trust_quarantine_cap
        cap_of_others; /* anybody may call anything: no share of the named */
    struct trust_breaker_policy policy;
    struct trust_breaker idle; /* what is shown of a breaker that was never called */
    uint32_t in_use[TRUST_USE_COUNT];
    uint32_t told[TRUST_USE_COUNT]; /* of these: suspect by what an agent told */
    uint32_t first_dirty;           /* server + 1 */
    uint32_t last_dirty;
    uint32_t refresh; /* where the renewal of old cells goes on */
    uint64_t breaker_seed;
};

void trust_watchlist_init(struct trust_watchlist *servers, struct trust_arena *arena,
                          const struct trust_engine_limits *limits, struct trust_siphash_key seed,
                          struct trust_mono now);

/* Marks what agents are shown of a server as changed. */
void trust_watchlist_touch(struct trust_watchlist *servers, uint32_t server);

/* Takes a server out of what finds it by its digest or by the scorer's index. */
void trust_watchlist_forget(struct trust_watchlist *servers, uint32_t server);

/* The gate of a server's shared breaker, for reading. */
const struct trust_breaker *trust_watchlist_gate(const struct trust_watchlist *servers,
                                                 const struct trust_watched *server);

/* The shared breaker of a server that is called. */
struct trust_shared *trust_watchlist_shared(struct trust_watchlist *servers, uint32_t server,
                                            struct trust_mono now);

/* askers.c: the number of a user's list. */
uint16_t trust_watchlist_asker(uint32_t uid);

/* askers.c: follows a change of a server's marks or of active_ms, and the end of its time. */
void trust_watchlist_settle(struct trust_watchlist *servers, uint32_t server,
                            struct trust_mono now);

/* askers.c: notes that a server was asked for. It stays with who asked first, but what is nobody's
 * goes to who asks, unless it would be one too many. */
void trust_watchlist_ask(struct trust_watchlist *servers, uint32_t server, uint16_t asker);

/* askers.c: sees to it that there is room for one more server that this asker asks for. False: all
 * that could leave must stay. */
bool trust_watchlist_make_room(struct trust_engine *engine, uint16_t asker, struct trust_now now);

/* Takes a changed server; false: none. */
bool trust_watchlist_take_dirty(struct trust_watchlist *servers, uint32_t *out_server);

#endif
