/* guard/rounds: questions of a modern backend, asked of a legacy client. */
#include "guard/router/rounds.h"

#include "base/limits.h"
#include "drive.h"

#define ROUND(rest)                                                                                \
    "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resultType\":\"input_required\"," rest "}}"
#define NAME                                                                                       \
    "\"name\":{\"method\":\"elicitation/"                                                          \
    "create\",\"params\":{\"mode\":\"form\",\"message\":\"?\"}}"
#define ROOTS "\"ro\\u006fts\":{\"method\":\"roots/list\"}"
#define STATE "\"requestState\":\"s\\u0031\""
#define ANSWER(result) "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" result "}"

/* A write that the only, or the first, backend has answered with this. */
static struct rig *asked(uint32_t backends, const char *round)
{
    struct rig *rig = rig_mixed(0, backends);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    backend(rig, 0, round);
    return rig;
}

static void questions_are_asked_and_the_call_is_made_again_with_the_answers(void **state)
{
    (void)state;
    struct rig *rig = asked(2, ROUND("\"inputRequests\":{" NAME "," ROOTS "}," STATE));
    expect_words(rig, "settle b0 ok 0 ms\n");
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"elicitation/create\","
                      "\"params\":{\"mode\":\"form\",\"message\":\"?\"}}\n"
                      "client {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"roots/list\"}\n");
    assert_int_equal(router_stats(rig->r).asked, 2);
    clear(rig);
    /* The later one first; a person may take longer than a call. */
    client(rig, ANSWER("{\"roots\":[]}"));
    after(rig, 3000);
    expect(rig, "");
    rig->asked -= TRUST_GUARD_ASKED_MAX + 1;
    client(rig, ANSWER("{\"action\":\"accept\"}"));
    expect_words(rig, "choose write able=1");
    expect_words(rig, "\"params\":{\"_meta\":{");
    expect_words(rig, "},\"requestState\":\"s\\u0031\",\"inputResponses\":{\"name\":{\"action\":"
                      "\"accept\"},\"ro\\u006fts\":{\"roots\":[]}},\"name\":\"write\",");
    assert_int_equal(router_stats(rig->r).asked, 0);
    clear(rig);
    backend(rig, 0, RESULT);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}\n"
                "settle b0 ok 0 ms\n");
    rig_free(rig);
}

static void a_round_may_follow_a_round_but_not_for_ever(void **state)
{
    (void)state;
    struct rig *rig = asked(1, ROUND(STATE));
    /* Nothing is asked: it is only to come again. */
    int rounds = 1;
    while (strstr(rig_out(rig), "\"requestState\":\"s\\u0031\",\"name\":\"write\"") != NULL) {
        clear(rig);
        backend(rig, 0, ROUND(STATE));
        rounds++;
    }
    assert_int_equal(rounds, TRUST_GUARD_ROUNDS_MAX + 1);
    expect_words(rig, "settle b0 garbage");
    expect_words(rig, "\"outcome_unknown\"");
    rig_free(rig);
}

static void what_is_no_question_is_garbage(void **state)
{
    (void)state;
    static const char *const rounds[] = {
        ROUND("\"inputRequests\":{}"),
        ROUND("\"x\":1"),
        ROUND("\"inputRequests\":7," STATE),
        ROUND("\"requestState\":7"),
        ROUND("\"inputRequests\":{\"a\":{\"method\":\"tools/call\"}}"),
        ROUND("\"inputRequests\":{\"a\":{\"method\":\"roots/list\",\"params\":[]}}"),
        ROUND("\"inputRequests\":{\"a\":7}"),
    };
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        struct rig *rig = asked(1, rounds[i]);
        expect_words(rig, "settle b0 garbage");
        expect_words(rig, "\"outcome_unknown\"");
        assert_int_equal(router_stats(rig->r).asked, 0);
        rig_free(rig);
    }
}

