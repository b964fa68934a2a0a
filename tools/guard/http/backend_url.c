/* See backend_url.h. */
#include "guard/http/backend_url.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "guard/http/backend_http.h"
#include "guard/http/http_origin.h"

#define NOTE_SIZE 256

struct url {
    struct backend_http http;
    struct http_header headers[TRUST_GROUP_PAIRS_MAX];
    char note[NOTE_SIZE];
};

static_assert(BACKEND_HTTP_WATCHED <= BACKEND_WATCHED, "there is room for its descriptor");

/* ---- opening ---- */

static enum trust_error refuse(char out_why[BACKEND_WHY_SIZE], enum trust_error error,
                               const char *name, const char *what)
{
    (void)snprintf(out_why, BACKEND_WHY_SIZE, "its %s %s", name, what);
    return error;
}

static enum trust_error check_header(char out_why[BACKEND_WHY_SIZE],
                                     const struct http_header *header)
{
    char name[64];
    enum trust_error error = http_session_check(header, 1);
    if (error == TRUST_OK)
        return TRUST_OK;
    (void)snprintf(name, sizeof name, "header %.48s", header->name);
    if (error == TRUST_NO_CONFLICT)
        return refuse(out_why, error, name, "is set by the guard itself: take it out");
    if (error == TRUST_NO_SIZE)
        return refuse(out_why, error, name, "is too long to be sent");
    return refuse(out_why, error, name, "cannot be sent: it has characters that no header has");
}

static enum trust_error check(char out_why[BACKEND_WHY_SIZE], const struct url *url,
                              const struct trust_group_server *server)
{
    bool is_plain = false;
    enum trust_error error = http_origin_check(&is_plain, server->url);
    if (error == TRUST_NO_PERMISSION)
        return refuse(out_why, error, "url",
                      "is refused: it must begin with https://, or be http:// on this host");
    if (error != TRUST_OK)
        return refuse(out_why, error, "url",
                      "cannot be read: a URL without user and password is wanted, and "
                      "credentials stand in headers");
    for (size_t i = 0; i < server->headers.count && error == TRUST_OK; i++)
        error = check_header(out_why, &url->headers[i]);
    return error;
}

static enum trust_error open_it(void **out_self, char out_why[BACKEND_WHY_SIZE],
                                const struct backend_config *config)
{
    const struct trust_group_server *server = config->server;
    struct url *url = calloc(1, sizeof *url);
    if (url == NULL)
        return TRUST_FAIL_MEMORY;
    assert(server->headers.count <= TRUST_GROUP_PAIRS_MAX);
    for (size_t i = 0; i < server->headers.count; i++)
        url->headers[i] = (struct http_header){.name = server->headers.pairs[i].name,
                                               .value = server->headers.pairs[i].value};
    const struct backend_http_config http = {.url = server->url,
                                             .headers = url->headers,
                                             .header_count = server->headers.count,
                                             .connect_timeout_ms = config->connect_timeout_ms};
    enum trust_error error = check(out_why, url, server);
    if (error == TRUST_OK)
        error = backend_http_open(&url->http, &http);
    if (error != TRUST_OK) {
        free(url);
        return error;
    }
    *out_self = url;
    return TRUST_OK;
}

static void close_it(void *self)
{
    struct url *url = self;
    backend_http_close(&url->http);
    free(url);
}

/* ---- what is asked of it ---- */

static void start(void *self)
{
    struct url *url = self;
    backend_http_start(&url->http);
}

static void stop(void *self, struct trust_mono now)
{
    struct url *url = self;
    backend_http_stop(&url->http, now);
}

static void hurry(void *self)
{
    struct url *url = self;
    backend_http_hurry(&url->http);
}

static enum trust_error give(void *self, struct trust_bytes line, uint64_t number,
                             struct trust_mono now)
{
    struct url *url = self;
    return backend_http_send(&url->http, line, number, now);
}

/* What it says is not read on by itself while nobody takes it. */
static void watch(const void *self, struct pollfd *out_items, bool may_read)
{
    const struct url *url = self;
    (void)may_read;
    backend_http_watch(&url->http, out_items);
}

