/*
 * libcurl over a Unix socket. Nothing of the environment plays a part: no proxy, no .netrc, no
 * other protocol, no redirect. "Expect: 100-continue" is turned off, for it costs a round trip.
 */
#include "client/request.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/assert.h"
#include "client/problem.h"

/* The host of a Unix socket's requests; it names nothing. */
#define ORIGIN "http://repute"
#define CONNECT_TIMEOUT_MS 2000L
#define FIRST_ROOM 4096u

struct trust_requester {
    CURL *curl;
    char socket_path[sizeof((struct sockaddr_un *)0)->sun_path];
    uint8_t *bytes; /* of the last answer, or of its problem */
    size_t size;
    size_t room;
    bool is_over; /* the answer went over its bound, or memory ended */
    bool is_cut;  /* the sink, or the source, gave up */
    const struct trust_http_request *request;
};

static bool make_room(struct trust_requester *requester, size_t more)
{
    size_t wanted = requester->size + more + 1;
    if (wanted > TRUST_REPLY_SIZE_MAX)
        return false;
    size_t room = requester->room == 0 ? FIRST_ROOM : requester->room;
    while (room < wanted)
        room *= 2;
    if (room == requester->room)
        return true;
    uint8_t *bytes = realloc(requester->bytes, room);
    if (bytes == NULL)
        return false;
    requester->bytes = bytes;
    requester->room = room;
    return true;
}

/* libcurl's write callback: any other number than size ends the request. */
static size_t take_answer(char *data, size_t unit, size_t size, void *user)
{
    struct trust_requester *requester = user;
    long status = 0;
    (void)unit; /* always 1 */
    (void)curl_easy_getinfo(requester->curl, CURLINFO_RESPONSE_CODE, &status);
    const struct trust_http_request *request = requester->request;
    if (request->sink != NULL && status < 400) {
        struct trust_bytes piece = {.data = (const uint8_t *)data, .size = size};
        requester->is_cut = !request->sink(request->context, piece);
        return requester->is_cut ? CURL_WRITEFUNC_ERROR : size;
    }
    if (!make_room(requester, size)) {
        requester->is_over = true;
        return CURL_WRITEFUNC_ERROR;
    }
    memcpy(requester->bytes + requester->size, data, size);
    requester->size += size;
    return size;
}

static size_t give_body(char *out_data, size_t unit, size_t count, void *user)
{
    struct trust_requester *requester = user;
    const struct trust_http_request *request = requester->request;
    size_t size = request->source(request->context, out_data, unit * count);
    requester->is_cut = size == SIZE_MAX;
    return requester->is_cut ? CURL_READFUNC_ABORT : size;
}

enum trust_error trust_requester_open(struct trust_requester **out_requester,
                                      const char *socket_path)
{
    size_t size = strlen(socket_path);
    struct trust_requester *requester = calloc(1, sizeof *requester);
    if (requester == NULL)
        return TRUST_FAIL_MEMORY;
    if (size >= sizeof requester->socket_path) {
        free(requester);
        return TRUST_NO_SIZE;
    }
    memcpy(requester->socket_path, socket_path, size + 1);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(requester);
        return TRUST_FAIL_LIBRARY;
    }
    requester->curl = curl_easy_init();
    if (requester->curl == NULL) {
        curl_global_cleanup();
        free(requester);
        return TRUST_FAIL_MEMORY;
    }
    *out_requester = requester;
    return TRUST_OK;
}

void trust_requester_close(struct trust_requester *requester)
{
    if (requester == NULL)
        return;
    curl_easy_cleanup(requester->curl);
    curl_global_cleanup();
    free(requester->bytes);
    free(requester);
}

static CURLcode set_body(struct trust_requester *requester,
                         const struct trust_http_request *request)
{
    CURL *curl = requester->curl;
    bool has_source = request->source != NULL;
    uint64_t size = has_source ? request->source_size : request->body.size;
    CURLcode code = curl_easy_setopt(curl, CURLOPT_POST, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    if (code == CURLE_OK && has_source)
        code = curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
    if (code == CURLE_OK && has_source)
        code = curl_easy_setopt(curl, CURLOPT_READDATA, requester);
    if (code == CURLE_OK && !has_source)
        code = curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                                request->body.size == 0 ? "" : (const char *)request->body.data);
    if (code == CURLE_OK && request->method == TRUST_REQUEST_PUT)
        code = curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
    return code;
}

static CURLcode set_method(struct trust_requester *requester,
                           const struct trust_http_request *request)
{
    switch (request->method) {
    case TRUST_REQUEST_GET:
        return curl_easy_setopt(requester->curl, CURLOPT_HTTPGET, 1L);
    case TRUST_REQUEST_DELETE:
        return curl_easy_setopt(requester->curl, CURLOPT_CUSTOMREQUEST, "DELETE");
    case TRUST_REQUEST_POST:
    case TRUST_REQUEST_PUT:
        return set_body(requester, request);
    }
    return CURLE_OK;
}

static CURLcode set_bounds(CURL *curl, const struct trust_http_request *request)
{
    CURLcode code = curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_PROXY, "");
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
    if (request->timeout_ms != 0)
        return code != CURLE_OK
                   ? code
                   : curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)TRUST_REQUEST_SILENCE_S);
    return code;
}

static CURLcode prepare(struct trust_requester *requester, const struct trust_http_request *request,
                        const char *url, struct curl_slist *headers)
{
    CURL *curl = requester->curl;
    curl_easy_reset(curl); /* keeps the connection */
    CURLcode code = curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, requester->socket_path);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_URL, url);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    if (code == CURLE_OK)
        code = curl_easy_setopt(curl, CURLOPT_WRITEDATA, requester);
    if (code == CURLE_OK)
        code = set_bounds(curl, request);
    return code == CURLE_OK ? set_method(requester, request) : code;
}