static void the_backend_may_come_back_before_the_answers_do(void **state)
{
    (void)state;
    struct rig *rig = asked(2, ROUND("\"inputRequests\":{" NAME "}," STATE));
    clear(rig);
    down(rig, 0, 99);
    expect(rig, "start b0\n");
    client(rig, ANSWER("{\"action\":\"accept\"}"));
    /* Nobody else knows what the state means. */
    expect(rig, "choose write able=1 tried=0 changed=0\n");
    greet_modern(rig, 0);
    expect_words(rig, "\"inputResponses\":{\"name\":{\"action\":\"accept\"}}");
    clear(rig);
    /* What a person has said is not said twice. */
    down(rig, 0, 99);
    expect_words(rig, "\"outcome_unknown\"");
    expect_none(rig, "b1 ");
    rig_free(rig);
}

/* A read that nobody was asked for begins anew elsewhere; an answer of a person is not asked for
 * twice. */
static void only_what_nobody_was_asked_for_goes_elsewhere(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(0, 2);
    client(rig, CALL("1", "read", "{}"));
    backend(rig, 0, ROUND("\"inputRequests\":{" ROOTS "}," STATE));
    client(rig, ANSWER("{\"roots\":[]}"));
    clear(rig);
    down(rig, 0, 99);
    expect_words(rig, "choose read able=2 tried=1");
    expect_words(rig, "b1 {");
    expect_none(rig, "requestState");
    rig_free(rig);
    rig = rig_mixed(0, 2);
    client(rig, CALL("1", "read", "{}"));
    backend(rig, 0, ROUND("\"inputRequests\":{" NAME "}," STATE));
    client(rig, ANSWER("{\"action\":\"accept\"}"));
    clear(rig);
    down(rig, 0, 99);
    expect_words(rig, "\"outcome_unknown\"");
    expect_none(rig, "b1 {");
    rig_free(rig);
}

static void if_it_does_not_come_back_nothing_was_done(void **state)
{
    (void)state;
    struct rig *rig = asked(2, ROUND("\"inputRequests\":{" NAME "}," STATE));
    down(rig, 0, 99);
    client(rig, ANSWER("{\"action\":\"accept\"}"));
    clear(rig);
    after(rig, 200);
    expect_words(rig, "\"no_provider\"");
    expect_words(rig, "\"executed\":\"no\"");
    expect_none(rig, "b1 ");
    rig_free(rig);
}

static void a_client_that_refuses_ends_the_call_with_its_word(void **state)
{
    (void)state;
    struct rig *rig = asked(1, ROUND("\"inputRequests\":{" ROOTS "," NAME "}"));
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-1,\"message\":\"not now\"}}");
    expect_words(rig,
                 "client {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-1,\"message\":\"not "
                 "now\"}}\n");
    /* The other one is asked in vain. */
    expect_words(rig, "notifications/cancelled");
    assert_int_equal(router_stats(rig->r).asked, 0);
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
    rig = asked(1, ROUND("\"inputRequests\":{" NAME "}"));
    client(rig, ANSWER("7"));
    expect_words(rig, "\"error\":{\"code\":-32602,");
    rig_free(rig);
}

static void a_call_that_is_cancelled_cancels_its_questions(void **state)
{
    (void)state;
    struct rig *rig = asked(1, ROUND("\"inputRequests\":{" NAME "}"));
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":1}}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":ID}}\n");
    client(rig, ANSWER("{}"));
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).late, 1);
    rig_free(rig);
}

static void a_question_that_nobody_answers_ends_with_the_call(void **state)
{
    (void)state;
    struct rig *rig = asked(1, ROUND("\"inputRequests\":{" NAME "}"));
    clear(rig);
    after(rig, 4999);
    expect(rig, "");
    after(rig, 1);
    expect_words(rig, "notifications/cancelled");
    expect_words(rig, "\"reason\":\"timeout\"");
    expect_words(rig, "\"executed\":\"no\"");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void the_same_answer_twice_is_late(void **state)
{
    (void)state;
    struct rig *rig = asked(1, ROUND("\"inputRequests\":{" NAME "}"));
    clear(rig);
    backend(rig, 0, ROUND("\"inputRequests\":{" NAME "}"));
    backend(rig, 0, RESULT);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).late, 2);
    rig_free(rig);
}

