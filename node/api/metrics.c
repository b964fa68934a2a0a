/*
 * See metrics.h. Names follow the conventions of Prometheus: base units, counters end in _total,
 * and each name has its help and type once.
 */
#include "node/api/metrics.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "engine/servers.h"
#include "node/api/api.h"
#include "node/core.h"

/* About 40 names of 200 bytes each. */
#define PAGE_SIZE_MAX 16384

struct page {
    char text[PAGE_SIZE_MAX];
    size_t size;
};

static void put(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size =
        vsnprintf(page->text + page->size, sizeof page->text - page->size, format, arguments);
    va_end(arguments);
    assert(size >= 0);
    assert((size_t)size < sizeof page->text - page->size);
    page->size += (size_t)size;
}

static void head(struct page *page, const char *name, const char *type, const char *help)
{
    put(page, "# HELP repute_%s %s\n# TYPE repute_%s %s\n", name, help, name, type);
}

static void gauge(struct page *page, const char *name, uint64_t value, const char *help)
{
    head(page, name, "gauge", help);
    put(page, "repute_%s %" PRIu64 "\n", name, value);
}

static void counter(struct page *page, const char *name, uint64_t value, const char *help)
{
    head(page, name, "counter", help);
    put(page, "repute_%s %" PRIu64 "\n", name, value);
}

static void put_engine(struct page *page, const struct core *core)
{
    struct trust_engine_stats stats;
    trust_engine_stats(core->engine, &stats);
    gauge(page, "authors", stats.authors, "Authors whose records are kept.");
    gauge(page, "registers", stats.registers, "Registers held, of all authors.");
    gauge(page, "records_pending", stats.pending, "Records between arrival and disk.");
    gauge(page, "signatures_pending", stats.verifying, "Signatures being checked.");
    counter(page, "records_accepted_total", stats.accepted, "Records accepted since start.");
    counter(page, "records_refused_total", stats.refused,
            "Records refused since start, duplicates not counted.");
    counter(page, "records_unscored_total", stats.unscored,
            "Records that found no room in the scores.");
    counter(page, "quarantines_held_back_total", trust_engine_held_back(core->engine),
            "Quarantines that the rate cap turned into suspicion.");
}

static void put_store(struct page *page, const struct core *core)
{
    struct store_stats stats;
    struct trust_engine_stats engine;
    store_stats(core->store, &stats);
    trust_engine_stats(core->engine, &engine);
    gauge(page, "store_records", stats.record_count, "Records on disk.");
    gauge(page, "store_record_bytes", stats.record_size, "Bytes of the records on disk.");
    gauge(page, "store_limit_bytes", core->config.store_limit, "Bytes of records allowed.");
    gauge(page, "store_file_bytes", stats.file_size, "Bytes of the store's file.");
    gauge(page, "store_queued_bytes", stats.queued_size, "Bytes waiting to be written.");
    gauge(page, "store_faulty", engine.fault != TRUST_OK, "1 while the store cannot write.");
    counter(page, "store_commits_total", stats.commit_count, "Transactions since start.");
    counter(page, "store_scrubbed_records_total", stats.scrub_count,
            "Records checked in the background since start.");
    counter(page, "store_damaged_records_total", stats.damaged_count,
            "Records found damaged and set aside, all time.");
}

static void put_peers(struct page *page, const struct core *core)
{
    uint32_t states[TRUST_PEER_BANNED + 1] = {0};
    struct trust_peer_counters sum = {0};
    for (uint32_t i = 0; i < TRUST_PEERS_MAX; i++) {
        const struct trust_peer *peer = trust_gossip_peer(trust_engine_gossip(core->engine), i);
        if (peer == NULL)
            continue;
        states[peer->state]++;
        sum.records_in += peer->counters.records_in;
        sum.records_out += peer->counters.records_out;
        sum.bytes_in += peer->counters.bytes_in;
        sum.bytes_out += peer->counters.bytes_out;
    }
    head(page, "peers", "gauge", "Known peers by state.");
    for (int i = TRUST_PEER_CONNECTING; i <= TRUST_PEER_BANNED; i++)
        put(page, "repute_peers{state=\"%s\"} %" PRIu32 "\n",
            trust_peer_state_name((enum trust_peer_state)i), states[i]);
    counter(page, "gossip_received_records_total", sum.records_in, "Records from known peers.");
    counter(page, "gossip_sent_records_total", sum.records_out, "Records to known peers.");
    counter(page, "gossip_received_bytes_total", sum.bytes_in, "Bytes of frames from known peers.");
    counter(page, "gossip_sent_bytes_total", sum.bytes_out, "Bytes of frames to known peers.");
}

