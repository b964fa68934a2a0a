/* See backend_http.h. */
#include "guard/http/backend_http.h"

#include "trust/answer.h"

#include "base/assert.h"
#include "guard/http/http_origin.h"

#define CONNECT_TIMEOUT_MS 10000u

/* ---- opening and closing ---- */

enum trust_error backend_http_open(struct backend_http *backend,
                                   const struct backend_http_config *config)
{
    bool is_plain = false;
    enum trust_error error = http_origin_check(&is_plain, config->url);
    if (error == TRUST_OK)
        error = http_session_check(config->headers, config->header_count);
    if (error != TRUST_OK)
        return error;
    *backend =
        (struct backend_http){.target = {.url = config->url,
                                         .headers = config->headers,
                                         .header_count = config->header_count,
                                         .connect_timeout_ms = config->connect_timeout_ms == 0
                                                                   ? CONNECT_TIMEOUT_MS
                                                                   : config->connect_timeout_ms,
                                         .is_plain = is_plain,
                                         .multi = &backend->multi,
                                         .session = &backend->session,
                                         .params = &backend->params}};
    return http_multi_open(&backend->multi);
}

static void drop_all(struct backend_http *backend)
{
    for (uint32_t i = 0; i < backend->exchange_count; i++)
        http_exchange_close(backend->exchanges[i]);
    backend->exchange_count = 0;
}

void backend_http_close(struct backend_http *backend)
{
    drop_all(backend);
    http_params_close(&backend->params);
    http_multi_close(&backend->multi);
}

/* The order is kept. */
static void drop_done(struct backend_http *backend)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < backend->exchange_count; i++) {
        struct http_exchange *exchange = backend->exchanges[i];
        if (exchange->state == HTTP_EXCHANGE_DONE)
            http_exchange_close(exchange);
        else
            backend->exchanges[kept++] = exchange;
    }
    backend->exchange_count = kept;
}

static enum trust_error add(struct backend_http *backend, struct http_exchange **out_exchange,
                            enum http_exchange_kind kind, struct trust_bytes line)
{
    struct http_exchange *exchange = NULL;
    if (backend->exchange_count == TRUST_GUARD_EXCHANGES_MAX)
        return TRUST_NO_ROOM;
    enum trust_error error = http_exchange_open(&exchange, kind, &backend->target, line);
    if (error != TRUST_OK)
        return error;
    backend->exchanges[backend->exchange_count++] = exchange;
    *out_exchange = exchange;
    return TRUST_OK;
}

/* ---- turning ---- */

static bool is_method(const struct http_exchange *exchange, enum message_method method)
{
    return exchange->kind == HTTP_EXCHANGE_POST && exchange->message.method == method;
}

/* A server that has not heard yet that the session has begun refuses what comes before. */
static bool is_gate(const struct http_exchange *exchange)
{
    return is_method(exchange, METHOD_INITIALIZED) &&
           (exchange->state == HTTP_EXCHANGE_WAITING || exchange->state == HTTP_EXCHANGE_RUNNING);
}

/* What the exchanges before one leave to it. */
struct turn {
    uint32_t running; /* all that are, wherever they stand */
    bool is_held;     /* behind one that has to end first */
};

static struct turn turn_of(const struct backend_http *backend)
{
    struct turn turn = {0};
    for (uint32_t i = 0; i < backend->exchange_count; i++)
        turn.running += backend->exchanges[i]->state == HTTP_EXCHANGE_RUNNING;
    return turn;
}

/* It is not launched before others have ended. */
static bool waits_for_others(const struct turn *turn, const struct http_exchange *exchange)
{
    return exchange->state == HTTP_EXCHANGE_WAITING &&
           (turn->is_held || turn->running >= TRUST_GUARD_CONNECTIONS_MAX);
}

