/* client/exchange: one request against an other side that does as the script of a row says. */
#include "client/exchange.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "client/connection.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: "
#define STEPS_MAX 6

enum what {
    END,     /* closes */
    HEAR,    /* reads until text has come */
    SAY,     /* writes text times times */
    DRIP,    /* writes text byte by byte, 1 ms apart */
    TRICKLE, /* the same for ever */
    HOLD,    /* until the other side ends */
};

struct step {
    enum what what;
    const char *text;
    unsigned times;
};

static bool hear(int fd, const char *text)
{
    static char heard[1 << 18];
    size_t size = 0;
    while (strstr(heard, text) == NULL) {
        ssize_t taken = read(fd, heard + size, sizeof heard - 1 - size);
        if (taken <= 0)
            return false;
        size += (size_t)taken;
        heard[size] = '\0';
    }
    return true;
}

static bool say(int fd, const char *text, size_t size)
{
    return send(fd, text, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static bool drip(int fd, const char *text)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (const char *c = text; *c != '\0'; c++) {
        if (!say(fd, c, 1))
            return false;
        (void)nanosleep(&moment, NULL);
    }
    return true;
}

static void act(int fd, const struct step *steps)
{
    char byte;
    bool goes_on = true;
    for (const struct step *step = steps; goes_on && step->what != END; step++) {
        switch (step->what) {
        case HEAR:
            goes_on = hear(fd, step->text);
            break;
        case SAY:
            for (unsigned i = 0; goes_on && i < (step->times == 0 ? 1 : step->times); i++)
                goes_on = say(fd, step->text, strlen(step->text));
            break;
        case DRIP:
            goes_on = drip(fd, step->text);
            break;
        case TRICKLE:
            while (drip(fd, step->text))
                continue;
            break;
        case HOLD:
            while (read(fd, &byte, 1) > 0)
                continue;
            break;
        case END:
            break;
        }
    }
}

/* The descriptor of a side that follows the steps, in a process of its own. */
static int start(pid_t *out_child, const struct step *steps)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    *out_child = fork();
    assert_true(*out_child >= 0);
    if (*out_child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)close(pair[0]);
        act(pair[1], steps);
        _exit(0);
    }
    assert_int_equal(close(pair[1]), 0);
    return pair[0];
}

struct kept {
    size_t size;
    char text[64]; /* the first of it */
};

static bool keep(void *context, struct trust_bytes piece)
{
    struct kept *kept = context;
    if (kept->size < sizeof kept->text) {
        size_t room = sizeof kept->text - kept->size;
        memcpy(kept->text + kept->size, piece.data, piece.size < room ? piece.size : room);
    }
    kept->size += piece.size;
    return true;
}

static struct trust_exchange exchange;

