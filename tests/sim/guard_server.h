/* What a server does next, at random: it lives, writes, executes, answers, babbles, meddles, asks,
 * fails and dies. */
#ifndef GUARD_SERVER_H
#define GUARD_SERVER_H

#include "guard_world.h"

static inline struct sent *some(struct world *w, struct server *server, enum sent_state state)
{
    uint32_t from = server->count == 0 ? 0 : below(w, server->count);
    for (uint32_t i = 0; i < server->count; i++) {
        struct sent *sent = &server->sent[(from + i) % server->count];
        if (sent->state == state)
            return sent;
    }
    return NULL;
}

static inline void server_says(struct world *w, uint32_t b, const char *line)
{
    router_backend_line(w->r, b, trust_bytes_text(line), w->now);
}

static inline void execute(struct world *w, uint32_t b, struct sent *sent)
{
    sent->state = RECEIVED;
    if (sent->method != METHOD_TOOLS_CALL || sent->id[0] == '\0')
        return;
    struct deed *deed = &w->deeds[sent->n];
    if (deed->executions++ > 0 && deed->server != b)
        deed->is_spread = true;
    deed->server = b;
}

/* A modern server may have to know something first. It takes what it asked for itself. */
static const char *question_of(struct world *w, uint32_t b, struct sent *sent)
{
    static const char roots[] = "\"result\":{\"resultType\":\"input_required\",\"inputRequests\":{"
                                "\"a\":{\"method\":\"roots/list\"}}}";
    static const char both[] =
        "\"result\":{\"resultType\":\"input_required\",\"requestState\":\"s\","
        "\"inputRequests\":{\"a\":{\"method\":\"elicitation/create\","
        "\"params\":{}},\"b\":{\"method\":\"roots/list\"}}}";
    static const char none[] =
        "\"result\":{\"resultType\":\"input_required\",\"requestState\":\"s\"}";
    static const char *const questions[] = {none, both, roots};
    if (!w->servers[b].is_modern || below(w, 6) != 0)
        return NULL;
    if (!sent->is_asked)
        w->deeds[sent->n].executions--;
    sent->is_asked = true;
    return questions[below(w, 3)];
}

static const char *result_of(struct world *w, uint32_t b, struct sent *sent)
{
    bool is_modern = w->servers[b].is_modern;
    const char *question;
    if (sent->method == METHOD_INITIALIZE)
        return is_modern ? "\"error\":{\"code\":-32601,\"message\":\"\"}"
                         : "\"result\":" RIG_INITIALIZED;
    if (sent->method == METHOD_DISCOVER)
        return is_modern ? "\"result\":{\"capabilities\":{\"tools\":{},\"prompts\":{}}}"
                         : "\"error\":{\"code\":-32601,\"message\":\"\"}";
    if (sent->method != METHOD_TOOLS_CALL)
        return "\"result\":{\"tools\":[]}";
    if ((question = question_of(w, b, sent)) != NULL)
        return question;
    static const char *const results[] = {
        "\"result\":{\"content\":[]}",
        "\"result\":{\"content\":[]}",
        "\"result\":{\"isError\":true,\"_meta\":{\"a\":1}}",
        "\"error\":{\"code\":-32603,\"message\":\"broken\"}",
        "\"error\":{\"code\":-32602,\"message\":\"no\"}",
        "\"result\":7",
    };
    return results[below(w, sizeof results / sizeof *results)];
}

static inline void answer(struct world *w, uint32_t b)
{
    struct sent *sent = some(w, &w->servers[b], RECEIVED);
    if (sent == NULL || sent->id[0] == '\0')
        return;
    char line[400];
    snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%s,%s}", sent->id,
             result_of(w, b, sent));
    if (below(w, 8) != 0)
        sent->state = GONE; /* else it will be answered again */
    server_says(w, b, line);
}

static inline void babble(struct world *w, uint32_t b)
{
    static const char *const lines[] = {
        "listening on stdio",
        "{\"jsonrpc\":\"2.0\",\"id\":4711,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}",
        "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"\"}}",
    };
    server_says(w, b, lines[below(w, sizeof lines / sizeof *lines)]);
}

