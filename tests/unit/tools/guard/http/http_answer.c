/* guard/http_answer: bodies in pieces of any size, and what of them is a message. */
#include "guard/http/http_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/limits.h"

#define ANSWER "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}"
#define OTHER "{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{}}"
#define NOTE "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}"

static struct http_budget budget;

static struct http_answer opened(const char *id, const char *type)
{
    struct http_answer answer;
    const struct http_answer_head head = {
        .may_answer = true, .may_stream = true, .content_type = type};
    http_answer_init(&answer, &budget, trust_bytes_text(id));
    http_answer_begin(&answer, &head);
    return answer;
}

static void closed(struct http_answer *answer)
{
    http_answer_close(answer);
    assert_int_equal(budget.used, 0);
}

static void says(struct http_answer *answer, const char *line)
{
    struct message message;
    assert_true(http_answer_next(answer, &message, false));
    assert_int_equal(message.whole.size, strlen(line));
    assert_memory_equal(message.whole.data, line, strlen(line));
}

static enum http_answer_feed feed(struct http_answer *answer, const char *text)
{
    return http_answer_feed(answer, trust_bytes_text(text));
}

static void a_type_is_its_first_word(void **state)
{
    static const struct {
        const char *type;
        enum http_answer_mode mode;
    } cases[] = {
        {"application/json", HTTP_ANSWER_JSON},
        {"Application/JSON; charset=utf-8", HTTP_ANSWER_JSON},
        {"text/event-stream", HTTP_ANSWER_STREAM},
        {"text/event-stream;charset=utf-8", HTTP_ANSWER_STREAM},
        {"application/jsonp", HTTP_ANSWER_OTHER},
        {"application/json-seq", HTTP_ANSWER_OTHER},
        {"text/html", HTTP_ANSWER_OTHER},
        {"", HTTP_ANSWER_OTHER},
        {NULL, HTTP_ANSWER_OTHER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(opened("7", cases[i].type).mode, cases[i].mode);
    struct http_answer answer = opened("7", NULL);
    http_answer_begin(&answer, &(struct http_answer_head){.content_type = "application/json"});
    assert_int_equal(answer.mode, HTTP_ANSWER_OTHER);
    http_answer_begin(&answer, &(struct http_answer_head){.content_type = "text/event-stream"});
    assert_int_equal(answer.mode, HTTP_ANSWER_OTHER);
}

static void a_json_text_is_taken_whole_and_on_one_line(void **state)
{
    (void)state;
    struct message message;
    struct http_answer answer = opened("7", "application/json");
    assert_int_equal(feed(&answer, " {\"jsonrpc\":\"2.0\",\r\n\"id\":7,"), HTTP_ANSWER_FED);
    assert_false(http_answer_next(&answer, &message, false));
    assert_int_equal(feed(&answer, "\"result\":{}}\n"), HTTP_ANSWER_FED);
    assert_false(http_answer_next(&answer, &message, false));
    assert_true(http_answer_next(&answer, &message, true));
    static const char line[] = "{\"jsonrpc\":\"2.0\",  \"id\":7,\"result\":{}}";
    assert_int_equal(message.whole.size, sizeof line - 1);
    assert_memory_equal(message.whole.data, line, sizeof line - 1);
    assert_true(answer.is_answered);
    assert_false(http_answer_next(&answer, &message, true));
    assert_false(answer.is_bad);
    closed(&answer);
}

static void json_that_is_not_the_answer_is_bad(void **state)
{
    static const char *const texts[] = {OTHER, NOTE, "{}", "[" ANSWER "]", ANSWER ANSWER, "\xff"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct message message;
        struct http_answer answer = opened("7", "application/json");
        assert_int_equal(feed(&answer, texts[i]), HTTP_ANSWER_FED);
        assert_false(http_answer_next(&answer, &message, true));
        assert_true(answer.is_bad);
        assert_false(answer.is_answered);
        assert_int_equal(feed(&answer, " "), HTTP_ANSWER_ENOUGH);
        closed(&answer);
    }
}

static void a_stream_is_read_on_once_its_events_were_taken(void **state)
{
    (void)state;
    struct message message;
    struct http_answer answer = opened("7", "text/event-stream");
    assert_int_equal(feed(&answer, "data:" NOTE "\n\ndata:" OTHER "\n\nid:x\ndata:" ANSWER),
                     HTTP_ANSWER_FED);
    assert_int_equal(feed(&answer, "\n\n"), HTTP_ANSWER_FULL);
    says(&answer, NOTE);
    assert_int_equal(feed(&answer, "\n\n"), HTTP_ANSWER_FULL);
    says(&answer, OTHER);
    assert_false(http_answer_next(&answer, &message, false));
    assert_true(http_answer_is_drained(&answer));
    assert_false(answer.is_answered);
    assert_int_equal(feed(&answer, "\n\n"), HTTP_ANSWER_FED);
    says(&answer, ANSWER);
    assert_true(answer.is_answered);
    assert_int_equal(answer.sse.id_size, 1);
    closed(&answer);
}

static void an_event_of_several_lines_becomes_one(void **state)
{
    (void)state;
    struct http_answer answer = opened("7", "text/event-stream");
    assert_int_equal(feed(&answer, "data: {\"jsonrpc\":\"2.0\",\ndata:\"id\":7,\ndata:\"result\":"
                                   "{}}\n\ndata:" NOTE "\n\n"),
                     HTTP_ANSWER_FED);
    says(&answer, "{\"jsonrpc\":\"2.0\", \"id\":7, \"result\":{}}");
    assert_true(answer.is_answered);
    says(&answer, NOTE);
    closed(&answer);
}

static void events_of_no_use_are_passed_over(void **state)
{
    (void)state;
    struct message message;
    struct http_answer answer = opened("", "text/event-stream");
    assert_int_equal(
        feed(&answer, ":x\n\ndata:\n\nevent:ping\ndata:{\n\nevent:message\ndata:" NOTE "\n\n"),
        HTTP_ANSWER_FED);
    says(&answer, NOTE);
    assert_false(http_answer_next(&answer, &message, false));
    assert_false(answer.is_bad);
    closed(&answer);
}

static void a_bad_event_ends_its_stream(void **state)
{
    static const char *const texts[] = {"{", "[" ANSWER "]", "nonsense"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct message message;
        struct http_answer answer = opened("7", "text/event-stream");
        assert_int_equal(feed(&answer, "data:"), HTTP_ANSWER_FED);
        assert_false(http_answer_next(&answer, &message, false));
        assert_int_equal(feed(&answer, texts[i]), HTTP_ANSWER_FED);
        assert_false(http_answer_next(&answer, &message, false));
        assert_int_equal(feed(&answer, "\n\ndata:" ANSWER "\n\n"), HTTP_ANSWER_FED);
        assert_false(http_answer_next(&answer, &message, false));
        assert_true(answer.is_bad);
        assert_false(http_answer_next(&answer, &message, true));
        closed(&answer);
    }
}

static void a_stream_begun_again_knows_its_last_event(void **state)
{
    (void)state;
    struct http_answer answer = opened("7", "text/event-stream");
    assert_int_equal(feed(&answer, "id:abc\nretry:25\ndata:" NOTE "\n\ndata:cut"), HTTP_ANSWER_FED);
    says(&answer, NOTE);
    http_answer_again(&answer);
    assert_int_equal(answer.mode, HTTP_ANSWER_UNREAD);
    assert_int_equal(answer.sse.id_size, 3);
    assert_memory_equal(answer.sse.id, "abc", 3);
    assert_true(answer.sse.has_retry);
    assert_int_equal(answer.sse.retry_ms, 25);
    http_answer_begin(&answer, &(struct http_answer_head){.may_stream = true,
                                                          .content_type = "text/event-stream"});
    assert_int_equal(feed(&answer, "data:" ANSWER "\n\n"), HTTP_ANSWER_FED);
    says(&answer, ANSWER);
    assert_int_equal(answer.sse.id_size, 3);
    closed(&answer);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    uint8_t *bytes = calloc(1, TRUST_WIRE_MESSAGE_SIZE_MAX + 1);
    assert_non_null(bytes);
    struct trust_bytes most = {.data = bytes, .size = TRUST_WIRE_MESSAGE_SIZE_MAX};
    struct trust_bytes one = {.data = bytes, .size = 1};
    struct http_answer answer = opened("7", "application/json");
    assert_int_equal(http_answer_feed(&answer, most), HTTP_ANSWER_FED);
    assert_int_equal(http_answer_feed(&answer, one), HTTP_ANSWER_ENOUGH);
    assert_true(answer.is_bad);
    closed(&answer);
    /* An error page is read over, but not for ever. */
    answer = opened("7", "text/html");
    struct trust_bytes page = {.data = bytes, .size = 65536};
    assert_int_equal(http_answer_feed(&answer, page), HTTP_ANSWER_FED);
    assert_int_equal(http_answer_feed(&answer, one), HTTP_ANSWER_ENOUGH);
    assert_int_equal(budget.used, 0);
    closed(&answer);
    free(bytes);
}

static void all_answers_share_one_budget(void **state)
{
    struct http_answer answers[TRUST_GUARD_ANSWERS_SIZE_MAX / TRUST_WIRE_MESSAGE_SIZE_MAX + 1];
    size_t count = sizeof answers / sizeof *answers;
    (void)state;
    uint8_t *bytes = calloc(1, TRUST_WIRE_MESSAGE_SIZE_MAX);
    assert_non_null(bytes);
    struct trust_bytes most = {.data = bytes, .size = TRUST_WIRE_MESSAGE_SIZE_MAX};
    for (size_t i = 0; i < count; i++) {
        answers[i] = opened("7", "application/json");
        assert_int_equal(http_answer_feed(&answers[i], most),
                         i + 1 < count ? HTTP_ANSWER_FED : HTTP_ANSWER_ENOUGH);
    }
    assert_int_equal(budget.used, TRUST_GUARD_ANSWERS_SIZE_MAX);
    http_answer_close(&answers[0]);
    answers[count - 1].is_bad = false;
    assert_int_equal(http_answer_feed(&answers[count - 1], most), HTTP_ANSWER_FED);
    for (size_t i = 1; i < count; i++)
        http_answer_close(&answers[i]);
    assert_int_equal(budget.used, 0);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_type_is_its_first_word),
        cmocka_unit_test(a_json_text_is_taken_whole_and_on_one_line),
        cmocka_unit_test(json_that_is_not_the_answer_is_bad),
        cmocka_unit_test(a_stream_is_read_on_once_its_events_were_taken),
        cmocka_unit_test(an_event_of_several_lines_becomes_one),
        cmocka_unit_test(events_of_no_use_are_passed_over),
        cmocka_unit_test(a_bad_event_ends_its_stream),
        cmocka_unit_test(a_stream_begun_again_knows_its_last_event),
        cmocka_unit_test(sizes_are_bounded),
        cmocka_unit_test(all_answers_share_one_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
