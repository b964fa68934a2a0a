/* A client, three servers and what they did, as the simulation of the router sees them: the end of
 * every action that is no decision. */
#ifndef GUARD_WORLD_H
#define GUARD_WORLD_H

#include "base/random.h"
#include "offering.h"
#include "wire/message.h"

#define SERVERS 3u
#define REQUESTS 64u
#define OUTSTANDING 512u

enum sent_state { GONE, QUEUED, LEFT, RECEIVED };

struct sent {
    enum sent_state state;
    uint64_t number;
    char id[24]; /* empty: a notification or an answer */
    enum message_method method;
    uint32_t tool;
    uint64_t n;    /* of a call: its argument */
    bool is_asked; /* it was answered with a question: it was not executed after all */
};

struct server {
    bool is_modern;
    bool is_wanted;
    bool is_up;
    uint32_t life;
    uint64_t written;
    uint32_t count;
    struct sent sent[OUTSTANDING];
    uint32_t asked;
};

struct request {
    bool is_call;
    bool is_cancelled;
    uint32_t answers;
    char state[96]; /* it was answered with a question; empty: it was not */
    char id[16];
    uint32_t tool;
    uint64_t n;
};

struct deed {
    uint32_t executions;
    uint32_t server;
    uint32_t allowed; /* executions: one, and one more each time that it was meant again */
    bool is_spread;   /* over more than one server */
    bool is_unknown;  /* the client was told that it may have been executed */
};

struct world {
    struct rig rig; /* of which only the offer is used */
    struct trust_random random;
    struct trust_now now;
    struct router *r;
    struct server servers[SERVERS];
    struct request requests[REQUESTS];
    uint32_t request_count;
    struct deed deeds[REQUESTS];
    struct router_action choices[REQUESTS * 4];
    uint32_t choice_count;
    uint64_t given[REQUESTS * 64];
    uint32_t given_count;
    uint64_t open_asks[256];
    uint32_t open_ask_count;
    uint32_t retries; /* calls that came again with what their server asked for */
    bool is_gone;
};

static inline uint32_t below(struct world *w, uint32_t bound)
{
    return (uint32_t)trust_random_below(&w->random, bound);
}

static inline uint64_t number_in(struct trust_bytes object, const char *name)
{
    struct trust_bytes value;
    uint64_t number = 0;
    if (json_kind(object) == JSON_KIND_OBJECT && json_find(&value, object, name) == TRUST_OK)
        assert_int_equal(json_uint(&number, value), TRUST_OK);
    return number;
}

/* The guard wants to know something for the call, which is not answered so. */
static inline bool is_question(struct request *request, struct trust_bytes bytes)
{
    static const char begin[] = "\"requestState\":\"repute-guard:";
    const uint8_t *at = memmem(bytes.data, bytes.size, begin, strlen(begin));
    if (at == NULL)
        return false;
    at += strlen("\"requestState\":\"");
    size_t size = (size_t)((const uint8_t *)memchr(at, '"', 90) - at);
    assert_int_equal(request->state[0], '\0');
    memcpy(request->state, at, size);
    request->state[size] = '\0';
    return true;
}

static inline void at_client(struct world *w, const struct router_action *action)
{
    struct message m;
    assert_int_equal(message_read(&m, action->bytes), TRUST_OK);
    if (m.kind == MESSAGE_REQUEST) {
        uint64_t id;
        assert_int_equal(json_uint(&id, m.id), TRUST_OK);
        for (uint32_t i = 0; i < w->open_ask_count; i++)
            assert_true(w->open_asks[i] != id);
        assert_true(w->open_ask_count < 256);
        w->open_asks[w->open_ask_count++] = id;
    }
    if (m.kind != MESSAGE_RESPONSE && m.kind != MESSAGE_ERROR)
        return;
    /* Requests are numbered by their place, as numbers and as strings. */
    char id[16];
    snprintf(id, sizeof id, "%.*s", (int)m.id.size, (const char *)m.id.data);
    uint32_t place = (uint32_t)strtoul(id[0] == '"' ? id + 2 : id, NULL, 10);
    assert_true(place < w->request_count);
    struct request *request = &w->requests[place];
    if (is_question(request, action->bytes)) {
        assert_false(request->is_cancelled);
        return;
    }
    assert_int_equal(++request->answers, 1);
    assert_false(request->is_cancelled);
    char *text = text_copy(action->bytes);
    struct deed *deed = &w->deeds[request->n];
    /* Of what may be executed twice an earlier one can have been. */
    bool is_countable = request->is_call && (request->tool == 2 || deed->allowed == 1);
    if (is_countable && strstr(text, "\"executed\":\"no\"") != NULL)
        assert_true(deed->executions < deed->allowed);
    if (request->is_call && strstr(text, "\"outcome_unknown\"") != NULL)
        deed->is_unknown = true;
    free(text);
}

static inline void check_owner(const struct world *w, uint32_t b, const struct message *m)
{
    char expected[32];
    snprintf(expected, sizeof expected, "\"%u.%u.", b, w->servers[b].life);
    assert_true(m->id.size > strlen(expected));
    assert_memory_equal(m->id.data, expected, strlen(expected));
}

static inline void at_server(struct world *w, const struct router_action *action)
{
    struct server *server = &w->servers[action->backend];
    struct message m;
    assert_int_equal(message_read(&m, action->bytes), TRUST_OK);
    assert_true(server->is_up);
    assert_true(server->count < OUTSTANDING);
    struct sent *sent = &server->sent[server->count++];
    *sent = (struct sent){.state = QUEUED, .number = action->number, .method = m.method};
    if (m.kind == MESSAGE_RESPONSE || m.kind == MESSAGE_ERROR)
        check_owner(w, action->backend, &m);
    if (m.kind != MESSAGE_REQUEST)
        return;
    snprintf(sent->id, sizeof sent->id, "%.*s", (int)m.id.size, (const char *)m.id.data);
    if (m.method != METHOD_TOOLS_CALL)
        return;
    struct trust_bytes given;
    w->retries += json_find(&given, m.params, "inputResponses") == TRUST_OK;
    sent->n = number_in(m.arguments, "n");
    while (!json_is_string(m.name, rig_tools[sent->tool]))
        sent->tool++;
}

static inline void settled(struct world *w, const struct router_action *action)
{
    for (uint32_t i = 0; i < w->given_count; i++) {
        if (w->given[i] == action->call) {
            w->given[i] = w->given[--w->given_count];
            return;
        }
    }
    fail_msg("settled what was not given");
}

static inline void turn(struct world *w)
{
    struct router_action action;
    while (router_poll(w->r, &action)) {
        switch (action.kind) {
        case ROUTER_TO_CLIENT:
            at_client(w, &action);
            break;
        case ROUTER_TO_BACKEND:
            at_server(w, &action);
            break;
        case ROUTER_CHOOSE:
            assert_true(w->choice_count < REQUESTS * 4);
            w->choices[w->choice_count++] = action;
            break;
        case ROUTER_SETTLE:
            settled(w, &action);
            break;
        case ROUTER_START:
            w->servers[action.backend].is_wanted = true;
            break;
        case ROUTER_STOP:
            w->servers[action.backend].is_wanted = false;
            break;
        case ROUTER_LEARNED:
            router_judged(w->r, action.backend, w->now);
            break;
        case ROUTER_LOG:
            break;
        }
    }
}

#endif