static enum trust_error run(const struct trust_http_request *request, const struct step *steps,
                            struct kept *out_kept)
{
    pid_t child = 0;
    int fd = start(&child, steps);
    *out_kept = (struct kept){0};
    assert_int_equal(trust_exchange_init(&exchange, request, keep, out_kept), TRUST_OK);
    enum trust_error error = trust_exchange_run(&exchange, fd);
    assert_int_equal(close(fd), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return error;
}

static const struct {
    const char *name;
    struct step steps[STEPS_MAX];
    uint32_t timeout_ms;
    enum trust_error error;
    size_t size; /* of the body */
    const char *fault;
    bool is_reusable;
} rows[] = {
    {"an answer",
     {{HEAR, "\r\n\r\n", 0}, {SAY, OK_HEAD "2\r\n\r\nab", 0}, {HOLD, NULL, 0}},
     10000,
     TRUST_OK,
     2,
     NULL,
     true},
    {"byte by byte",
     {{HEAR, "\r\n\r\n", 0}, {DRIP, OK_HEAD "2\r\n\r\nab", 0}, {HOLD, NULL, 0}},
     10000,
     TRUST_OK,
     2,
     NULL,
     true},
    {"chunks, and the end",
     {{HEAR, "\r\n\r\n", 0},
      {SAY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 0},
      {SAY, "4\r\nabcd\r\n", 1000},
      {SAY, "0\r\n\r\n", 0}},
     10000,
     TRUST_OK,
     4000,
     NULL,
     true},
    {"chunks without an end",
     {{HEAR, "\r\n\r\n", 0},
      {SAY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 0},
      {SAY, "4\r\nabcd\r\n", 3}},
     10000,
     TRUST_NO_NODE,
     12,
     NULL,
     false},
    {"100 first",
     {{HEAR, "\r\n\r\n", 0},
      {SAY, "HTTP/1.1 100 Continue\r\n\r\n", 0},
      {SAY, OK_HEAD "2\r\n\r\nab", 0},
      {HOLD, NULL, 0}},
     10000,
     TRUST_OK,
     2,
     NULL,
     true},
    {"100 for ever",
     {{HEAR, "\r\n\r\n", 0}, {SAY, "HTTP/1.1 100 Continue\r\n\r\n", 1000}, {HOLD, NULL, 0}},
     10000,
     TRUST_NO_SIZE,
     0,
     NULL,
     false},
    {"no length",
     {{HEAR, "\r\n\r\n", 0}, {SAY, "HTTP/1.1 200 OK\r\n\r\nab", 0}},
     10000,
     TRUST_NO_SYNTAX,
     0,
     "its answer does not say how long it is",
     false},
    {"a head without an end",
     {{HEAR, "\r\n\r\n", 0},
      {SAY, "HTTP/1.1 200 OK\r\nX: ", 0},
      {SAY, "aaaaaaaaaaaaaaaa", 2000},
      {HOLD, NULL, 0}},
     10000,
     TRUST_NO_SIZE,
     0,
     NULL,
     false},
    {"garbage",
     {{HEAR, "\r\n\r\n", 0}, {SAY, "SSH-2.0-OpenSSH_9.2p1\r\n", 0}, {HOLD, NULL, 0}},
     10000,
     TRUST_NO_SYNTAX,
     0,
     "invalid constant string",
     false},
    {"garbage before it was asked",
     {{SAY, "\x16\x03\x01", 0}, {HOLD, NULL, 0}},
     10000,
     TRUST_NO_SYNTAX,
     0,
     "invalid constant string",
     false},
    {"closed at once", {{END, NULL, 0}}, 10000, TRUST_NO_NODE, 0, NULL, false},
    {"closed when it had heard", {{HEAR, "\r\n\r\n", 0}}, 10000, TRUST_NO_NODE, 0, NULL, false},
    {"closed in its body",
     {{HEAR, "\r\n\r\n", 0}, {SAY, OK_HEAD "9\r\n\r\nabc", 0}},
     10000,
     TRUST_NO_NODE,
     3,
     NULL,
     false},
    {"silent", {{HOLD, NULL, 0}}, 30, TRUST_NO_BUSY, 0, NULL, false},
    {"never ready",
     {{HEAR, "\r\n\r\n", 0}, {SAY, OK_HEAD "999999\r\n\r\n", 0}, {TRICKLE, "a", 0}},
     30,
     TRUST_NO_BUSY,
     SIZE_MAX,
     NULL,
     false},
    {"more than its length says",
     {{HEAR, "\r\n\r\n", 0}, {SAY, OK_HEAD "2\r\n\r\nabcdef", 0}, {HOLD, NULL, 0}},
     10000,
     TRUST_OK,
     2,
     NULL,
     false},
};

static void whatever_the_other_side_does_has_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct trust_http_request request = {.path = "/v1/status",
                                                   .timeout_ms = rows[i].timeout_ms};
        struct kept kept;
        uint64_t began_ms = trust_connection_now_ms();
        enum trust_error error = run(&request, rows[i].steps, &kept);
        if (error != rows[i].error || (kept.size != rows[i].size && rows[i].size != SIZE_MAX))
            fail_msg("%s: %s, %zu bytes", rows[i].name, trust_error_name(error), kept.size);
        if (error == TRUST_NO_BUSY)
            assert_true(trust_connection_now_ms() >= began_ms + rows[i].timeout_ms);
        if (rows[i].fault != NULL)
            assert_string_equal(exchange.response.fault, rows[i].fault);
        if (error == TRUST_OK)
            assert_int_equal(trust_exchange_is_reusable(&exchange), rows[i].is_reusable);
    }
}

