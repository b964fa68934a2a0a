/* See status.h. Agents see numbers of peers, and no key but this node's own and its operator's. */
#include "node/api/status.h"

#include <string.h>

#include "engine/servers.h"
#include "node/api/api.h"
#include "node/api/health_lines.h"
#include "node/core.h"

/* A peer that was in sync at one of its last three reconciliations. */
#define IN_SYNC_MS (3 * TRUST_SYNC_PERIOD_MS)

struct peers_summary {
    uint32_t known;
    uint32_t up;
    uint32_t skewed;
    uint32_t in_sync;
    uint64_t lag_ms; /* the greatest of those up; TRUST_NEVER_MS: one was never in sync */
};

static struct peers_summary sum_peers(const struct core *core)
{
    struct peers_summary sum = {0};
    const struct trust_gossip *gossip = trust_engine_gossip(core->engine);
    for (uint32_t i = 0; i < TRUST_PEERS_MAX; i++) {
        const struct trust_peer *peer = trust_gossip_peer(gossip, i);
        if (peer == NULL)
            continue;
        sum.known++;
        if (!trust_peer_is_up(peer))
            continue;
        uint64_t lag_ms = trust_gossip_lag_ms(gossip, i, core->now);
        sum.up++;
        sum.skewed += peer->skew_ms > TRUST_PEER_SKEW_MS || peer->skew_ms < -TRUST_PEER_SKEW_MS;
        sum.in_sync += lag_ms <= IN_SYNC_MS;
        if (lag_ms > sum.lag_ms)
            sum.lag_ms = lag_ms;
    }
    return sum;
}

struct servers_summary {
    uint32_t known;
    uint32_t withheld;
    uint32_t by_file; /* of these, by the file alone */
    uint32_t open;
    uint32_t changed; /* offer other tools than were approved, as agents say */
    uint32_t held;    /* of these: suspicion waits */
};

/* Of those that the operator named: agents may tell of any. */
static void sum_change(struct servers_summary *sum, const struct trust_engine *engine,
                       uint32_t server)
{
    const struct trust_sights *sights = trust_engine_sights(engine, server);
    bool is_named = (trust_engine_server_marks(engine, server) & TRUST_CELL_NAMED) != 0;
    if (sights == NULL || !is_named || trust_sights_changed(sights).ms == 0)
        return;
    sum->changed++;
    sum->held += trust_engine_holds_change(engine, server);
}

static struct servers_summary sum_servers(struct core *core)
{
    struct servers_summary sum = {0};
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (trust_engine_next_server(core->engine, &cursor, &server)) {
        struct trust_breaker_view view;
        trust_engine_read_breaker(core->engine, server, &view, core->now);
        sum.open += view.state == TRUST_BREAKER_OPEN || view.state == TRUST_BREAKER_FORCED_OPEN;
        const struct trust_quarantine *quarantine = trust_engine_quarantine(core->engine, server);
        bool is_withheld = trust_quarantine_is_withheld(quarantine->state);
        sum.withheld += is_withheld;
        sum_change(&sum, core->engine, server);
        sum.by_file += is_withheld && quarantine->rule == TRUST_QUARANTINE_RULE_FILE;
    }
    const struct trust_scorer *scorer = trust_engine_scorer(core->engine, core->now);
    cursor = 0;
    while (trust_scorer_next_server(scorer, &cursor, &server))
        sum.known++;
    return sum;
}

/* Somebody but the operator has weight. */
static bool is_revoked(const struct core *core)
{
    uint32_t author = 0;
    struct trust_ledger_revocation revocation;
    return core->has_operator &&
           trust_keys_find(trust_engine_keys(core->engine), &author, &core->operator_key) &&
           trust_ledger_find_revocation(trust_engine_ledger(core->engine), &revocation, author);
}

static bool has_vouch(struct core *core)
{
    const struct trust_scorer *scorer = trust_engine_scorer(core->engine, core->now);
    uint32_t cursor = 0;
    uint32_t key = 0;
    while (trust_scorer_next_rater(scorer, &cursor, &key)) {
        if (!core->has_operator || memcmp(trust_keys_at(trust_engine_keys(core->engine), key),
                                          &core->operator_key, sizeof core->operator_key) != 0)
            return true;
    }
    return false;
}

struct whole {
    struct trust_engine_stats engine;
    struct store_stats store;
    struct link_state link;
    struct peers_summary peers;
    struct servers_summary servers;
};

