/* guard/backend_url: what of an entry is refused, and what is said of a server that fails. The
 * server is a socket of this test. */
#include "guard/http/backend_url.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "client/clock.h"

#define WAIT_MS 20000
#define SECRET "Bearer 0123456789"
#define CALL "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}"

static const struct backend_calls *const calls = &backend_url_calls;

static struct trust_mono now(void)
{
    const struct trust_client_clock clock = trust_client_clock_system();
    return trust_client_clock_read(&clock).mono;
}

/* ---- what is refused ---- */

struct refusal {
    const char *url;
    struct trust_group_pair header;
    enum trust_error error;
    const char *why;
};

static const struct refusal refusals[] = {
    {"http://mcp.example/mcp",
     {"A", "b"},
     TRUST_NO_PERMISSION,
     "its url is refused: it must begin with https://, or be http:// on this host"},
    {"https://user:" SECRET "@mcp.example/mcp",
     {"A", "b"},
     TRUST_NO_SYNTAX,
     "its url cannot be read: a URL without user and password is wanted, and credentials stand in "
     "headers"},
    {"https://mcp.example/mcp",
     {"Mcp-Session-Id", SECRET},
     TRUST_NO_CONFLICT,
     "its header Mcp-Session-Id is set by the guard itself: take it out"},
    {"https://mcp.example/mcp",
     {"X-Key", SECRET "\n"},
     TRUST_NO_SYNTAX,
     "its header X-Key cannot be sent: it has characters that no header has"},
};

static void what_cannot_be_used_is_refused_with_what_to_mend(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct refusal *row = &refusals[i];
        const struct trust_group_server server = {
            .subject = row->url, .url = row->url, .headers = {.pairs = &row->header, .count = 1}};
        const struct backend_config config = {.server = &server};
        char why[BACKEND_WHY_SIZE] = "";
        void *self = NULL;
        assert_int_equal(calls->open(&self, why, &config), row->error);
        assert_string_equal(why, row->why);
        assert_null(self);
    }
}

static void a_header_too_long_is_refused(void **state)
{
    (void)state;
    static char value[TRUST_GUARD_HEADER_SIZE_MAX + 1];
    memset(value, 'x', sizeof value - 1);
    const struct trust_group_pair header = {"X-Key", value};
    const struct trust_group_server server = {.url = "https://mcp.example/mcp",
                                              .headers = {.pairs = &header, .count = 1}};
    const struct backend_config config = {.server = &server};
    char why[BACKEND_WHY_SIZE] = "";
    void *self = NULL;
    assert_int_equal(calls->open(&self, why, &config), TRUST_NO_SIZE);
    assert_string_equal(why, "its header X-Key is too long to be sent");
}

/* ---- what is said ---- */

struct place {
    int listener;
    char url[64];
    void *self;
};

static int set_up(void **state)
{
    static struct place place;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    place.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(place.listener >= 0);
    assert_int_equal(bind(place.listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(place.listener, 4), 0);
    assert_int_equal(getsockname(place.listener, (struct sockaddr *)&address, &size), 0);
    (void)snprintf(place.url, sizeof place.url, "http://127.0.0.1:%u/mcp",
                   (unsigned)ntohs(address.sin_port));
    const struct trust_group_pair header = {"Authorization", SECRET};
    const struct trust_group_server server = {
        .subject = place.url, .url = place.url, .headers = {.pairs = &header, .count = 1}};
    const struct backend_config config = {.server = &server, .connect_timeout_ms = WAIT_MS};
    char why[BACKEND_WHY_SIZE] = "";
    assert_int_equal(calls->open(&place.self, why, &config), TRUST_OK);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    calls->close(place->self);
    if (place->listener >= 0)
        (void)close(place->listener);
    return 0;
}

/* Another process answers one request with this, and ends. */
static void serve(const struct place *place, const char *answer)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child != 0)
        return;
    char request[8192];
    size_t size = 0;
    int fd = accept(place->listener, NULL, NULL);
    while (size < sizeof request - 1) {
        ssize_t got = read(fd, request + size, sizeof request - 1 - size);
        size += got > 0 ? (size_t)got : 0;
        request[size] = '\0';
        if (got <= 0 || strstr(request, CALL) != NULL)
            break;
    }
    /* Its credentials have come, or it says nothing. */
    if (strstr(request, "\r\nAuthorization: " SECRET "\r\n") != NULL)
        (void)!write(fd, answer, strlen(answer));
    _exit(0);
}

static struct backend_event await(const struct place *place)
{
    struct backend_event event;
    struct pollfd items[BACKEND_WATCHED];
    calls->heard(place->self, items, now());
    while (!calls->next(place->self, &event, now())) {
        uint64_t due_ms = calls->deadline(place->self).ms;
        uint64_t now_ms = now().ms;
        uint64_t left_ms = due_ms > now_ms ? due_ms - now_ms : 0;
        calls->watch(place->self, items, true);
        assert_true(poll(items, calls->watched, left_ms < WAIT_MS ? (int)left_ms : WAIT_MS) >= 0);
        calls->heard(place->self, items, now());
    }
    assert_true(event.note == NULL || strstr(event.note, SECRET) == NULL);
    return event;
}

