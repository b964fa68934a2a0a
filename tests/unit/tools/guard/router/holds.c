/* guard/holds: requests of a legacy backend, asked of a modern client as the answer to its call. */
#include "guard/router/holds.h"

#include "base/limits.h"
#include "drive.h"

#define ELICIT(id)                                                                                 \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"elicitation/create\",\"params\":{"            \
    "\"message\":\"?\"}}"
#define ROOTS(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"roots/list\"}"
#define ASKED_NAME "\"r1\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"?\"}}"
#define REFUSED(id)                                                                                \
    "b0 {\"jsonrpc\":\"2.0\",\"id\":" id ",\"error\":{\"code\":-32603,\"message\":\"The client "   \
    "can be asked only while it waits for an answer, and not for ever\"}}\n"

/* The last state that the client was given. */
static void read_state(struct rig *rig, char *out_state, size_t room)
{
    const char *at = strstr(rig_out(rig), "\"requestState\":\"");
    assert_non_null(at);
    at += strlen("\"requestState\":\"");
    size_t size = strcspn(at, "\"");
    assert_true(size < room);
    memcpy(out_state, at, size);
    out_state[size] = '\0';
}

static void retry(struct rig *rig, const char *tool, const char *state, const char *more)
{
    struct text line = {0};
    text_put(&line, "{\"jsonrpc\":\"2.0\",\"id\":\"again\",\"method\":\"tools/call\",\"params\":{"
                    "\"name\":\"");
    text_put(&line, tool);
    text_put(&line, "\",\"requestState\":\"");
    text_put(&line, state);
    text_put(&line, "\"");
    text_put(&line, more);
    text_put(&line, ",\"_meta\":" MODERN_META "}}");
    router_client_line(rig->r, text_bytes(&line), 0, rig->now);
    rig_turn(rig);
    free(line.data);
}

#define NAME ",\"inputResponses\":{\"r1\":{\"action\":\"accept\"}}"

/* A call that the first backend asked something for; out_state is what the client was given. */
static struct rig *held(uint32_t backends, const char *tool, char out_state[128])
{
    struct rig *rig = rig_crossed(backends, 0);
    struct text line = {0};
    text_put(&line,
             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"");
    text_put(&line, tool);
    text_put(&line, "\",\"_meta\":" MODERN_META "}}");
    router_client_line(rig->r, text_bytes(&line), 0, rig->now);
    rig_turn(rig);
    free(line.data);
    clear(rig);
    backend(rig, 0, ELICIT("\"e\""));
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":"
                      "\"input_required\",\"inputRequests\":{" ASKED_NAME "},\"requestState\":"
                      "\"repute-guard:");
    expect_none(rig, "settle");
    read_state(rig, out_state, 128);
    clear(rig);
    return rig;
}

static void what_is_asked_is_the_answer_and_the_call_goes_on_where_it_stood(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(2, "write", given);
    after(rig, 3000);
    expect(rig, "");
    retry(rig, "write", given, NAME);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":\"e\",\"result\":{\"action\":\"accept\"}}\n");
    backend(rig, 0, RESULT);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":\"again\",\"result\":{\"resultType\":"
                "\"complete\",\"content\":[]}}\nsettle b0 ok 0 ms\n");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    assert_int_equal(router_stats(rig->r).held_size, 0);
    /* The state has had its day. */
    retry(rig, "write", given, NAME);
    expect_words(rig, "\"error\":{\"code\":-32602,\"message\":\"requestState is of no call that "
                      "waits for an answer\"}");
    rig_free(rig);
}

static void a_second_question_follows_the_first_answer(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    /* While the client is away, and after it was back. */
    backend(rig, 0, ROOTS("7"));
    expect(rig, "");
    retry(rig, "write", given, NAME);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":\"e\",\"result\":{\"action\":\"accept\"}}\n");
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":\"again\",\"result\":{\"resultType\":"
                      "\"input_required\",\"inputRequests\":{\"r2\":{\"method\":\"roots/list\"}},");
    char next[128];
    read_state(rig, next, sizeof next);
    assert_string_not_equal(next, given);
    clear(rig);
    retry(rig, "write", given, "");
    expect_words(rig, "\"error\":{\"code\":-32602,");
    clear(rig);
    retry(rig, "write", next, ",\"inputResponses\":{\"r2\":{\"roots\":[]}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"roots\":[]}}\n");
    rig_free(rig);
}