static void say(struct trust_problem *problem, enum trust_error error, const char *message,
                const char *next)
{
    *problem = (struct trust_problem){0};
    (void)snprintf(problem->code, sizeof problem->code, "%s", trust_error_name(error));
    (void)snprintf(problem->message, sizeof problem->message, "%s", message);
    (void)snprintf(problem->next, sizeof problem->next, "%s", next);
}

static enum trust_error not_reached(const struct trust_requester *requester,
                                    struct trust_problem *out_problem)
{
    static const char start[] = "start it: `reputed`";
    char message[256];
    long cause = 0;
    (void)curl_easy_getinfo(requester->curl, CURLINFO_OS_ERRNO, &cause);
    if (cause == EACCES || cause == EPERM) {
        (void)snprintf(message, sizeof message, "%s may not be opened by this user",
                       requester->socket_path);
        say(out_problem, TRUST_NO_PERMISSION, message,
            "become a member of the socket's group, or run this as the node's user");
        return TRUST_NO_PERMISSION;
    }
    (void)snprintf(message, sizeof message, "no node answers at %s", requester->socket_path);
    say(out_problem, TRUST_NO_NODE, message, start);
    return TRUST_NO_NODE;
}

static enum trust_error not_understood(const struct trust_requester *requester,
                                       struct trust_problem *out_problem, CURLcode code)
{
    char message[256];
    (void)snprintf(message, sizeof message, "what answers at %s does not speak as a node: %s",
                   requester->socket_path, curl_easy_strerror(code));
    say(out_problem, TRUST_FAIL_LIBRARY, message,
        "see which program serves it; are `repute` and `reputed` of one version?");
    return TRUST_FAIL_LIBRARY;
}

static enum trust_error judge_failure(const struct trust_requester *requester,
                                      struct trust_problem *out_problem, CURLcode code)
{
    enum trust_error error = TRUST_FAIL_LIBRARY;
    if (code == CURLE_COULDNT_CONNECT)
        return not_reached(requester, out_problem);
    if (requester->is_cut) {
        error = TRUST_FAIL_IO;
        say(out_problem, error, "what was to be sent or received could not be read or written",
            "check the room on the disk");
    } else if (requester->is_over) {
        error = TRUST_NO_SIZE;
        say(out_problem, error, "the node's answer is longer than this program takes",
            "ask for less at once");
    } else if (code == CURLE_OUT_OF_MEMORY) {
        error = TRUST_FAIL_MEMORY;
        say(out_problem, error, trust_error_text(error), "");
    } else if (code == CURLE_OPERATION_TIMEDOUT) {
        error = TRUST_NO_NODE;
        say(out_problem, error, "the node did not answer in time",
            "look at its log; it may be busy or stopped");
    } else if (code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
               code == CURLE_PARTIAL_FILE) {
        error = TRUST_NO_NODE;
        say(out_problem, error, "the node went away before its answer was whole",
            "look at its log, start it again and repeat the command");
    } else {
        return not_understood(requester, out_problem, code);
    }
    return error;
}

static enum trust_error perform(struct trust_requester *requester, struct trust_reply *out_reply,
                                struct trust_problem *out_problem)
{
    CURLcode code = curl_easy_perform(requester->curl);
    if (code != CURLE_OK)
        return judge_failure(requester, out_problem, code);
    long status = 0;
    (void)curl_easy_getinfo(requester->curl, CURLINFO_RESPONSE_CODE, &status);
    if (!make_room(requester, 0)) {
        requester->is_over = true;
        return judge_failure(requester, out_problem, CURLE_OUT_OF_MEMORY);
    }
    requester->bytes[requester->size] = 0;
    struct trust_bytes body = {.data = requester->bytes, .size = requester->size};
    if (status >= 400)
        return trust_problem_read(out_problem, (int)status, body);
    *out_reply = (struct trust_reply){.status = (int)status, .body = body};
    return TRUST_OK;
}

enum trust_error trust_requester_send(struct trust_requester *requester,
                                      struct trust_reply *out_reply,
                                      struct trust_problem *out_problem,
                                      const struct trust_http_request *request)
{
    char url[TRUST_REQUEST_PATH_SIZE_MAX + sizeof ORIGIN];
    char type[128];
    int url_size = snprintf(url, sizeof url, ORIGIN "%s", request->path);
    assert(url_size > 0);
    assert((size_t)url_size < sizeof url);
    (void)snprintf(type, sizeof type, "Content-Type: %s",
                   request->type == NULL ? "application/json" : request->type);
    requester->request = request;
    requester->size = 0;
    requester->is_over = false;
    requester->is_cut = false;
    char expect[] = "Expect:";
    bool has_body = request->method == TRUST_REQUEST_POST || request->method == TRUST_REQUEST_PUT;
    struct curl_slist last = {.data = type};
    struct curl_slist headers = {.data = expect, .next = has_body ? &last : NULL};
    CURLcode code = prepare(requester, request, url, &headers);
    if (code != CURLE_OK)
        return judge_failure(requester, out_problem, code);
    return perform(requester, out_reply, out_problem);
}

enum trust_error trust_request_escape(char *path, size_t size, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    size_t at = strlen(path);
    for (const char *c = text; *c != '\0'; c++) {
        bool is_plain = strchr(plain, *c) != NULL;
        if (size - at < (is_plain ? 2u : 4u))
            return TRUST_NO_SIZE;
        if (is_plain) {
            path[at++] = *c;
        } else {
            path[at++] = '%';
            path[at++] = digits[(uint8_t)*c >> 4];
            path[at++] = digits[(uint8_t)*c & 15];
        }
    }
    path[at] = '\0';
    return TRUST_OK;
}
