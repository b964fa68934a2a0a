/* guard/face_http: requests find their session's lines, and what it says finds its request. */
#include "guard/face/face_http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"

#define NOTICE "{\"method\":\"n\"}"
#define EVENT(text) "event: message\ndata: " text "\n\n"

struct desk {
    struct face_http_budget budget;
    struct face_http http;
    struct face face;
};

static struct face_http_request *woken;

static void wake(struct face_http_request *request)
{
    woken = request;
}

static struct desk *open_desk(bool is_shared)
{
    struct desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    face_http_open(&desk->http, &desk->budget, is_shared, wake);
    desk->face = face_http_face(&desk->http);
    woken = NULL;
    return desk;
}

static void close_desk(struct desk *desk)
{
    face_http_close(&desk->http);
    assert_int_equal(desk->budget.waiting, 0);
    assert_int_equal(desk->budget.bodies, 0);
    free(desk);
}

static struct face_http_request post(struct desk *desk, const char *body, bool is_answered)
{
    size_t size = strlen(body);
    struct face_http_request request = {
        .body = malloc(size), .body_size = size, .is_answered = is_answered};
    assert_non_null(request.body);
    memcpy(request.body, body, size);
    desk->budget.bodies += size;
    return request;
}

/* The next line is that text; its tag. */
static uint64_t expect_line(struct desk *desk, const char *text)
{
    struct face_event event;
    assert_true(desk->face.calls->next(desk->face.self, &event, true));
    assert_int_equal(event.kind, FACE_LINE);
    assert_int_equal(event.line.size, strlen(text));
    assert_memory_equal(event.line.data, text, event.line.size);
    return event.tag;
}

static void expect_nothing(struct desk *desk)
{
    struct face_event event;
    assert_false(desk->face.calls->next(desk->face.self, &event, true));
}

static void expect_left(struct desk *desk, uint64_t tag)
{
    struct face_event event;
    assert_true(desk->face.calls->next(desk->face.self, &event, false));
    assert_int_equal(event.kind, FACE_LEFT);
    assert_int_equal(event.tag, tag);
}

static void say(struct desk *desk, uint64_t tag, bool is_answer, const char *text)
{
    const struct face_message message = {
        .bytes = trust_bytes_text(text), .tag = tag, .is_answer = is_answer};
    woken = NULL;
    desk->face.calls->send(desk->face.self, &message);
}

static void expect_sent(struct face_http_request *request, const char *text)
{
    char room[1024];
    size_t size = face_http_take(request, room, sizeof room);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(room, text, size);
}

static void an_answer_alone_is_one_message(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request a = post(desk, "a", true);
    struct face_http_request b = post(desk, "b", true);
    face_http_post(&desk->http, &a);
    face_http_post(&desk->http, &b);
    assert_int_equal(desk->budget.bodies, 2);
    struct face_event event;
    assert_false(desk->face.calls->next(desk->face.self, &event, false));
    uint64_t first = expect_line(desk, "a");
    uint64_t second = expect_line(desk, "b");
    assert_int_not_equal(first, second);
    assert_int_equal(desk->budget.bodies, 0);
    expect_nothing(desk);
    say(desk, second, true, "{\"id\":1}");
    assert_ptr_equal(woken, &b);
    assert_int_equal(b.form, FACE_HTTP_JSON);
    assert_int_equal(b.status, 200);
    assert_true(b.is_over);
    assert_int_equal(desk->budget.waiting, 8);
    expect_sent(&b, "{\"id\":1}");
    assert_int_equal(a.form, FACE_HTTP_OPEN);
    /* A second answer finds nobody. */
    say(desk, second, true, "{\"id\":2}");
    assert_null(woken);
    face_http_leave(&b);
    face_http_leave(&a);
    assert_true(face_http_is_idle(&desk->http));
    close_desk(desk);
}

static void what_comes_before_an_answer_makes_a_stream(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request a = post(desk, "a", true);
    face_http_post(&desk->http, &a);
    uint64_t tag = expect_line(desk, "a");
    say(desk, tag, false, NOTICE);
    assert_ptr_equal(woken, &a);
    assert_int_equal(a.form, FACE_HTTP_EVENTS);
    assert_false(a.is_over);
    say(desk, tag, true, "{\"id\":1}");
    assert_true(a.is_over);
    expect_sent(&a, EVENT(NOTICE) EVENT("{\"id\":1}"));
    face_http_leave(&a);
    close_desk(desk);
}

static void a_notification_is_accepted_once_it_was_taken(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request a = post(desk, "a", false);
    face_http_post(&desk->http, &a);
    assert_int_equal(a.form, FACE_HTTP_OPEN);
    (void)expect_line(desk, "a");
    assert_ptr_equal(woken, &a);
    assert_int_equal(a.form, FACE_HTTP_ACCEPTED);
    assert_true(a.is_over);
    face_http_leave(&a);
    close_desk(desk);
}