static void turn_exchanges(struct backend_http *backend, struct trust_mono now)
{
    struct turn turn = turn_of(backend);
    for (uint32_t i = 0; i < backend->exchange_count; i++) {
        struct http_exchange *exchange = backend->exchanges[i];
        /* The stream of a session that is no more. */
        if (exchange->kind == HTTP_EXCHANGE_LISTEN && exchange->life != backend->session.life)
            http_exchange_cancel(exchange);
        bool was_running = exchange->state == HTTP_EXCHANGE_RUNNING;
        if (!waits_for_others(&turn, exchange))
            http_exchange_turn(exchange, now);
        turn.running += !was_running && exchange->state == HTTP_EXCHANGE_RUNNING;
        turn.is_held = turn.is_held || is_gate(exchange);
    }
}

static void note_written(struct backend_http *backend)
{
    for (uint32_t i = 0; i < backend->exchange_count; i++) {
        const struct http_exchange *exchange = backend->exchanges[i];
        if (exchange->is_sent && exchange->number > backend->written)
            backend->written = exchange->number;
    }
}

static void take_ended(struct backend_http *backend, struct trust_mono now)
{
    CURL *easy = NULL;
    CURLcode code = CURLE_OK;
    while (http_multi_ended(&backend->multi, &easy, &code)) {
        char *owner = NULL;
        if (curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner) == CURLE_OK && owner != NULL)
            http_exchange_ended((struct http_exchange *)(void *)owner, code, now);
    }
}

static bool may_begin(const struct backend_http *backend)
{
    return backend->is_wanted && !backend->is_up && !backend->has_news &&
           backend->exchange_count == 0;
}

/* When it may begin again: both its own back-off and what the server asked for are over. */
static uint64_t rested_ms(const struct backend_http *backend)
{
    uint64_t due_ms = backend->backoff.due.ms;
    return due_ms > backend->rest.ms ? due_ms : backend->rest.ms;
}

static void begin(struct backend_http *backend, struct trust_mono now)
{
    if (!may_begin(backend) || rested_ms(backend) > now.ms)
        return;
    backoff_start(&backend->backoff, now);
    backend->written = 0;
    backend->is_up = true;
    backend->has_news = true;
}

void backend_http_heard(struct backend_http *backend, struct trust_mono now)
{
    turn_exchanges(backend, now);
    http_multi_turn(&backend->multi, now);
    take_ended(backend, now);
    note_written(backend);
    drop_done(backend);
    /* What waited for another to end. */
    turn_exchanges(backend, now);
    begin(backend, now);
}

/* ---- what the caller asks for ---- */

void backend_http_start(struct backend_http *backend)
{
    backend->is_wanted = true;
}

static void leave(struct backend_http *backend, struct trust_mono now)
{
    struct http_exchange *exchange = NULL;
    if (backend->session.id[0] == '\0' ||
        add(backend, &exchange, HTTP_EXCHANGE_LEAVE, (struct trust_bytes){0}) != TRUST_OK)
        return;
    http_exchange_turn(exchange, now);
    http_session_lost(&backend->session);
}

void backend_http_stop(struct backend_http *backend, struct trust_mono now)
{
    backend->is_wanted = false;
    if (!backend->is_up)
        return;
    note_written(backend);
    drop_all(backend);
    leave(backend, now);
    http_session_lost(&backend->session);
    backoff_end(&backend->backoff, now);
    backend->is_up = false;
    backend->has_news = true;
}

void backend_http_hurry(struct backend_http *backend)
{
    backend->backoff.wait_ms = 0;
    backend->backoff.due.ms = 0;
    backend->rest.ms = 0;
}

/* The request that is cancelled ends here, whatever the server makes of it. True: the server need
 * not be told, for it never heard of it, or hears it by the end of the connection. */
static bool cancel(struct backend_http *backend, const struct message *message)
{
    for (uint32_t i = 0; i < backend->exchange_count; i++) {
        struct http_exchange *exchange = backend->exchanges[i];
        bool is_meant = exchange->kind == HTTP_EXCHANGE_POST &&
                        exchange->message.kind == MESSAGE_REQUEST &&
                        trust_bytes_equal(exchange->message.id, message->request_id);
        if (!is_meant || exchange->state == HTTP_EXCHANGE_DONE)
            continue;
        bool is_told = !exchange->is_sent || backend->session.is_modern;
        http_exchange_cancel(exchange);
        return is_told;
    }
    return backend->session.is_modern;
}