static bool keep_slowly(void *context, struct trust_bytes piece)
{
    const struct timespec while_ = {.tv_nsec = 20000000};
    (void)nanosleep(&while_, NULL);
    return keep(context, piece);
}

/* What comes is always there before it is waited for. */
static void who_never_stops_sending_is_late_too(void **state)
{
    (void)state;
    static const struct step steps[] = {{HEAR, "\r\n\r\n", 0},
                                        {SAY, OK_HEAD "999999\r\n\r\n", 0},
                                        {SAY, "0123456789abcdef0123456789abcdef", 4096},
                                        {HOLD, NULL, 0}};
    const struct trust_http_request request = {.path = "/v1/status", .timeout_ms = 30};
    struct kept kept = {0};
    pid_t child = 0;
    int fd = start(&child, steps);
    assert_int_equal(trust_exchange_init(&exchange, &request, keep_slowly, &kept), TRUST_OK);
    assert_int_equal(trust_exchange_run(&exchange, fd), TRUST_NO_BUSY);
    assert_true(kept.size < (size_t)32 * 4096);
    assert_int_equal(close(fd), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static size_t give(void *context, void *out_bytes, size_t size)
{
    (void)context;
    memset(out_bytes, 'b', size);
    return size;
}

static size_t give_too_little(void *context, void *out_bytes, size_t size)
{
    (void)context;
    (void)out_bytes;
    (void)size;
    return 0;
}

static void a_long_body_goes_out_while_an_answer_may_come_in(void **state)
{
    (void)state;
    static const struct step until_its_end[] = {
        {HEAR, "END", 0}, {SAY, OK_HEAD "2\r\n\r\nok", 0}, {HOLD, NULL, 0}, {END, NULL, 0}};
    static const struct step refusing[] = {
        {HEAR, "\r\n\r\n", 0},
        {SAY, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\n{}", 0},
        {END, NULL, 0}};
    static char body[1 << 17];
    struct kept kept;
    memset(body, 'a', sizeof body);
    memcpy(body + sizeof body - 3, "END", 3);
    struct trust_http_request request = {
        .method = TRUST_REQUEST_POST,
        .path = "/v1/records",
        .body = {.data = (const uint8_t *)body, .size = sizeof body},
        .timeout_ms = 10000,
    };
    assert_int_equal(run(&request, until_its_end, &kept), TRUST_OK);
    assert_true(trust_exchange_is_reusable(&exchange));
    assert_memory_equal(kept.text, "ok", 2);
    /* It is refused by who reads no further, whether the writing or the reading notes it first. */
    request.source = give;
    request.source_size = 1u << 30;
    assert_int_equal(run(&request, refusing, &kept), TRUST_OK);
    assert_int_equal(exchange.response.status, 413);
    assert_false(trust_exchange_is_reusable(&exchange));
    /* As it is when the node has ended before a byte could be sent. */
    static const char answer[] = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_true(say(pair[1], answer, sizeof answer - 1));
    assert_int_equal(close(pair[1]), 0);
    assert_int_equal(trust_exchange_init(&exchange, &request, keep, &kept), TRUST_OK);
    assert_int_equal(trust_exchange_run(&exchange, pair[0]), TRUST_OK);
    assert_int_equal(exchange.response.status, 503);
    assert_int_equal(close(pair[0]), 0);
    request.source = give_too_little;
    assert_int_equal(run(&request, until_its_end, &kept), TRUST_FAIL_IO);
}

static void only_what_cannot_be_done_twice_is_repeated(void **state)
{
    (void)state;
    static const struct step at_once[] = {{END, NULL, 0}};
    static const struct step heard[] = {{HEAR, "\r\n\r\n{}", 0}, {END, NULL, 0}};
    static const struct step begun[] = {{HEAR, "\r\n\r\n", 0}, {SAY, "H", 0}, {END, NULL, 0}};
    static const struct {
        enum trust_request_method method;
        const struct step *steps;
        trust_request_source *source;
        bool may_repeat;
    } tries[] = {
        {TRUST_REQUEST_POST, at_once, NULL, true}, {TRUST_REQUEST_POST, heard, NULL, false},
        {TRUST_REQUEST_PUT, heard, NULL, true},    {TRUST_REQUEST_GET, begun, NULL, false},
        {TRUST_REQUEST_PUT, at_once, give, false}, {TRUST_REQUEST_DELETE, at_once, NULL, true},
    };
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        const struct trust_http_request request = {.method = tries[i].method,
                                                   .path = "/",
                                                   .body = trust_bytes_text("{}"),
                                                   .source = tries[i].source,
                                                   .source_size = 2,
                                                   .timeout_ms = 10000};
        struct kept kept;
        assert_int_equal(run(&request, tries[i].steps, &kept), TRUST_NO_NODE);
        if (trust_exchange_may_repeat(&exchange) != tries[i].may_repeat)
            fail_msg("row %zu", i);
    }
}

static void it_is_run_again_from_its_beginning(void **state)
{
    (void)state;
    static const struct step at_once[] = {{END, NULL, 0}};
    static const struct step answering[] = {
        {HEAR, "Content-Length: 2\r\n\r\n{}", 0}, {SAY, OK_HEAD "1\r\n\r\nx", 0}, {END, NULL, 0}};
    const struct trust_http_request request = {.method = TRUST_REQUEST_POST,
                                               .path = "/",
                                               .body = trust_bytes_text("{}"),
                                               .timeout_ms = 10000};
    struct kept kept;
    assert_int_equal(run(&request, at_once, &kept), TRUST_NO_NODE);
    pid_t child = 0;
    int fd = start(&child, answering);
    trust_exchange_rewind(&exchange);
    assert_int_equal(trust_exchange_run(&exchange, fd), TRUST_OK);
    assert_int_equal(kept.size, 1);
    assert_int_equal(close(fd), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static void paths_that_would_say_more_are_refused(void **state)
{
    (void)state;
    static char longest[TRUST_REQUEST_PATH_SIZE_MAX + 1];
    static const char *const bad[] = {"",         "v1",          "/v1/a b", "/v1\r\nX: y",
                                      "/v1/\x7f", "/v1/\xc3\xa9"};
    struct kept kept;
    struct trust_http_request request = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        request.path = bad[i];
        assert_int_equal(trust_exchange_init(&exchange, &request, keep, &kept), TRUST_NO_SYNTAX);
    }
    memset(longest, 'a', sizeof longest - 1);
    longest[0] = '/';
    request.path = longest;
    assert_int_equal(trust_exchange_init(&exchange, &request, keep, &kept), TRUST_NO_SIZE);
    longest[TRUST_REQUEST_PATH_SIZE_MAX - 1] = '\0';
    assert_int_equal(trust_exchange_init(&exchange, &request, keep, &kept), TRUST_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_other_side_does_has_a_name),
        cmocka_unit_test(who_never_stops_sending_is_late_too),
        cmocka_unit_test(a_long_body_goes_out_while_an_answer_may_come_in),
        cmocka_unit_test(only_what_cannot_be_done_twice_is_repeated),
        cmocka_unit_test(it_is_run_again_from_its_beginning),
        cmocka_unit_test(paths_that_would_say_more_are_refused),
    };
    return cmocka_run_group_tests_name("client/exchange", tests, NULL, NULL);
}
