/*
 * router: a call through the guard's state machine and its answer back, beside reading both
 * messages once; and the death of a server with a thousand calls in flight, settled and answered.
 */
#include "guard/router/router.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "bench.h"
#include "guard/router/text.h"
#include "wire/message.h"

#define IN_FLIGHT 1000u
#define DEATHS 20u

static const char hello[] =
    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
    "\"2025-06-18\",\"capabilities\":{}}}";
static const char greeting[] = "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}";
static const char call[] =
    "{\"jsonrpc\":\"2.0\",\"id\":4711,\"method\":\"tools/call\",\"params\":{\"name\":"
    "\"search_files\",\"arguments\":{\"path\":\"/srv/projects/website\",\"pattern\":"
    "\"**/*.{ts,tsx}\",\"query\":\"where is the session token refreshed\",\"limit\":25},"
    "\"_meta\":{\"progressToken\":4711}}}";
static const char content[] =
    ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"src/auth/session.ts:42: the token is "
    "refreshed when it has less than a minute left\"}],\"isError\":false}}";

struct fixture {
    struct router *r;
    struct trust_now now;
    uint64_t last_id;
};

static struct trust_bytes offer_text(void *context, enum offer_text text)
{
    (void)context;
    return trust_bytes_text(text == OFFER_TEXT_TOOLS ? "[]" : greeting);
}

static uint64_t offer_revision(void *context)
{
    (void)context;
    return 0;
}

static struct offer_route offer_route(void *context, struct trust_bytes tool, uint32_t backend)
{
    (void)context;
    (void)tool;
    return (struct offer_route){.state = backend == 0 ? OFFER_COVERED : OFFER_NOT_COVERED};
}

static enum trust_error offer_learn(void *context, uint32_t backend, enum offer_part part,
                                    struct trust_bytes result)
{
    (void)context;
    (void)backend;
    (void)part;
    (void)result;
    return TRUST_OK;
}

static const struct offer_calls offer_calls = {
    .text = offer_text, .revision = offer_revision, .route = offer_route, .learn = offer_learn};

static void act(struct fixture *f, const struct router_action *action)
{
    struct router_choice choice = {.is_found = action->able != 0};
    struct message message;
    uint64_t id = 0;
    if (action->kind == ROUTER_CHOOSE)
        router_chosen(f->r, action->call, &choice, f->now);
    if (action->kind == ROUTER_LEARNED)
        router_judged(f->r, 0, f->now);
    if (action->kind != ROUTER_TO_BACKEND)
        return;
    enum trust_error error = message_read(&message, action->bytes);
    assert(error == TRUST_OK);
    for (size_t i = 0; i < message.id.size; i++)
        id = 10 * id + (uint64_t)(message.id.data[i] - '0');
    if (id != 0)
        f->last_id = id;
}

static void turn(struct fixture *f)
{
    struct router_action action;
    while (router_poll(f->r, &action))
        act(f, &action);
}

static void answer(struct fixture *f, const char *rest)
{
    struct text text = {0};
    text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    text_put_number(&text, f->last_id);
    text_put(&text, rest);
    router_backend_line(f->r, 0, text_bytes(&text), f->now);
    free(text.data);
    turn(f);
}

static void greet(struct fixture *f)
{
    router_backend_up(f->r, 0, f->now);
    turn(f);
    answer(f, ",\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}}");
    assert(router_is_ready(f->r, 0));
}

static void ask(struct fixture *f)
{
    router_client_line(f->r, trust_bytes_text(call), 0, f->now);
    turn(f);
}

static void through(void *context, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        ask(context);
        answer(context, content);
    }
}

/* What the harness above does itself: reads the call, writes and reads the answer. */
static void beside(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct message message;
        enum trust_error error = message_read(&message, trust_bytes_text(call));
        assert(error == TRUST_OK);
        bench_keep(&message);
        struct text text = {0};
        text_put(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
        text_put_number(&text, f->last_id);
        text_put(&text, content);
        error = message_read(&message, text_bytes(&text));
        assert(error == TRUST_OK);
        bench_keep(&message);
        free(text.data);
    }
}

/* Milliseconds from the death of a server to the last answer of its calls. */
static double death_ms(struct fixture *f)
{
    for (uint32_t i = 0; i < IN_FLIGHT; i++)
        ask(f);
    uint64_t began = bench_now_ns();
    router_backend_down(f->r, 0,
                        &(struct router_loss){.class_ = TRUST_OUTCOME_REFUSED,
                                              .written = UINT64_MAX,
                                              .retry_ms = 100},
                        f->now);
    turn(f);
    double ms = (double)(bench_now_ns() - began) / 1e6;
    assert(router_stats(f->r).in_flight == 0);
    /* The same calls would be told at once that their outcome is unknown. */
    f->now.mono.ms += 300000;
    greet(f);
    return ms;
}

int main(void)
{
    struct fixture f = {.now = {.mono = {.ms = 1}}};
    struct router_config config = {
        .group = "g", .subjects = {"npm:a"}, .backend_count = 1, .offer = {.calls = &offer_calls}};
    enum trust_error error = router_new(&f.r, &config);
    assert(error == TRUST_OK);
    router_client_line(f.r, trust_bytes_text(hello), 0, f.now);
    turn(&f);
    greet(&f);
    struct bench_timing timings[] = {{.body = through, .context = &f},
                                     {.body = beside, .context = &f}};
    bench_time(timings, 2);
    bench_print(&(struct bench_line){.name = "a call and its answer",
                                     .value = timings[0].ns / 1000,
                                     .unit = "us",
                                     .baseline_name = "reading both",
                                     .baseline = timings[1].ns / 1000,
                                     .value_at_most = 10});
    double deaths[DEATHS];
    for (size_t i = 0; i < DEATHS; i++)
        deaths[i] = death_ms(&f);
    bench_print(&(struct bench_line){.name = "death with 1,000 calls",
                                     .value = bench_median(deaths, DEATHS),
                                     .unit = "ms",
                                     .value_at_most = 5});
    router_free(f.r);
    return 0;
}