static void begin(const struct place *place)
{
    calls->start(place->self);
    struct backend_event up = await(place);
    assert_int_equal(up.kind, BACKEND_UP);
    assert_null(up.note);
}

static struct backend_event ask(const struct place *place)
{
    assert_int_equal(calls->send(place->self, trust_bytes_text(CALL), 1, now()), TRUST_OK);
    return await(place);
}

static void an_answer_is_a_line(void **state)
{
    const struct place *place = *state;
    const char *const answer = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";
    serve(place, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 36\r\n\r\n"
                 "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    begin(place);
    assert_false(calls->is_gone(place->self));
    struct backend_event line = ask(place);
    assert_int_equal(line.kind, BACKEND_LINE);
    assert_int_equal(line.line.size, strlen(answer));
    assert_memory_equal(line.line.data, answer, strlen(answer));
    calls->stop(place->self, now());
    struct backend_event down = await(place);
    assert_int_equal(down.kind, BACKEND_DOWN);
    assert_true(calls->is_gone(place->self));
    assert_in_range(calls->rest_ms(place->self, now()), 1, 250);
    calls->hurry(place->self);
    assert_int_equal(calls->rest_ms(place->self, now()), 0);
}

struct saying {
    const char *answer;
    enum trust_outcome_class class_;
    uint64_t retry_after_ms;
    bool is_sent;
    const char *note;
};

static const struct saying sayings[] = {
    {"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", TRUST_OUTCOME_HTTP5XX, 0, true,
     "has failed at a message (HTTP status 503)"},
    {"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", TRUST_OUTCOME_AUTH, 0, true,
     "wants other credentials: look at its headers in the configuration (HTTP status 401)"},
    {"HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n", TRUST_OUTCOME_RATE_LIMITED,
     7000, true, "wants to be asked less (HTTP status 429); it asks for a pause of 7000 ms"},
    {"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", TRUST_OUTCOME_REFUSED, 0, false,
     "takes no message there: look at its url in the configuration (HTTP status 404)"},
    {"HTTP/1.1 302 No\r\nLocation: https://mcp.example/\r\nContent-Length: 0\r\n\r\n",
     TRUST_OUTCOME_REFUSED, 0, true,
     "takes no message there: look at its url in the configuration (HTTP status 302)"},
    {"HTTP/1.1 408 No\r\nContent-Length: 0\r\n\r\n", TRUST_OUTCOME_TIMEOUT, 0, true,
     "took too long for a message (HTTP status 408)"},
    {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
     TRUST_OUTCOME_REFUSED, 0, true, "broke off in its answer (HTTP status 200)"},
    {"HTTP/1.1 415 No\r\nContent-Length: 0\r\n\r\n", TRUST_OUTCOME_CALLER, 0, true,
     "refused a message (HTTP status 415)"},
    {"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno",
     TRUST_OUTCOME_GARBAGE, 0, true, "answered with something that is no answer (HTTP status 200)"},
    {"", TRUST_OUTCOME_REFUSED, 0, true,
     "broke off: Server returned nothing (no headers, no data)"},
};

static void what_became_of_a_message_is_said(void **state)
{
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
        const struct saying *row = &sayings[i];
        const struct place *place = *state;
        serve(place, row->answer);
        begin(place);
        struct backend_event event = ask(place);
        assert_int_equal(event.kind, BACKEND_FAILED);
        assert_int_equal(event.number, 1);
        assert_int_equal(event.failure.class_, row->class_);
        assert_int_equal(event.failure.retry_after_ms, row->retry_after_ms);
        assert_int_equal(event.failure.is_sent, row->is_sent);
        assert_string_equal(event.note, row->note);
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

static void one_that_is_not_there_says_so_and_rests(void **state)
{
    struct place *place = *state;
    (void)close(place->listener);
    place->listener = -1;
    begin(place);
    struct backend_event event = ask(place);
    assert_int_equal(event.kind, BACKEND_FAILED);
    assert_int_equal(event.failure.class_, TRUST_OUTCOME_REFUSED);
    assert_false(event.failure.is_sent);
    assert_string_equal(event.note, "cannot be reached: Couldn't connect to server");
    calls->stop(place->self, now());
    event = await(place);
    assert_int_equal(event.kind, BACKEND_DOWN);
    assert_string_equal(event.note, "is left; it is tried again in 250 ms");
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGCHLD, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_used_is_refused_with_what_to_mend),
        cmocka_unit_test(a_header_too_long_is_refused),
        cmocka_unit_test_setup_teardown(an_answer_is_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_became_of_a_message_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_is_not_there_says_so_and_rests, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("guard/backend_url", tests, NULL, NULL);
}
