/*
 * Lines of a client and of two backends through a router. The input is a list of lines; the first
 * byte of each says who speaks: c the client, 0 and 1 a backend; u and d with a digit: it comes up,
 * it goes down; t: time passes. ID in a line of a backend is the last id that it was given, STATE
 * in one of the client the last state.
 *
 * Whatever they say: all that leaves is a message again, no more answers than requests, and every
 * permit is settled once.
 */
#include "guard/router/router.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"
#include "guard/router/text.h"
#include "wire/json.h"
#include "wire/message.h"

#define BACKENDS 2u
#define LINES_MAX 200
#define INITIALIZED                                                                                \
    "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{},\"resources\":{}},"        \
    "\"serverInfo\":{}}"

struct world {
    struct router *r;
    struct trust_now now;
    uint64_t last_id[BACKENDS];
    char state[96];
    uint32_t requests;
    uint32_t answers;
    uint32_t given;
    uint32_t settled;
};

static struct trust_bytes offer_text(void *context, enum offer_text text)
{
    (void)context;
    if (text == OFFER_TEXT_DISCOVER)
        return trust_bytes_text("{\"supportedVersions\":[]}");
    return trust_bytes_text(text == OFFER_TEXT_TOOLS ? "[{\"name\":\"a\"}]" : INITIALIZED);
}

static uint64_t offer_revision(void *context)
{
    (void)context;
    return 0;
}

/* By the first letter: r reads, i is idempotent, m is mapped, x is changed. */
static struct offer_route offer_route(void *context, struct trust_bytes tool, uint32_t backend)
{
    (void)context;
    char kind = tool.size > 0 ? (char)tool.data[0] : 'x';
    struct offer_route route = {
        .state = kind == 'x' ? OFFER_CHANGED : OFFER_COVERED,
        .hints = {.is_read_only = kind == 'r', .is_idempotent = kind == 'i'}};
    if (kind == 'm' && backend == 1) {
        route.name = trust_bytes_text("\"other\"");
        route.has_map = true;
    }
    return route;
}

static enum trust_error offer_map(void *context, struct trust_bytes *out_arguments,
                                  struct trust_bytes tool, uint32_t backend,
                                  struct trust_bytes arguments)
{
    (void)context;
    (void)tool;
    (void)backend;
    if (json_kind(arguments) != JSON_KIND_OBJECT)
        return TRUST_NO_RANGE;
    *out_arguments = trust_bytes_text("{\"mapped\":true}");
    return TRUST_OK;
}

/* What the first backend has of prompts and templates changes as it goes. */
static bool offer_lists_known(void *context, enum offer_part part, uint32_t backend,
                              struct trust_bytes result)
{
    (void)context;
    (void)part;
    return (result.size + backend) % 3 != 0;
}

static bool offer_withholds(void *context, enum offer_part part, uint32_t backend)
{
    (void)part;
    return backend == 0 && offer_revision(context) % 2 == 1;
}

static enum trust_error offer_learn(void *context, uint32_t backend, enum offer_part part,
                                    struct trust_bytes result)
{
    (void)context;
    (void)backend;
    (void)part;
    assert(json_kind(result) == JSON_KIND_OBJECT);
    return TRUST_OK;
}

static const struct offer_calls offer_calls = {.text = offer_text,
                                               .revision = offer_revision,
                                               .route = offer_route,
                                               .map_arguments = offer_map,
                                               .withholds = offer_withholds,
                                               .lists_known = offer_lists_known,
                                               .learn = offer_learn};

/* What the guard gave the client to come again with. */
static void read_state(struct world *w, const struct message *message)
{
    struct trust_bytes state;
    size_t size = 0;
    if (message->kind == MESSAGE_RESPONSE && json_kind(message->result) == JSON_KIND_OBJECT &&
        json_find(&state, message->result, "requestState") == TRUST_OK &&
        json_string_copy(w->state, sizeof w->state - 1, &size, state) == TRUST_OK)
        w->state[size] = '\0';
}

static void sent(struct world *w, const struct router_action *action)
{
    struct message message;
    if (action->kind == ROUTER_TO_CLIENT && action->bytes.size == 0) { /* it was cancelled */
        assert(action->is_answer);
        w->answers++;
        return;
    }
    enum trust_error error = message_read(&message, action->bytes);
    assert(error == TRUST_OK);
    bool is_answer = message.kind == MESSAGE_RESPONSE || message.kind == MESSAGE_ERROR;
    if (action->kind == ROUTER_TO_CLIENT)
        assert(action->is_answer == is_answer);
    if (action->kind == ROUTER_TO_CLIENT)
        read_state(w, &message);
    if (action->kind == ROUTER_TO_CLIENT && is_answer && message.id.size > 0)
        w->answers++;
    uint64_t id;
    if (action->kind == ROUTER_TO_BACKEND && message.kind == MESSAGE_REQUEST &&
        json_uint(&id, message.id) == TRUST_OK)
        w->last_id[action->backend] = id;
}

