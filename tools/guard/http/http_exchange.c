/* See http_exchange.h. */
#include "guard/http/http_exchange.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "trust/answer.h"

#include "base/assert.h"
#include "base/limits.h"
#include "guard/http/http_origin.h"

/* The server may close a stream after its answer, so that the connection can serve again. */
#define LINGER_MS 1000u
/* For the end of a session, which nobody waits for longer. */
#define LEAVE_MS 2000u
/* Before a stream is resumed, unless the server says when; and the least and most it may say. */
#define RESUME_MS 1000u
#define RESUME_MS_MIN 100u
#define RESUME_MS_MAX 60000u
/* A connection that was idle for longer is not used again: the servers of Node and Python close it
 * after 5 s, and a call that meets that close may or may not have been executed. */
#define IDLE_S_MAX 4L
#define FRESH_MS (1000u * ((uint64_t)IDLE_S_MAX + 1))

/* ---- libcurl's callbacks ---- */

static bool is_loopback(const struct sockaddr *address)
{
    struct sockaddr_in ip4;
    struct sockaddr_in6 ip6;
    if (address->sa_family == AF_INET) {
        memcpy(&ip4, address, sizeof ip4);
        return ntohl(ip4.sin_addr.s_addr) >> 24 == 127;
    }
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(&ip6, address, sizeof ip6);
    return IN6_IS_ADDR_LOOPBACK(&ip6.sin6_addr);
}