static void heard(void *self, const struct pollfd *items, struct trust_mono now)
{
    struct url *url = self;
    (void)items;
    backend_http_heard(&url->http, now);
}

/* ---- what it says ---- */

static const char *phrase_of(enum trust_outcome_class class_, uint32_t status)
{
    if (class_ == TRUST_OUTCOME_REFUSED && status < 300)
        return "broke off in its answer";
    switch (class_) {
    case TRUST_OUTCOME_AUTH:
        return "wants other credentials: look at its headers in the configuration";
    case TRUST_OUTCOME_RATE_LIMITED:
        return "wants to be asked less";
    case TRUST_OUTCOME_HTTP5XX:
        return "has failed at a message";
    case TRUST_OUTCOME_SESSION_LOST:
        return "does not know its session any more";
    case TRUST_OUTCOME_GARBAGE:
        return "answered with something that is no answer";
    case TRUST_OUTCOME_CALLER:
        return "refused a message";
    case TRUST_OUTCOME_TIMEOUT:
        return "took too long for a message";
    case TRUST_OUTCOME_OK:
    case TRUST_OUTCOME_REFUSED:
    case TRUST_OUTCOME_INTERNAL:
    case TRUST_OUTCOME_CANCELLED:
        break;
    }
    return "takes no message there: look at its url in the configuration";
}

static const char *describe_failure(struct url *url, const struct backend_http_event *event)
{
    const struct router_failure *failure = &event->failure;
    char again[64] = "";
    if (failure->retry_after_ms > 0)
        (void)snprintf(again, sizeof again, "; it asks for a pause of %llu ms",
                       (unsigned long long)failure->retry_after_ms);
    if (event->status == 0)
        (void)snprintf(url->note, sizeof url->note, "%s: %s",
                       failure->is_sent ? "broke off" : "cannot be reached", event->cause);
    else
        (void)snprintf(url->note, sizeof url->note, "%s (HTTP status %u)%s",
                       phrase_of(failure->class_, event->status), (unsigned)event->status, again);
    return url->note;
}

static const char *describe_rest(struct url *url, uint64_t rest_ms)
{
    if (rest_ms == 0)
        return NULL;
    (void)snprintf(url->note, sizeof url->note, "is left; it is tried again in %llu ms",
                   (unsigned long long)rest_ms);
    return url->note;
}

static bool next(void *self, struct backend_event *out_event, struct trust_mono now)
{
    struct url *url = self;
    struct backend_http_event event;
    if (!backend_http_next(&url->http, &event, now))
        return false;
    *out_event = (struct backend_event){
        .line = event.line, .number = event.number, .failure = event.failure, .loss = event.loss};
    switch (event.kind) {
    case BACKEND_HTTP_UP:
        out_event->kind = BACKEND_UP;
        break;
    case BACKEND_HTTP_LINE:
        out_event->kind = BACKEND_LINE;
        out_event->note = event.note;
        break;
    case BACKEND_HTTP_FAILED:
        out_event->kind = BACKEND_FAILED;
        out_event->note = describe_failure(url, &event);
        break;
    case BACKEND_HTTP_DOWN:
        out_event->kind = BACKEND_DOWN;
        out_event->note = describe_rest(url, event.loss.retry_ms);
        break;
    }
    return true;
}

/* ---- what is known of it ---- */

static struct trust_mono deadline(const void *self)
{
    const struct url *url = self;
    return backend_http_deadline(&url->http);
}

static uint64_t rest_ms(const void *self, struct trust_mono now)
{
    const struct url *url = self;
    return backend_http_rest_ms(&url->http, now);
}

static bool is_gone(const void *self)
{
    const struct url *url = self;
    return backend_http_is_gone(&url->http);
}

const struct backend_calls backend_url_calls = {
    .watched = BACKEND_HTTP_WATCHED,
    .open = open_it,
    .close = close_it,
    .start = start,
    .stop = stop,
    .hurry = hurry,
    .send = give,
    .watch = watch,
    .heard = heard,
    .next = next,
    .deadline = deadline,
    .rest_ms = rest_ms,
    .is_gone = is_gone,
};