static void choose(struct world *w, const struct router_action *action)
{
    struct router_choice choice = {.is_found = action->able != 0,
                                   .is_believed = true,
                                   .backend = (action->able & 1) != 0 ? 0 : 1};
    w->given += choice.is_found;
    router_chosen(w->r, action->call, &choice, w->now);
}

static void turn(struct world *w)
{
    struct router_action action;
    while (router_poll(w->r, &action)) {
        switch (action.kind) {
        case ROUTER_TO_CLIENT:
        case ROUTER_TO_BACKEND:
            sent(w, &action);
            break;
        case ROUTER_CHOOSE:
            choose(w, &action);
            break;
        case ROUTER_SETTLE:
            w->settled++;
            break;
        case ROUTER_LEARNED:
            router_judged(w->r, action.backend, w->now);
            break;
        case ROUTER_START:
        case ROUTER_STOP:
        case ROUTER_LOG:
            break;
        }
    }
}

static void client_line(struct world *w, struct trust_bytes line)
{
    struct message message;
    /* What is no message may have an id, which is answered. */
    if (message_read(&message, line) != TRUST_OK || message.kind == MESSAGE_REQUEST)
        w->requests++;
    router_client_line(w->r, line, 1, w->now);
}

static void client(struct world *w, struct trust_bytes line)
{
    static const char name[] = "STATE";
    const uint8_t *at = memmem(line.data, line.size, name, strlen(name));
    struct text text = {0};
    if (at == NULL) {
        client_line(w, line);
        return;
    }
    size_t before = (size_t)(at - line.data);
    text_put_bytes(&text, (struct trust_bytes){.data = line.data, .size = before});
    text_put(&text, w->state);
    text_put_bytes(&text, (struct trust_bytes){.data = at + strlen(name),
                                               .size = line.size - before - strlen(name)});
    client_line(w, text_bytes(&text));
    free(text.data);
}

static void backend(struct world *w, uint32_t b, struct trust_bytes line)
{
    struct text text = {0};
    for (size_t i = 0; i < line.size; i++) {
        if (i + 1 < line.size && line.data[i] == 'I' && line.data[i + 1] == 'D') {
            text_put_number(&text, w->last_id[b]);
            i++;
        } else {
            text_put_bytes(&text, (struct trust_bytes){.data = line.data + i, .size = 1});
        }
    }
    router_backend_line(w->r, b, text_bytes(&text), w->now);
    free(text.data);
}

static void act(struct world *w, struct trust_bytes line)
{
    uint8_t who = line.data[0];
    struct trust_bytes rest = {.data = line.data + 1, .size = line.size - 1};
    uint32_t b = rest.size > 0 && rest.data[0] == '1' ? 1 : 0;
    uint32_t number = rest.size > 1 ? rest.data[1] - '0' : 0;
    if (who == 'c')
        client(w, rest);
    else if (who == '0' || who == '1')
        backend(w, who - '0', rest);
    else if (who == 'u')
        router_backend_up(w->r, b, w->now);
    else if (who == 'd')
        router_backend_down(
            w->r, b, &(struct router_loss){.class_ = TRUST_OUTCOME_REFUSED, .written = number},
            w->now);
    else if (who == 'f')
        router_backend_failed(
            w->r, b, number,
            &(struct router_failure){.class_ = (enum trust_outcome_class)(1 + rest.size % 7),
                                     .is_sent = true},
            w->now);
    else if (who == 't') {
        w->now.mono.ms += 400;
        router_time(w->r, w->now);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world w = {.now = {.mono = {.ms = 1000}}};
    struct router_config config = {.group = "g",
                                   .subjects = {"npm:a", "npm:b"},
                                   .backend_count = BACKENDS,
                                   .call_timeout_ms = 1000,
                                   .connect_timeout_ms = 1000,
                                   .offer = {.calls = &offer_calls}};
    enum trust_error error = router_new(&w.r, &config);
    assert(error == TRUST_OK);
    size_t at = 0;
    for (int i = 0; at < size && i < LINES_MAX; i++) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - data) - at;
        if (length > 0)
            act(&w, (struct trust_bytes){.data = data + at, .size = length});
        at += length + 1;
        turn(&w);
        assert(w.answers <= w.requests);
    }
    router_client_gone(w.r, w.now);
    turn(&w);
    assert(w.given == w.settled);
    assert(router_stats(w.r).in_flight == 0);
    router_free(w.r);
    return 0;
}