static void put_link(struct page *page, const struct core *core)
{
    struct link_state state;
    link_state(core->link, &state);
    gauge(page, "link_running", state.is_running, "1 while the link process runs.");
    gauge(page, "link_connections", state.connections, "Connections of the link.");
    counter(page, "link_restarts_total", state.restarts, "Restarts of the link since start.");
    counter(page, "link_lost_frames_total", state.frames_lost,
            "Frames not handed over because the link was behind.");
}

static void put_servers(struct page *page, struct core *core)
{
    uint32_t breakers[TRUST_BREAKER_METRICS_ONLY + 1] = {0};
    uint32_t quarantines[TRUST_QUARANTINE_BANNED + 1] = {0};
    uint32_t cursor = 0;
    uint32_t server = 0;
    while (trust_engine_next_server(core->engine, &cursor, &server)) {
        struct trust_breaker_view view;
        trust_engine_read_breaker(core->engine, server, &view, core->now);
        breakers[view.state]++;
        quarantines[trust_engine_quarantine(core->engine, server)->state]++;
    }
    head(page, "watched_servers", "gauge", "Servers on the board, by the state of their breaker.");
    for (int i = TRUST_BREAKER_CLOSED; i <= TRUST_BREAKER_METRICS_ONLY; i++)
        put(page, "repute_watched_servers{breaker=\"%s\"} %" PRIu32 "\n",
            trust_breaker_state_name((enum trust_breaker_state)i), breakers[i]);
    head(page, "quarantine_servers", "gauge", "Servers on the board, by quarantine.");
    for (int i = TRUST_QUARANTINE_OK; i <= TRUST_QUARANTINE_BANNED; i++)
        put(page, "repute_quarantine_servers{state=\"%s\"} %" PRIu32 "\n",
            trust_quarantine_state_name((enum trust_quarantine_state)i), quarantines[i]);
}

static void put_api(struct page *page, const struct api *api)
{
    head(page, "api_answers_total", "counter", "Answers of the local API by class of status.");
    for (int i = 2; i <= 5; i++)
        put(page, "repute_api_answers_total{status=\"%dxx\"} %" PRIu64 "\n", i, api->answers[i]);
    counter(page, "api_connections_total", api->connections, "Connections since start.");
    counter(page, "api_crowded_connections_total", api->crowded,
            "Connections closed because there were too many.");
    counter(page, "api_slow_bodies_total", api->slow_bodies,
            "Connections closed because a request's body took too long.");
    gauge(page, "api_held_requests", api->held_count, "Requests that wait for something.");
}

void metrics_show(struct api_call *call)
{
    struct core *core = call->core;
    struct page page;
    page.size = 0;
    head(&page, "build_info", "gauge", "The running program.");
    put(&page, "repute_build_info{version=\"%s\"} 1\n", REPUTE_VERSION);
    gauge(&page, "uptime_seconds", (core->now.mono.ms - core->started.mono.ms) / 1000,
          "Seconds since start.");
    put_engine(&page, core);
    put_store(&page, core);
    put_peers(&page, core);
    put_link(&page, core);
    put_servers(&page, core);
    put_api(&page, call->api);
    api_answer_text(call, "text/plain; version=0.0.4; charset=utf-8",
                    (struct trust_bytes){.data = (const uint8_t *)page.text, .size = page.size});
}