enum trust_error backend_http_send(struct backend_http *backend, struct trust_bytes line,
                                   uint64_t number, struct trust_mono now)
{
    struct http_exchange *exchange = NULL;
    /* Of one that is down meanwhile: not written, as its end says. */
    if (!backend->is_up)
        return TRUST_OK;
    drop_done(backend);
    enum trust_error error = add(backend, &exchange, HTTP_EXCHANGE_POST, line);
    if (error != TRUST_OK)
        return error;
    exchange->number = number;
    if (exchange->message.method == METHOD_CANCELLED && cancel(backend, &exchange->message))
        http_exchange_cancel(exchange);
    turn_exchanges(backend, now);
    /* It leaves now, not only after the next poll. */
    http_multi_turn(&backend->multi, now);
    return TRUST_OK;
}

void backend_http_watch(const struct backend_http *backend,
                        struct pollfd out_items[BACKEND_HTTP_WATCHED])
{
    out_items[0] = (struct pollfd){.fd = backend->multi.fd, .events = POLLIN};
}

/* ---- events ---- */

static bool tell_state(struct backend_http *backend, struct backend_http_event *out_event,
                       struct trust_mono now)
{
    if (!backend->has_news)
        return false;
    backend->has_news = false;
    *out_event = (struct backend_http_event){.kind = BACKEND_HTTP_UP};
    if (backend->is_up)
        return true;
    *out_event =
        (struct backend_http_event){.kind = BACKEND_HTTP_DOWN,
                                    .loss = {.class_ = TRUST_OUTCOME_REFUSED,
                                             .written = backend->written,
                                             .retry_ms = backend_http_rest_ms(backend, now)}};
    return true;
}

static void note_message(struct backend_http *backend, const struct http_exchange *exchange,
                         const struct message *message)
{
    if (!is_method(exchange, METHOD_INITIALIZE) || !exchange->answer.is_answered ||
        message->kind != MESSAGE_RESPONSE)
        return;
    http_session_begun(&backend->session, http_exchange_header(exchange, "mcp-session-id"),
                       message);
}

static bool is_greeting(const struct http_exchange *exchange)
{
    return is_method(exchange, METHOD_INITIALIZE) || is_method(exchange, METHOD_DISCOVER);
}

static void note_failure(struct backend_http *backend, const struct http_exchange *exchange,
                         const struct router_failure *failure, struct trust_mono now)
{
    /* Others of the same session may have said so before. */
    if (failure->class_ == TRUST_OUTCOME_SESSION_LOST && exchange->life == backend->session.life)
        http_session_lost(&backend->session);
    if (failure->class_ == TRUST_OUTCOME_RATE_LIMITED && is_greeting(exchange))
        backend->rest.ms = now.ms + failure->retry_after_ms;
}

/* A server that refuses the stream has none; one that was cut is resumed where it was. */
static void listen_again(struct backend_http *backend, struct http_exchange *exchange,
                         struct trust_mono now)
{
    const struct sse *sse = &exchange->answer.sse;
    uint32_t status = http_exchange_status(exchange);
    bool is_stream = exchange->answer.mode == HTTP_ANSWER_STREAM;
    if (exchange->life != backend->session.life || !(is_stream || status == 0 || status >= 500))
        return;
    backoff_end(&backend->listening, now);
    uint64_t wait_ms = backoff_left_ms(&backend->listening, now);
    if (sse->has_retry && sse->retry_ms > wait_ms)
        wait_ms = sse->retry_ms < BACKOFF_MS_MAX ? sse->retry_ms : BACKOFF_MS_MAX;
    http_exchange_again(exchange, wait_ms, now);
}

static void listen_first(struct backend_http *backend, struct trust_mono now)
{
    struct http_exchange *exchange = NULL;
    if (add(backend, &exchange, HTTP_EXCHANGE_LISTEN, (struct trust_bytes){0}) != TRUST_OK)
        return;
    backend->listening = (struct backoff){0};
    http_exchange_turn(exchange, now);
}