static void an_elicitation_by_url_gets_the_name_that_the_client_needs(void **state)
{
    (void)state;
    struct rig *rig = asked(1, ROUND("\"inputRequests\":{\"u\":{\"method\":\"elicitation/create\","
                                     "\"params\":{\"mode\":\"url\",\"url\":\"https://x\"}}}"));
    expect_words(rig, "\"params\":{\"elicitationId\":\"repute-ID\",\"mode\":\"url\",");
    rig_free(rig);
}

static void more_questions_than_can_be_open_are_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(0, 1);
    for (int i = 0; i <= TRUST_GUARD_ASKED_MAX; i++) {
        client(rig, CALL("1", "read", "{}"));
        clear(rig);
        backend(rig, 0, ROUND("\"inputRequests\":{" NAME "}"));
    }
    expect_words(rig, "log no room b0\nclient {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":"
                      "-32603,\"message\":\"Too many questions are open\"}}\n");
    assert_int_equal(router_stats(rig->r).in_flight, TRUST_GUARD_ASKED_MAX);
    router_client_gone(rig->r, rig->now);
    rig_turn(rig);
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    assert_int_equal(router_stats(rig->r).asked, 0);
    rig_free(rig);
}

static char *large_answer(const char *before, const char *after)
{
    const size_t size = 4000000;
    char *line = malloc(size + strlen(before) + strlen(after) + 1);
    assert_non_null(line);
    size_t used = strlen(before);
    memcpy(line, before, used);
    memset(line + used, 'x', size);
    strcpy(line + used + size, after);
    return line;
}

static void what_is_kept_of_rounds_is_bounded(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(0, 1);
    char *answer = large_answer("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"action\":\"", "\"}}");
    int calls = 0;
    while (strstr(rig_out(rig), "The answers are too large") == NULL && calls < 20) {
        client(rig, CALL("1", "read", "{}"));
        backend(rig, 0, ROUND("\"inputRequests\":{" NAME "," ROOTS "}"));
        clear(rig);
        client(rig, answer); /* the other question stays open */
        calls++;
    }
    assert_int_equal(calls, TRUST_GUARD_HELD_SIZE_MAX / 4000000 + 1);
    expect_words(rig,
                 "log no room b0\nclient {\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,"
                 "\"message\":\"The answers are too large\"}}\n");
    assert_in_range(router_stats(rig->r).held_size, 16 * 4000000, TRUST_GUARD_HELD_SIZE_MAX);
    router_client_gone(rig->r, rig->now);
    rig_turn(rig);
    assert_int_equal(router_stats(rig->r).held_size, 0);
    free(answer);
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_asked_and_the_call_is_made_again_with_the_answers),
        cmocka_unit_test(a_round_may_follow_a_round_but_not_for_ever),
        cmocka_unit_test(what_is_no_question_is_garbage),
        cmocka_unit_test(the_backend_may_come_back_before_the_answers_do),
        cmocka_unit_test(only_what_nobody_was_asked_for_goes_elsewhere),
        cmocka_unit_test(if_it_does_not_come_back_nothing_was_done),
        cmocka_unit_test(a_client_that_refuses_ends_the_call_with_its_word),
        cmocka_unit_test(a_call_that_is_cancelled_cancels_its_questions),
        cmocka_unit_test(a_question_that_nobody_answers_ends_with_the_call),
        cmocka_unit_test(the_same_answer_twice_is_late),
        cmocka_unit_test(an_elicitation_by_url_gets_the_name_that_the_client_needs),
        cmocka_unit_test(more_questions_than_can_be_open_are_refused),
        cmocka_unit_test(what_is_kept_of_rounds_is_bounded),
    };
    return cmocka_run_group_tests_name("tools/guard/rounds", tests, NULL, NULL);
}