static void what_belongs_to_no_request_goes_to_the_open_stream(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request get = {0};
    struct face_http_request anew = {0};
    struct face_http_request a = post(desk, "a", true);
    /* Nobody listens: it waits. */
    say(desk, 0, false, NOTICE);
    assert_null(woken);
    assert_int_equal(desk->budget.waiting, strlen(EVENT(NOTICE)));
    face_http_listen(&desk->http, &get);
    assert_int_equal(get.form, FACE_HTTP_EVENTS);
    expect_sent(&get, EVENT(NOTICE));
    face_http_post(&desk->http, &a);
    (void)expect_line(desk, "a");
    say(desk, 0, false, NOTICE);
    assert_ptr_equal(woken, &get);
    expect_sent(&get, EVENT(NOTICE));
    /* What belongs to a request that is gone goes there too, but for its answer. */
    say(desk, 99, false, NOTICE);
    assert_ptr_equal(woken, &get);
    expect_sent(&get, EVENT(NOTICE));
    say(desk, 99, true, "{\"id\":1}");
    assert_null(woken);
    /* A new stream takes the place of the old one. */
    face_http_listen(&desk->http, &anew);
    assert_true(get.is_over);
    assert_ptr_equal(woken, &get);
    face_http_leave(&get);
    say(desk, 0, false, NOTICE);
    assert_ptr_equal(woken, &anew);
    face_http_leave(&anew);
    /* Without one, to the request under way. */
    say(desk, 0, false, NOTICE);
    assert_ptr_equal(woken, &a);
    face_http_leave(&a);
    close_desk(desk);
}

static void what_waits_for_a_stream_is_bounded(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    char *notice = malloc(65536);
    assert_non_null(notice);
    memset(notice, 'x', 65535);
    notice[65535] = '\0';
    for (int i = 0; i < 10; i++)
        say(desk, 0, false, notice);
    assert_in_range(desk->budget.waiting, 3 * 65535, TRUST_GUARD_BACKLOG_SIZE_MAX);
    free(notice);
    close_desk(desk);
}

static void in_a_shared_session_nobody_hears_anothers(void **state)
{
    (void)state;
    struct desk *desk = open_desk(true);
    struct face_http_request a = post(desk, "a", true);
    struct face_http_request b = post(desk, "b", true);
    face_http_post(&desk->http, &a);
    face_http_post(&desk->http, &b);
    uint64_t first = expect_line(desk, "a");
    uint64_t second = expect_line(desk, "b");
    say(desk, 0, false, NOTICE);
    assert_null(woken);
    assert_int_equal(desk->budget.waiting, 0);
    face_http_leave(&a);
    expect_left(desk, first);
    say(desk, first, false, NOTICE);
    say(desk, first, true, "{\"id\":1}");
    assert_null(woken);
    say(desk, second, true, "{\"id\":1}");
    assert_ptr_equal(woken, &b);
    /* Whoever has the answer has not left it. */
    face_http_leave(&b);
    expect_nothing(desk);
    close_desk(desk);
}

static void who_leaves_a_legacy_request_has_not_cancelled_it(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request a = post(desk, "a", true);
    struct face_http_request b = post(desk, "b", true);
    face_http_post(&desk->http, &a);
    (void)expect_line(desk, "a");
    face_http_leave(&a);
    face_http_post(&desk->http, &b);
    /* One that was not taken is taken no more. */
    face_http_leave(&b);
    expect_nothing(desk);
    close_desk(desk);
}

