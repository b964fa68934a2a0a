/* What calls tell of a server: its shared breaker, its evidence, its leases. See servers.h. */
#include <string.h>

#include "base/assert.h"
#include "engine/servers.h"
#include "engine/state.h"
#include "engine/watchlist.h"

/* Every call on a breaker goes through here: its transitions become EVENT actions. */
struct call {
    struct trust_engine *engine;
    uint32_t server;
    struct trust_breaker_events events;
    struct trust_breaker_context context;
};

static void begin(struct call *call, struct trust_engine *engine, uint32_t server,
                  struct trust_now now)
{
    *call = (struct call){.engine = engine, .server = server};
    call->context = (struct trust_breaker_context){.policy = &engine->watchlist.policy,
                                                   .now = now.mono,
                                                   .events = &call->events,
                                                   .key = server};
}

/* Every event of a call is polled before the next, so it finds room. */
static void finish(struct call *call)
{
    for (uint32_t i = 0; i < call->events.count; i++) {
        struct trust_action *action =
            trust_queue_push(&call->engine->notices, TRUST_ACTION_BREAKER);
        action->server = call->server;
        action->breaker = call->events.event[i];
    }
    trust_watchlist_touch(&call->engine->watchlist, call->server);
}

static void give_evidence(struct trust_engine *engine, const struct trust_watched *server,
                          const struct trust_outcome *outcome, struct trust_now now)
{
    const struct trust_shared *shared = &engine->watchlist.shared[server->shared - 1];
    enum trust_own_result result = TRUST_OWN_GOOD;
    switch (outcome->class_) {
    case TRUST_OUTCOME_OK:
        break;
    case TRUST_OUTCOME_REFUSED:
    case TRUST_OUTCOME_TIMEOUT:
    case TRUST_OUTCOME_HTTP5XX:
    case TRUST_OUTCOME_RATE_LIMITED:
        result = TRUST_OWN_BAD;
        break;
    case TRUST_OUTCOME_GARBAGE:
        result =
            trust_shared_agrees_on_garbage(shared, now.mono) ? TRUST_OWN_GARBAGE : TRUST_OWN_BAD;
        break;
    case TRUST_OUTCOME_INTERNAL:
        result = TRUST_OWN_HALF_BAD;
        break;
    case TRUST_OUTCOME_AUTH:
    case TRUST_OUTCOME_SESSION_LOST:
    case TRUST_OUTCOME_CALLER:
    case TRUST_OUTCOME_CANCELLED:
        return; /* they say nothing of the server */
    }
    if (trust_scorer_outcome(&engine->scorer, server->scorer, result, outcome->latency_ms, now) !=
        TRUST_OK)
        engine->unscored++;
}

void trust_engine_handle_outcome(struct trust_engine *engine, uint32_t server,
                                 const struct trust_shared_report *report, struct trust_now now)
{
    struct trust_watched *watched = &engine->watchlist.servers[server];
    assert(watched->is_used);
    struct call call;
    begin(&call, engine, server, now);
    trust_shared_record(trust_watchlist_shared(&engine->watchlist, server, now.mono), report,
                        &call.context);
    if (report->outcome.class_ == TRUST_OUTCOME_OK) {
        watched->active_ms = now.mono.ms;
        trust_watchlist_settle(&engine->watchlist, server, now.mono);
    }
    give_evidence(engine, watched, &report->outcome, now);
    finish(&call);
}

enum trust_error trust_engine_lease(struct trust_engine *engine, uint32_t server,
                                    struct trust_permit *out_permit, uint64_t agent,
                                    struct trust_now now)
{
    assert(engine->watchlist.servers[server].is_used);
    struct call call;
    begin(&call, engine, server, now);
    bool is_given =
        trust_shared_permit(trust_watchlist_shared(&engine->watchlist, server, now.mono),
                            out_permit, agent, &call.context);
    finish(&call);
    return is_given ? TRUST_OK : TRUST_NO_LEASE;
}

void trust_engine_return_lease(struct trust_engine *engine, uint32_t server,
                               const struct trust_permit *permit, uint64_t holder,
                               struct trust_now now)
{
    const struct trust_watched *watched = &engine->watchlist.servers[server];
    if (!watched->is_used || watched->shared == 0)
        return;
    struct call call;
    begin(&call, engine, server, now);
    trust_shared_return(&engine->watchlist.shared[watched->shared - 1], permit, holder,
                        &call.context);
    finish(&call);
}