/* For a call of its own, or of another server. */
static inline void meddle(struct world *w, uint32_t b)
{
    struct server *other = &w->servers[below(w, SERVERS)];
    struct sent *sent = some(w, other, RECEIVED);
    if (sent == NULL || sent->id[0] == '\0' || other == &w->servers[b])
        return;
    char line[160];
    if (below(w, 2) == 0)
        snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}", sent->id);
    else
        snprintf(line, sizeof line,
                 "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
                 "\"progressToken\":%s,\"progress\":%u}}",
                 sent->id, below(w, 9));
    server_says(w, b, line);
}

static inline void elicit(struct world *w, uint32_t b)
{
    if (w->open_ask_count > 200)
        return;
    char line[120];
    snprintf(line, sizeof line, "{\"jsonrpc\":\"2.0\",\"id\":\"%u.%u.%u\",\"method\":\"%s\"}", b,
             w->servers[b].life, w->servers[b].asked++,
             below(w, 2) == 0 ? "elicitation/create" : "roots/list");
    server_says(w, b, line);
}

static inline void die(struct world *w, uint32_t b)
{
    struct server *server = &w->servers[b];
    struct router_loss loss = {
        .class_ = TRUST_OUTCOME_REFUSED, .written = server->written, .retry_ms = 100};
    server->is_up = false;
    server->is_wanted = false;
    server->count = 0;
    router_backend_down(w->r, b, &loss, w->now);
}

static inline void live(struct world *w, uint32_t b)
{
    struct server *server = &w->servers[b];
    if (!server->is_wanted) {
        if (server->is_up)
            die(w, b);
        return;
    }
    if (server->is_up)
        return;
    server->is_up = true;
    server->life++;
    server->written = 0;
    server->count = 0;
    router_backend_up(w->r, b, w->now);
}

/* The next message leaves; maybe not whole. */
static inline void write_one(struct world *w, uint32_t b)
{
    struct server *server = &w->servers[b];
    for (uint32_t i = 0; i < server->count; i++) {
        struct sent *sent = &server->sent[i];
        if (sent->state != QUEUED)
            continue;
        sent->state = LEFT;
        server->written = sent->number;
        if (below(w, 60) == 0)
            die(w, b);
        return;
    }
}

static inline void fail_one(struct world *w, uint32_t b)
{
    static const enum trust_outcome_class classes[] = {
        TRUST_OUTCOME_RATE_LIMITED, TRUST_OUTCOME_AUTH, TRUST_OUTCOME_SESSION_LOST,
        TRUST_OUTCOME_REFUSED, TRUST_OUTCOME_HTTP5XX};
    struct sent *sent = some(w, &w->servers[b], LEFT);
    if (sent == NULL)
        return;
    struct router_failure failure = {.class_ = classes[below(w, 5)], .retry_after_ms = 500};
    failure.is_sent = failure.class_ != TRUST_OUTCOME_REFUSED;
    if (failure.class_ == TRUST_OUTCOME_HTTP5XX && below(w, 2) == 0)
        execute(w, b, sent);
    sent->state = GONE;
    router_backend_failed(w->r, b, sent->number, &failure, w->now);
}

static inline void server_step(struct world *w, uint32_t b)
{
    struct server *server = &w->servers[b];
    live(w, b);
    turn(w);
    if (!server->is_up)
        return;
    uint32_t dice = below(w, 100);
    if (server->count > OUTSTANDING - 16 || dice < 1)
        die(w, b);
    else if (dice < 36)
        write_one(w, b);
    else if (dice < 60) {
        struct sent *sent = some(w, server, LEFT);
        if (sent != NULL)
            execute(w, b, sent);
    } else if (dice < 92)
        answer(w, b);
    else if (dice < 93)
        babble(w, b);
    else if (dice < 95)
        meddle(w, b);
    else if (dice < 98)
        elicit(w, b);
    else
        fail_one(w, b);
}

#endif