static void errors_of_the_modern_era_have_a_status(void **state)
{
    (void)state;
    static const struct {
        bool is_shared;
        const char *answer;
        unsigned status;
    } rows[] = {
        {true, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"\"}}", 404},
        {true, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32021,\"message\":\"\"}}", 400},
        {true, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32022,\"message\":\"\"}}", 400},
        {true, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"\"}}", 200},
        {true, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":5030,\"message\":\"\"}}", 200},
        {true, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"code\":-32601}}", 200},
        {false, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"\"}}", 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk *desk = open_desk(rows[i].is_shared);
        struct face_http_request a = post(desk, "a", true);
        face_http_post(&desk->http, &a);
        say(desk, expect_line(desk, "a"), true, rows[i].answer);
        assert_int_equal(a.status, rows[i].status);
        face_http_leave(&a);
        close_desk(desk);
    }
}

static void silence_ends_a_request_in_any_form(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request a = post(desk, "a", true);
    struct face_http_request b = post(desk, "b", true);
    face_http_post(&desk->http, &a);
    face_http_post(&desk->http, &b);
    uint64_t first = expect_line(desk, "a");
    uint64_t second = expect_line(desk, "b");
    say(desk, first, true, "");
    assert_int_equal(a.form, FACE_HTTP_SILENCE);
    assert_true(a.is_over);
    say(desk, second, false, NOTICE);
    say(desk, second, true, "");
    assert_int_equal(b.form, FACE_HTTP_EVENTS);
    assert_true(b.is_over);
    expect_sent(&b, EVENT(NOTICE));
    face_http_leave(&a);
    face_http_leave(&b);
    close_desk(desk);
}

static void the_end_leaves_only_what_is_in_flight(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request get = {0};
    struct face_http_request a = post(desk, "a", true);
    struct face_http_request b = post(desk, "b", true);
    face_http_listen(&desk->http, &get);
    face_http_post(&desk->http, &a);
    uint64_t tag = expect_line(desk, "a");
    face_http_post(&desk->http, &b);
    face_http_end(&desk->http);
    assert_true(get.is_over);
    assert_true(b.is_over);
    assert_int_equal(b.form, FACE_HTTP_SILENCE);
    expect_nothing(desk);
    assert_false(a.is_over);
    say(desk, tag, true, "");
    assert_true(a.is_over);
    /* Whoever is left when it closes belongs to nobody. */
    face_http_close(&desk->http);
    assert_null(a.face);
    assert_null(get.face);
    face_http_leave(&a);
    face_http_leave(&b);
    face_http_leave(&get);
    assert_int_equal(desk->budget.bodies, 0);
    free(desk);
}

static void a_reader_who_is_too_slow_is_cut(void **state)
{
    (void)state;
    struct desk *desk = open_desk(true);
    struct face_http_request a = post(desk, "a", true);
    face_http_post(&desk->http, &a);
    uint64_t tag = expect_line(desk, "a");
    char *notice = malloc(TRUST_WIRE_MESSAGE_SIZE_MAX + 1);
    assert_non_null(notice);
    memset(notice, 'x', TRUST_WIRE_MESSAGE_SIZE_MAX);
    notice[TRUST_WIRE_MESSAGE_SIZE_MAX] = '\0';
    say(desk, tag, false, notice);
    say(desk, tag, false, notice);
    assert_false(a.is_cut);
    assert_false(desk->face.calls->is_slow(desk->face.self));
    say(desk, tag, false, notice);
    assert_true(a.is_cut);
    assert_true(a.is_over);
    assert_int_equal(desk->budget.waiting, 0);
    expect_left(desk, tag);
    face_http_leave(&a);
    expect_nothing(desk);
    free(notice);
    close_desk(desk);
}

static void a_legacy_client_who_does_not_read_slows_its_servers(void **state)
{
    (void)state;
    struct desk *desk = open_desk(false);
    struct face_http_request get = {0};
    static char notice[TRUST_GUARD_STREAM_SLOW_SIZE];
    memset(notice, 'x', sizeof notice - 1);
    face_http_listen(&desk->http, &get);
    say(desk, 0, false, NOTICE);
    assert_false(desk->face.calls->is_slow(desk->face.self));
    assert_true(desk->face.calls->waits(desk->face.self));
    say(desk, 0, false, notice);
    assert_true(desk->face.calls->is_slow(desk->face.self));
    char *room = malloc(2 * sizeof notice);
    assert_non_null(room);
    (void)face_http_take(&get, room, 2 * sizeof notice);
    free(room);
    assert_false(desk->face.calls->is_slow(desk->face.self));
    assert_false(desk->face.calls->waits(desk->face.self));
    /* What others keep waiting slows everybody. */
    desk->budget.waiting += TRUST_GUARD_STREAMS_SIZE_MAX + 1;
    assert_true(desk->face.calls->is_slow(desk->face.self));
    desk->budget.waiting -= TRUST_GUARD_STREAMS_SIZE_MAX + 1;
    face_http_beat(&get);
    assert_ptr_equal(woken, &get);
    expect_sent(&get, ": \n\n");
    face_http_leave(&get);
    close_desk(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_alone_is_one_message),
        cmocka_unit_test(what_comes_before_an_answer_makes_a_stream),
        cmocka_unit_test(a_notification_is_accepted_once_it_was_taken),
        cmocka_unit_test(what_belongs_to_no_request_goes_to_the_open_stream),
        cmocka_unit_test(what_waits_for_a_stream_is_bounded),
        cmocka_unit_test(in_a_shared_session_nobody_hears_anothers),
        cmocka_unit_test(who_leaves_a_legacy_request_has_not_cancelled_it),
        cmocka_unit_test(errors_of_the_modern_era_have_a_status),
        cmocka_unit_test(silence_ends_a_request_in_any_form),
        cmocka_unit_test(the_end_leaves_only_what_is_in_flight),
        cmocka_unit_test(a_reader_who_is_too_slow_is_cut),
        cmocka_unit_test(a_legacy_client_who_does_not_read_slows_its_servers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