static void what_was_not_answered_is_asked_again_but_not_for_ever(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    for (int i = 1; i < TRUST_GUARD_ROUNDS_MAX; i++) {
        clear(rig);
        retry(rig, "write", given, i % 2 == 0 ? "" : ",\"inputResponses\":{\"r1\":7,\"x\":{}}");
        expect_words(rig, ASKED_NAME);
        read_state(rig, given, sizeof given);
    }
    clear(rig);
    retry(rig, "write", given, "");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":\"e\",\"error\":{\"code\":-32603,\"message\":\"The "
                "client does not answer\"}}\n");
    backend(rig, 0, ELICIT("\"f\""));
    expect(rig, REFUSED("\"f\""));
    backend(rig, 0, RESULT);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":\"again\"");
    rig_free(rig);
}

static void an_answer_of_the_backend_waits_for_the_client(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    backend(rig, 0, RESULT);
    backend(rig, 0, RESULT);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).late, 1);
    retry(rig, "write", given, NAME);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":\"again\",\"result\":{\"resultType\":"
                      "\"complete\",\"content\":[]}}\n");
    expect_none(rig, "b0 {");
    rig_free(rig);
}

static void the_death_of_the_backend_waits_for_the_client(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(2, "write", given);
    down(rig, 0, 99);
    expect(rig, "settle b0 refused\nstart b0\n");
    retry(rig, "write", given, NAME);
    expect_words(rig, "\"outcome_unknown\"");
    expect_none(rig, "b1 ");
    rig_free(rig);
    /* A read goes elsewhere, as it was at first. */
    rig = held(2, "read", given);
    down(rig, 0, 99);
    clear(rig);
    retry(rig, "read", given, NAME);
    expect_words(rig, "choose read able=2 tried=1");
    expect_words(rig, "b1 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/call\",\"params\":{"
                      "\"name\":\"read\",\"_meta\":{}}}\n");
    clear(rig);
    backend(rig, 1, RESULT);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":\"again\",\"result\":{");
    rig_free(rig);
}

static void an_answer_that_was_given_is_not_asked_for_twice(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(2, "read", given);
    retry(rig, "read", given, NAME);
    clear(rig);
    down(rig, 0, 99);
    expect_words(rig, "\"outcome_unknown\"");
    expect_none(rig, "b1 ");
    rig_free(rig);
}

static void a_client_that_does_not_come_back_has_until_the_deadline(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    after(rig, 4999);
    expect(rig, "");
    after(rig, 1);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":\"e\",\"error\":{");
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"");
    expect_words(rig, "settle b0 cancelled");
    expect_none(rig, "client {");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    clear(rig);
    retry(rig, "write", given, NAME);
    expect_words(rig, "\"error\":{\"code\":-32602,");
    rig_free(rig);
    /* What it never hears of is still not done twice. */
    rig = held(1, "write", given);
    down(rig, 0, 99);
    after(rig, 5000);
    clear(rig);
    client(rig, MODERN_CALL("9", "write", ""));
    expect_words(rig, "\"outcome_unknown\"");
    rig_free(rig);
}

static void a_state_that_is_not_ours_or_of_another_call_is_refused(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    char other[128];
    memcpy(other, given, sizeof other);
    char *last = &other[strlen(other) - 1];
    *last = *last == '0' ? '1' : '0';
    retry(rig, "write", other, NAME);
    expect_words(rig, "\"error\":{\"code\":-32602,");
    clear(rig);
    retry(rig, "write", "repute-guard:", NAME);
    expect_words(rig, "\"error\":{\"code\":-32602,");
    clear(rig);
    retry(rig, "read", given, NAME);
    expect_words(rig, "\"error\":{\"code\":-32602,");
    clear(rig);
    retry(rig, "write", given, NAME ",\"arguments\":{\"x\":1}");
    expect_words(rig, "\"error\":{\"code\":-32602,");
    clear(rig);
    /* Those of servers are theirs. */
    retry(rig, "write", "half", NAME);
    expect_words(rig, "b0 {");
    clear(rig);
    retry(rig, "write", given, NAME);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":\"e\",\"result\":{\"action\":\"accept\"}}\n");
    rig_free(rig);
}