static void put_health(struct api_doc *doc, struct core *core, const struct whole *whole)
{
    const struct health_facts facts = {
        .has_operator = core->has_operator,
        .is_revoked = is_revoked(core),
        .former_operators = core->former_operators,
        .has_vouch = has_vouch(core),
        .has_groups = core->config.groups.count > 0,
        .link_runs = whole->link.is_running,
        .link_restarts = whole->link.restarts,
        .peers_known = whole->peers.known,
        .peers_up = whole->peers.up,
        .peers_skewed = whole->peers.skewed,
        .fault = whole->engine.fault,
        .damaged = whole->store.damaged_count,
        .record_size = whole->store.record_size,
        .limit_size = core->config.store_limit,
        .unscored = whole->engine.unscored,
        .held_back = trust_engine_held_back(core->engine),
        .audit_is_damaged = core->is_audit_damaged,
        .withheld = whole->servers.withheld,
        .withheld_by_file = whole->servers.by_file,
        .withheld_damaged = core->showing.withheld_damaged,
        .breakers_open = whole->servers.open,
        .manifests_changed = whole->servers.changed,
        .changes_held = whole->servers.held,
        .uplink_is_down = trust_scorer_uplink_is_down(trust_engine_scorer(core->engine, core->now)),
        .clock_has_leapt = core->wall.has_leapt,
        .api_is_crowded = core->now.mono.ms < core->api->crowded_until.ms,
    };
    struct health_line lines[HEALTH_LINES_MAX];
    uint32_t count = health_lines_find(lines, &facts);
    api_doc_open_array(doc, "health");
    for (uint32_t i = 0; i < count; i++) {
        api_doc_open_object(doc, NULL);
        api_doc_text(doc, "code", lines[i].code);
        api_doc_text(doc, "level", health_level_name(lines[i].level));
        api_doc_text(doc, "text", lines[i].text);
        api_doc_text(doc, "next", lines[i].next);
        api_doc_close_object(doc);
    }
    api_doc_close_array(doc);
}

static void put_node(struct api_doc *doc, const struct core *core)
{
    api_doc_time(doc, "time", (struct trust_wall){core->now.wall.ms / 1000 * 1000});
    api_doc_open_object(doc, "node");
    api_doc_key(doc, "key", &core->node_key.key, TRUST_KEY_NODE);
    api_doc_text(doc, "version", REPUTE_VERSION);
    api_doc_count(doc, "uptime_s", (core->now.mono.ms - core->started.mono.ms) / 1000);
    api_doc_close_object(doc);
    if (core->has_operator)
        api_doc_key(doc, "operator", &core->operator_key, TRUST_KEY_OPERATOR);
    else
        api_doc_null(doc, "operator");
    api_doc_text(doc, "network", core->config.network);
}

static void put_peers(struct api_doc *doc, const struct peers_summary *peers)
{
    api_doc_open_object(doc, "peers");
    api_doc_count(doc, "up", peers->up);
    api_doc_count(doc, "known", peers->known);
    api_doc_close_object(doc);
    api_doc_flag(doc, "in_sync",
                 peers->known == 0 || (peers->up > 0 && peers->in_sync == peers->up));
    if (peers->up == 0 || peers->lag_ms == TRUST_NEVER_MS)
        api_doc_null(doc, "lag_s");
    else
        api_doc_count(doc, "lag_s", peers->lag_ms / 1000);
}

static void put_store(struct api_doc *doc, const struct core *core, const struct whole *whole)
{
    api_doc_count(doc, "store_bytes", whole->store.file_size);
    api_doc_open_object(doc, "store");
    api_doc_text(doc, "fault",
                 whole->engine.fault == TRUST_OK ? NULL : trust_error_name(whole->engine.fault));
    api_doc_count(doc, "record_bytes", whole->store.record_size);
    api_doc_count(doc, "limit_bytes", core->config.store_limit);
    api_doc_count(doc, "damaged", whole->store.damaged_count);
    api_doc_count(doc, "scrubbed", whole->store.scrub_count);
    api_doc_close_object(doc);
}

static void put_link(struct api_doc *doc, const struct link_state *link)
{
    api_doc_open_object(doc, "link");
    api_doc_text(doc, "state", link->is_running ? "running" : "down");
    api_doc_count(doc, "restarts", link->restarts);
    api_doc_flag(doc, "seccomp", link->has_seccomp);
    api_doc_flag(doc, "landlock", link->has_landlock);
    api_doc_close_object(doc);
}

void status_show(struct api_call *call)
{
    struct core *core = call->core;
    struct whole whole = {.peers = sum_peers(core), .servers = sum_servers(core)};
    trust_engine_stats(core->engine, &whole.engine);
    store_stats(core->store, &whole.store);
    link_state(core->link, &whole.link);
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    put_node(&doc, core);
    api_doc_count(&doc, "records", census_live(&call->api->census, core->engine, core->now));
    api_doc_count(&doc, "authors", whole.engine.authors);
    api_doc_count(&doc, "servers", whole.servers.known);
    put_peers(&doc, &whole.peers);
    put_store(&doc, core, &whole);
    put_link(&doc, &whole.link);
    api_doc_number(&doc, "unresolved",
                   trust_scorer_unresolved(trust_engine_scorer(core->engine, core->now)));
    api_doc_count(&doc, "pending", whole.engine.pending);
    api_doc_count(&doc, "quarantined", whole.servers.withheld);
    api_doc_count(&doc, "held_back", trust_engine_held_back(core->engine));
    put_health(&doc, core, &whole);
    api_doc_close_object(&doc);
    api_answer(call, &doc);
    pump_run(core);
}