static void note_end(struct backend_http *backend, struct http_exchange *exchange,
                     struct trust_mono now)
{
    bool is_current = exchange->life == backend->session.life;
    if (exchange->kind == HTTP_EXCHANGE_LISTEN)
        listen_again(backend, exchange, now);
    else if (is_method(exchange, METHOD_INITIALIZED) && is_current && !backend->session.is_modern)
        listen_first(backend, now);
}

/* A message of the server, as the router gets it. */
static struct backend_http_event tell_message(struct backend_http *backend,
                                              const struct http_exchange *exchange,
                                              const struct message *message)
{
    struct backend_http_event event = {.kind = BACKEND_HTTP_LINE, .line = message->whole};
    bool is_list = is_method(exchange, METHOD_TOOLS_LIST) && exchange->answer.is_answered &&
                   message->kind == MESSAGE_RESPONSE;
    note_message(backend, exchange, message);
    if (!is_list || !backend->session.is_modern)
        return event;
    /* Without memory for the table, headers are missing that the server will ask for. */
    if (http_params_learn(&backend->params, &event.line, message) != TRUST_OK)
        event.line = message->whole;
    if (backend->params.note[0] != '\0')
        event.note = backend->params.note;
    return event;
}

/* What exchange has to say now. */
static bool take(struct backend_http *backend, struct http_exchange *exchange,
                 struct backend_http_event *out_event, struct trust_mono now)
{
    if (exchange->state == HTTP_EXCHANGE_DONE)
        return false;
    const struct http_exchange_event event = http_exchange_next(exchange, now);
    if (exchange->state == HTTP_EXCHANGE_DONE)
        note_end(backend, exchange, now);
    switch (event.result) {
    case HTTP_EXCHANGE_NOTHING:
        return false;
    case HTTP_EXCHANGE_MESSAGE:
        *out_event = tell_message(backend, exchange, &event.message);
        break;
    case HTTP_EXCHANGE_FAILED:
        note_failure(backend, exchange, &event.failure, now);
        *out_event = (struct backend_http_event){.kind = BACKEND_HTTP_FAILED,
                                                 .number = exchange->number,
                                                 .failure = event.failure,
                                                 .status = event.status,
                                                 .cause = event.cause};
        break;
    }
    return true;
}

bool backend_http_next(struct backend_http *backend, struct backend_http_event *out_event,
                       struct trust_mono now)
{
    drop_done(backend);
    if (tell_state(backend, out_event, now))
        return true;
    uint32_t count = backend->exchange_count;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = (backend->turn + i) % count;
        if (take(backend, backend->exchanges[index], out_event, now)) {
            backend->turn = index + 1;
            return true;
        }
    }
    drop_done(backend);
    return false;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

struct trust_mono backend_http_deadline(const struct backend_http *backend)
{
    uint64_t due_ms = backend->multi.due.ms;
    struct turn turn = turn_of(backend);
    for (uint32_t i = 0; i < backend->exchange_count; i++) {
        const struct http_exchange *exchange = backend->exchanges[i];
        bool is_open =
            exchange->state == HTTP_EXCHANGE_WAITING || exchange->state == HTTP_EXCHANGE_RUNNING;
        if (is_open && !waits_for_others(&turn, exchange))
            due_ms = lesser(due_ms, exchange->due.ms);
        turn.is_held = turn.is_held || is_gate(exchange);
    }
    if (may_begin(backend))
        due_ms = lesser(due_ms, rested_ms(backend));
    return (struct trust_mono){.ms = due_ms};
}

uint64_t backend_http_rest_ms(const struct backend_http *backend, struct trust_mono now)
{
    uint64_t due_ms = rested_ms(backend);
    return !backend->is_up && due_ms > now.ms ? due_ms - now.ms : 0;
}

bool backend_http_is_gone(const struct backend_http *backend)
{
    return !backend->is_up && backend->exchange_count == 0;
}