static void who_is_not_waiting_cannot_be_asked(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 0);
    backend(rig, 0, ELICIT("1"));
    expect(rig, REFUSED("1"));
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/"
                "list\",\"params\":{\"_meta\":" MODERN_META "}}");
    clear(rig);
    backend(rig, 0, ROOTS("2"));
    expect(rig, REFUSED("2"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tasks/get\"}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32601,\"message\":\"Method "
                "not found\"}}\n");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"ping\"}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{}}\n");
    rig_free(rig);
}

static void what_a_client_cannot_be_asked_it_is_not(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 0);
    client(rig, MODERN_CALL("1", "write", ""));
    clear(rig);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"sampling/createMessage\"}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32601,\"message\":\"Method "
                "not found\"}}\n");
    backend(rig, 0, ROOTS("4"));
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"input_");
    rig_free(rig);
}

static void of_several_calls_the_oldest_is_asked_unless_they_are_of_several_clients(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 0);
    client(rig, MODERN_CALL("1", "write", ""));
    client(rig, MODERN_CALL("2", "write", ",\"arguments\":{\"n\":2}"));
    clear(rig);
    backend(rig, 0, ELICIT("1"));
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"resultType\":\"input_");
    clear(rig);
    backend(rig, 0, ELICIT("2"));
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"resultType\":\"input_");
    rig_free(rig);
    rig = rig_crossed(1, 0);
    router_client_line(rig->r, trust_bytes_text(MODERN_CALL("1", "write", "")), 5, rig->now);
    router_client_line(rig->r, trust_bytes_text(MODERN_CALL("2", "same", "")), 6, rig->now);
    rig_turn(rig);
    clear(rig);
    backend(rig, 0, ELICIT("1"));
    expect(rig, REFUSED("1"));
    rig_free(rig);
}

static void a_question_that_is_taken_back_is_not_asked(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    backend(rig, 0,
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
            "\"requestId\":\"e\"}}");
    expect(rig, "");
    retry(rig, "write", given, NAME);
    expect(rig, "");
    backend(rig, 0, RESULT);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":\"again\"");
    rig_free(rig);
}

static void a_call_that_came_back_is_cancelled_by_its_new_id(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    retry(rig, "write", given, NAME);
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":\"again\"}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":ID}}\nsettle b0 cancelled 0 ms\n");
    backend(rig, 0, RESULT);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void what_is_held_ends_with_its_client(void **state)
{
    (void)state;
    char given[128];
    struct rig *rig = held(1, "write", given);
    /* Its request was answered: there is nothing to cancel. */
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":1}}");
    expect(rig, "");
    router_client_gone(rig->r, rig->now);
    rig_turn(rig);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"");
    expect_words(rig, "settle b0 cancelled");
    assert_int_equal(router_stats(rig->r).held_size, 0);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_is_the_answer_and_the_call_goes_on_where_it_stood),
        cmocka_unit_test(a_second_question_follows_the_first_answer),
        cmocka_unit_test(what_was_not_answered_is_asked_again_but_not_for_ever),
        cmocka_unit_test(an_answer_of_the_backend_waits_for_the_client),
        cmocka_unit_test(the_death_of_the_backend_waits_for_the_client),
        cmocka_unit_test(an_answer_that_was_given_is_not_asked_for_twice),
        cmocka_unit_test(a_client_that_does_not_come_back_has_until_the_deadline),
        cmocka_unit_test(a_state_that_is_not_ours_or_of_another_call_is_refused),
        cmocka_unit_test(who_is_not_waiting_cannot_be_asked),
        cmocka_unit_test(what_a_client_cannot_be_asked_it_is_not),
        cmocka_unit_test(of_several_calls_the_oldest_is_asked_unless_they_are_of_several_clients),
        cmocka_unit_test(a_question_that_is_taken_back_is_not_asked),
        cmocka_unit_test(a_call_that_came_back_is_cancelled_by_its_new_id),
        cmocka_unit_test(what_is_held_ends_with_its_client),
    };
    return cmocka_run_group_tests_name("tools/guard/holds", tests, NULL, NULL);
}