/* Nothing of ours is inherited by children, and plain http stays here whatever names mean. */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    const struct http_exchange *exchange = user;
    (void)purpose;
    if (exchange->target->is_plain && !is_loopback(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t give_body(char *out_data, size_t unit, size_t count, void *user)
{
    struct http_exchange *exchange = user;
    size_t size = exchange->body_size - exchange->given;
    if (size > unit * count)
        size = unit * count;
    memcpy(out_data, exchange->body + exchange->given, size);
    exchange->given += size;
    exchange->is_sent = true;
    return size;
}

/* Back to the beginning only while nothing left. */
static int rewind_body(void *user, curl_off_t offset, int origin)
{
    const struct http_exchange *exchange = user;
    bool is_there = origin == SEEK_SET && offset == 0 && exchange->given == 0;
    return is_there ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

/* Before the request goes out, a second time as well. */
static int allow_request(void *user, char *remote, char *local, int remote_port, int local_port)
{
    const struct http_exchange *exchange = user;
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    return exchange->given == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

/* libcurl takes a head that was cut for a whole one; the empty line says which it is. And it keeps
 * all that comes behind a body, however much that is. */
static size_t take_header(char *data, size_t unit, size_t count, void *user)
{
    struct http_exchange *exchange = user;
    size_t size = unit * count;
    if (size > 0 && (data[0] == '\r' || data[0] == '\n') && http_exchange_status(exchange) >= 200)
        exchange->has_head = true;
    exchange->headers_size += size;
    return exchange->headers_size <= TRUST_GUARD_HEADERS_SIZE_MAX ? size : 0;
}

static void begin_answer(struct http_exchange *exchange)
{
    char *type = NULL;
    uint32_t status = http_exchange_status(exchange);
    (void)curl_easy_getinfo(exchange->easy, CURLINFO_CONTENT_TYPE, &type);
    const struct http_answer_head head = {
        .may_answer = http_verdict_may_answer(status, exchange->has_session),
        .may_stream = status >= 200 && status < 300,
        .content_type = type,
    };
    http_answer_begin(&exchange->answer, &head);
}

static size_t take_answer(char *data, size_t unit, size_t count, void *user)
{
    struct http_exchange *exchange = user;
    struct trust_bytes piece = {.data = (const uint8_t *)data, .size = unit * count};
    if (exchange->answer.mode == HTTP_ANSWER_UNREAD)
        begin_answer(exchange);
    switch (http_answer_feed(&exchange->answer, piece)) {
    case HTTP_ANSWER_FED:
        return piece.size;
    case HTTP_ANSWER_FULL:
        exchange->is_paused = true;
        return CURL_WRITEFUNC_PAUSE;
    case HTTP_ANSWER_ENOUGH:
        break;
    }
    return CURL_WRITEFUNC_ERROR;
}

/* ---- opening and closing ---- */

static enum trust_error take_line(struct http_exchange *exchange, struct trust_bytes line)
{
    exchange->body = malloc(line.size + 1);
    if (exchange->body == NULL)
        return TRUST_FAIL_MEMORY;
    memcpy(exchange->body, line.data, line.size);
    exchange->body_size = line.size;
    return message_read(&exchange->message,
                        (struct trust_bytes){.data = exchange->body, .size = line.size}) == TRUST_OK
               ? TRUST_OK
               : TRUST_NO_SYNTAX;
}

static bool is_request(const struct http_exchange *exchange)
{
    return exchange->kind == HTTP_EXCHANGE_POST && exchange->message.kind == MESSAGE_REQUEST;
}

enum trust_error http_exchange_open(struct http_exchange **out_exchange,
                                    enum http_exchange_kind kind, struct http_target *target,
                                    struct trust_bytes line)
{
    struct http_exchange *exchange = calloc(1, sizeof *exchange);
    if (exchange == NULL)
        return TRUST_FAIL_MEMORY;
    exchange->kind = kind;
    exchange->target = target;
    enum trust_error error = kind == HTTP_EXCHANGE_POST ? take_line(exchange, line) : TRUST_OK;
    struct trust_bytes id = is_request(exchange) ? exchange->message.id : (struct trust_bytes){0};
    http_answer_init(&exchange->answer, &target->budget, id);
    if (error != TRUST_OK) {
        http_exchange_close(exchange);
        return error;
    }
    *out_exchange = exchange;
    return TRUST_OK;
}

static void drop_transfer(struct http_exchange *exchange)
{
    if (exchange->easy != NULL) {
        if (exchange->state == HTTP_EXCHANGE_RUNNING)
            http_multi_remove(exchange->target->multi, exchange->easy);
        curl_easy_cleanup(exchange->easy);
    }
    curl_slist_free_all(exchange->headers);
    exchange->easy = NULL;
    exchange->headers = NULL;
    exchange->is_paused = false;
}

void http_exchange_close(struct http_exchange *exchange)
{
    drop_transfer(exchange);
    http_answer_close(&exchange->answer);
    free(exchange->body);
    free(exchange->hop);
    free(exchange);
}

void http_exchange_cancel(struct http_exchange *exchange)
{
    drop_transfer(exchange);
    exchange->state = HTTP_EXCHANGE_DONE;
}

/* ---- launching ---- */

#define SET(option, value) (curl_easy_setopt(easy, option, value) == CURLE_OK)

static bool set_method(struct http_exchange *exchange, CURL *easy)
{
    bool is_posted = exchange->kind == HTTP_EXCHANGE_POST && !exchange->is_resuming;
    if (exchange->kind == HTTP_EXCHANGE_LEAVE)
        return SET(CURLOPT_CUSTOMREQUEST, "DELETE");
    if (!is_posted)
        return SET(CURLOPT_HTTPGET, 1L);
    return SET(CURLOPT_POST, 1L) &&
           SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_size) &&
           SET(CURLOPT_READFUNCTION, give_body) && SET(CURLOPT_READDATA, exchange) &&
           SET(CURLOPT_SEEKFUNCTION, rewind_body) && SET(CURLOPT_SEEKDATA, exchange);
}

/* Nothing of the environment plays a part. HTTP/1.1: what one stream does touches no other. */
static bool set_link(struct http_exchange *exchange, CURL *easy)
{
    const struct http_target *target = exchange->target;
    return SET(CURLOPT_URL, exchange->hop != NULL ? exchange->hop : target->url) &&
           SET(CURLOPT_PROTOCOLS_STR, target->is_plain ? "http" : "https") &&
           SET(CURLOPT_PROXY, "") && SET(CURLOPT_FOLLOWLOCATION, 0L) && SET(CURLOPT_NOSIGNAL, 1L) &&
           SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
           SET(CURLOPT_SSL_VERIFYPEER, 1L) && SET(CURLOPT_SSL_VERIFYHOST, 2L) &&
           SET(CURLOPT_CONNECTTIMEOUT_MS, (long)target->connect_timeout_ms) &&
           SET(CURLOPT_TCP_KEEPALIVE, 1L) && SET(CURLOPT_MAXAGE_CONN, IDLE_S_MAX) &&
           SET(CURLOPT_FRESH_CONNECT, exchange->is_fresh ? 1L : 0L) &&
           SET(CURLOPT_FORBID_REUSE, exchange->is_fresh ? 1L : 0L) &&
           /* A name that is still being looked up is not waited for. */
           SET(CURLOPT_QUICK_EXIT, 1L) && SET(CURLOPT_PREREQFUNCTION, allow_request) &&
           SET(CURLOPT_PREREQDATA, exchange) && SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
           SET(CURLOPT_OPENSOCKETDATA, exchange);
}

static bool set_up(struct http_exchange *exchange)
{
    CURL *easy = exchange->easy;
    const struct http_target *target = exchange->target;
    bool is_posted = exchange->kind == HTTP_EXCHANGE_POST && !exchange->is_resuming;
    const struct http_session_request request = {
        .headers = target->headers,
        .header_count = target->header_count,
        .message = is_posted ? &exchange->message : NULL,
        .params = is_posted ? http_params_find(target->params, &exchange->message) : NULL,
        .last_event_id = {.data = (const uint8_t *)exchange->answer.sse.id,
                          .size = exchange->answer.sse.id_size},
    };
    exchange->headers = http_session_headers(target->session, &request);
    return exchange->headers != NULL && set_link(exchange, easy) && set_method(exchange, easy) &&
           SET(CURLOPT_HTTPHEADER, exchange->headers) && SET(CURLOPT_WRITEFUNCTION, take_answer) &&
           SET(CURLOPT_WRITEDATA, exchange) && SET(CURLOPT_HEADERFUNCTION, take_header) &&
           SET(CURLOPT_HEADERDATA, exchange) && SET(CURLOPT_PRIVATE, exchange);
}

static void launch(struct http_exchange *exchange, struct trust_mono now)
{
    struct http_session *session = exchange->target->session;
    if (exchange->kind == HTTP_EXCHANGE_POST && !exchange->is_resuming && exchange->hop == NULL)
        http_session_asked(session, &exchange->message);
    exchange->given = 0;
    exchange->headers_size = 0;
    exchange->has_head = false;
    exchange->code = CURLE_OK;
    exchange->is_fresh = now.ms < exchange->target->fresh_until.ms;
    exchange->has_session = session->id[0] != '\0';
    exchange->life = session->life;
    exchange->due.ms = exchange->kind == HTTP_EXCHANGE_LEAVE ? now.ms + LEAVE_MS : TRUST_NEVER_MS;
    http_answer_again(&exchange->answer);
    exchange->easy = curl_easy_init();
    if (exchange->easy == NULL || !set_up(exchange) ||
        http_multi_add(exchange->target->multi, exchange->easy, now) != TRUST_OK) {
        exchange->code = CURLE_OUT_OF_MEMORY;
        exchange->state = HTTP_EXCHANGE_OVER;
        return;
    }
    exchange->state = HTTP_EXCHANGE_RUNNING;
}

static void end(struct http_exchange *exchange, CURLcode code)
{
    http_multi_remove(exchange->target->multi, exchange->easy);
    exchange->state = HTTP_EXCHANGE_OVER;
    exchange->code = code;
}

void http_exchange_turn(struct http_exchange *exchange, struct trust_mono now)
{
    if (exchange->due.ms > now.ms)
        return;
    if (exchange->state == HTTP_EXCHANGE_WAITING)
        launch(exchange, now);
    else if (exchange->kind == HTTP_EXCHANGE_LEAVE)
        http_exchange_cancel(exchange);
    else if (exchange->state == HTTP_EXCHANGE_RUNNING)
        end(exchange, CURLE_OPERATION_TIMEDOUT);
}

/* ---- ending ---- */

void http_exchange_again(struct http_exchange *exchange, uint64_t wait_ms, struct trust_mono now)
{
    drop_transfer(exchange);
    exchange->state = HTTP_EXCHANGE_WAITING;
    exchange->due.ms = now.ms + wait_ms;
}

/* What was posted is posted again only where that is what the status says: after 301 and 302
 * clients ask with GET, so that a server may have executed it before. */
static bool is_redirected(const struct http_exchange *exchange, uint32_t status)
{
    bool is_posted = exchange->kind == HTTP_EXCHANGE_POST && !exchange->is_resuming;
    return status == 307 || status == 308 || (!is_posted && (status == 301 || status == 302));
}

/* True: it goes on where it was sent to. */
static bool follow(struct http_exchange *exchange, struct trust_mono now)
{
    char *url = NULL;
    uint32_t status = http_exchange_status(exchange);
    if (!is_redirected(exchange, status) || exchange->redirects == TRUST_GUARD_REDIRECTS_MAX ||
        curl_easy_getinfo(exchange->easy, CURLINFO_REDIRECT_URL, &url) != CURLE_OK || url == NULL ||
        !http_origin_is_same(exchange->target->url, url))
        return false;
    char *hop = strdup(url);
    if (hop == NULL)
        return false;
    free(exchange->hop);
    exchange->hop = hop;
    exchange->redirects++;
    exchange->is_sent = false;
    http_exchange_again(exchange, 0, now);
    return true;
}

/* True: its stream broke off before the answer, and the server has said how to go on. */
static bool resume(struct http_exchange *exchange, struct trust_mono now)
{
    const struct sse *sse = &exchange->answer.sse;
    uint32_t status = http_exchange_status(exchange);
    bool is_stream = exchange->answer.mode == HTTP_ANSWER_STREAM ||
                     (exchange->is_resuming && (status == 0 || status >= 500));
    bool is_open = is_request(exchange) && is_stream && sse->id_size > 0 &&
                   !exchange->answer.is_answered && !exchange->answer.is_bad;
    if (!is_open || exchange->target->session->is_modern ||
        exchange->life != exchange->target->session->life ||
        exchange->resumes == TRUST_GUARD_RESUMES_MAX)
        return false;
    exchange->resumes++;
    exchange->is_resuming = true;
    uint64_t wait_ms = sse->has_retry ? sse->retry_ms : RESUME_MS;
    if (wait_ms < RESUME_MS_MIN)
        wait_ms = RESUME_MS_MIN;
    http_exchange_again(exchange, wait_ms < RESUME_MS_MAX ? wait_ms : RESUME_MS_MAX, now);
    return true;
}

void http_exchange_ended(struct http_exchange *exchange, CURLcode code, struct trust_mono now)
{
    end(exchange, code);
    if (exchange->answer.mode == HTTP_ANSWER_UNREAD)
        begin_answer(exchange);
    if (exchange->kind == HTTP_EXCHANGE_LEAVE)
        exchange->state = HTTP_EXCHANGE_DONE;
    else if (code == CURLE_OK || http_exchange_status(exchange) >= 300)
        (void)follow(exchange, now);
}

static enum http_fault fault_of(const struct http_exchange *exchange)
{
    const struct http_answer *answer = &exchange->answer;
    uint32_t status = http_exchange_status(exchange);
    bool is_good = status >= 200 && status < 300;
    if (answer->is_bad)
        return HTTP_FAULT_CONTENT;
    /* What is not taken any more is of a wrong type. */
    if (exchange->code == CURLE_WRITE_ERROR && is_good)
        return is_request(exchange) ? HTTP_FAULT_CONTENT : HTTP_FAULT_NONE;
    /* Bytes came that are no HTTP. */
    if (exchange->code == CURLE_UNSUPPORTED_PROTOCOL || exchange->code == CURLE_WEIRD_SERVER_REPLY)
        return HTTP_FAULT_CONTENT;
    if (exchange->code != CURLE_OK || !exchange->has_head ||
        (is_good && answer->mode == HTTP_ANSWER_STREAM))
        return HTTP_FAULT_LINK;
    return is_request(exchange) ? HTTP_FAULT_CONTENT : HTTP_FAULT_NONE;
}

static bool judge(const struct http_exchange *exchange, struct router_failure *out_failure)
{
    curl_off_t retry_in_s = 0;
    if (exchange->answer.is_answered)
        return false;
    if (exchange->easy != NULL)
        (void)curl_easy_getinfo(exchange->easy, CURLINFO_RETRY_AFTER, &retry_in_s);
    struct http_reply reply = {.fault = fault_of(exchange),
                               .status = http_exchange_status(exchange),
                               .is_sent = exchange->is_sent,
                               .has_session = exchange->has_session,
                               .retry_in_s = retry_in_s};
    /* Of a stream that could not be resumed, its status says nothing of the message. */
    if (exchange->is_resuming) {
        reply.fault = exchange->answer.is_bad ? HTTP_FAULT_CONTENT : HTTP_FAULT_LINK;
        reply.status = 0;
    }
    return http_verdict(out_failure, &reply);
}

/* All of it was taken. */
static struct http_exchange_event finish(struct http_exchange *exchange, struct trust_mono now)
{
    struct http_exchange_event event = {.result = HTTP_EXCHANGE_NOTHING};
    if (exchange->kind == HTTP_EXCHANGE_POST && resume(exchange, now))
        return event;
    exchange->state = HTTP_EXCHANGE_DONE;
    if (exchange->kind != HTTP_EXCHANGE_POST || !judge(exchange, &event.failure))
        return event;
    /* Bytes that nobody asked for make each answer on a connection the one to the request before:
     * until it is too old, it could be any of those that are kept. */
    if (event.failure.class_ == TRUST_OUTCOME_GARBAGE)
        exchange->target->fresh_until.ms = now.ms + FRESH_MS;
    event.result = HTTP_EXCHANGE_FAILED;
    event.status = http_exchange_status(exchange);
    event.cause = curl_easy_strerror(exchange->code);
    return event;
}

static bool take_message(struct http_exchange *exchange, struct message *out_message,
                         struct trust_mono now)
{
    struct http_answer *answer = &exchange->answer;
    bool is_over = exchange->state == HTTP_EXCHANGE_OVER;
    bool was_answered = answer->is_answered;
    if (!http_answer_next(answer, out_message, is_over && exchange->code == CURLE_OK))
        return false;
    exchange->resumes = 0;
    if (answer->is_answered && !was_answered && !is_over)
        exchange->due.ms = now.ms + LINGER_MS;
    return true;
}

/* Reads on if it was stopped; true: more may have come. */
static bool go_on(struct http_exchange *exchange, bool is_awaited, struct trust_mono now)
{
    if (exchange->state != HTTP_EXCHANGE_RUNNING)
        return false;
    if (exchange->answer.is_bad || (!is_awaited && exchange->is_paused)) {
        end(exchange, CURLE_WRITE_ERROR);
        return false;
    }
    if (!exchange->is_paused)
        return false;
    exchange->is_paused = false;
    http_multi_resume(exchange->target->multi, exchange->easy, now);
    return true;
}

struct http_exchange_event http_exchange_next(struct http_exchange *exchange, struct trust_mono now)
{
    struct http_exchange_event event = {.result = HTTP_EXCHANGE_NOTHING};
    if (exchange->state == HTTP_EXCHANGE_WAITING || exchange->state == HTTP_EXCHANGE_DONE)
        return event;
    /* Neither a posted message that is no request nor its status asks for a body. */
    bool is_awaited = is_request(exchange) || exchange->kind == HTTP_EXCHANGE_LISTEN;
    do {
        if (is_awaited && take_message(exchange, &event.message, now)) {
            event.result = HTTP_EXCHANGE_MESSAGE;
            return event;
        }
    } while (go_on(exchange, is_awaited, now));
    return exchange->state == HTTP_EXCHANGE_OVER ? finish(exchange, now) : event;
}

/* ---- asking ---- */

const char *http_exchange_header(const struct http_exchange *exchange, const char *name)
{
    struct curl_header *header = NULL;
    if (exchange->easy == NULL ||
        curl_easy_header(exchange->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    return header->value;
}

uint32_t http_exchange_status(const struct http_exchange *exchange)
{
    long status = 0;
    if (exchange->easy != NULL)
        (void)curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    return status > 0 ? (uint32_t)status : 0;
}