void trust_engine_order_breaker(struct trust_engine *engine, uint32_t server,
                                const struct trust_breaker_order *order, struct trust_now now)
{
    struct call call;
    begin(&call, engine, server, now);
    trust_shared_order(trust_watchlist_shared(&engine->watchlist, server, now.mono), order,
                       &call.context);
    if (order->verb == TRUST_BREAKER_RESET)
        trust_scorer_forgive(&engine->scorer, engine->watchlist.servers[server].scorer);
    finish(&call);
}

static const struct trust_breaker *gate_of(const struct trust_engine *engine, uint32_t server)
{
    return trust_watchlist_gate(&engine->watchlist, &engine->watchlist.servers[server]);
}

void trust_engine_read_breaker(const struct trust_engine *engine, uint32_t server,
                               struct trust_breaker_view *out_view, struct trust_now now)
{
    const struct trust_breaker_context context = {.policy = &engine->watchlist.policy,
                                                  .now = now.mono};
    trust_breaker_read(gate_of(engine, server), out_view, &context);
}

/* Transitions that time alone makes, reported when they are noticed. */
void trust_calls_advance(struct trust_engine *engine, uint32_t server, struct trust_now now)
{
    struct call call;
    if (engine->watchlist.servers[server].shared == 0)
        return;
    begin(&call, engine, server, now);
    trust_breaker_advance(&trust_watchlist_shared(&engine->watchlist, server, now.mono)->gate,
                          &call.context);
    if (call.events.count > 0)
        finish(&call);
}

void trust_engine_save_breaker(const struct trust_engine *engine, uint32_t server,
                               uint8_t out_bytes[TRUST_BREAKER_SNAPSHOT_SIZE], struct trust_now now)
{
    const struct trust_breaker_context context = {.policy = &engine->watchlist.policy,
                                                  .now = now.mono};
    trust_breaker_save(gate_of(engine, server), out_bytes, &context);
}

enum trust_error trust_engine_load_breaker(struct trust_engine *engine, uint32_t server,
                                           struct trust_bytes bytes, struct trust_now now)
{
    struct call call;
    begin(&call, engine, server, now);
    enum trust_error error =
        trust_breaker_load(&trust_watchlist_shared(&engine->watchlist, server, now.mono)->gate,
                           bytes, engine->watchlist.breaker_seed++, &call.context);
    if (error == TRUST_OK)
        finish(&call);
    return error;
}

bool trust_engine_own_calls(const struct trust_engine *engine, uint32_t server,
                            struct trust_own_calls *out_calls, struct trust_now now)
{
    return trust_scorer_own_calls(&engine->scorer, out_calls,
                                  engine->watchlist.servers[server].scorer, now.wall);
}

enum trust_error trust_engine_load_calls(struct trust_engine *engine, uint32_t server,
                                         const struct trust_own_calls *calls,
                                         struct trust_wall saved)
{
    return trust_scorer_restore_calls(&engine->scorer, engine->watchlist.servers[server].scorer,
                                      calls, saved);
}

static void adopt(struct trust_shared *shared, const struct trust_breaker_context *silent)
{
    trust_breaker_adopt(&shared->gate, silent);
    for (uint32_t i = 0; i < shared->agent_count; i++)
        trust_breaker_adopt(&shared->agents[i].cell, silent);
}

/* What the operator named is shown anew at once, the others by the renewal of old cells: there may
 * be as many as anybody cared to call. */
void trust_engine_set_policy(struct trust_engine *engine, const struct trust_breaker_policy *policy,
                             struct trust_now now)
{
    struct trust_watchlist *servers = &engine->watchlist;
    servers->policy = *policy;
    const struct trust_breaker_context silent = {.policy = &servers->policy, .now = now.mono};
    for (uint32_t i = 0; i < servers->pool.fresh; i++) {
        struct trust_watched *server = &servers->servers[i];
        if (!server->is_used)
            continue;
        if (server->shared != 0)
            adopt(&servers->shared[server->shared - 1], &silent);
        server->updated_ms = 0;
        if ((server->marks & TRUST_CELL_NAMED) != 0)
            trust_watchlist_touch(servers, i);
    }
}
