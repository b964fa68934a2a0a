/* guard/requests: what backends ask the client, and what becomes of it when they die. */
#include "guard/router/requests.h"

#include "base/limits.h"
#include "drive.h"

#define SAMPLE(id)                                                                                 \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"sampling/createMessage\",\"params\":{"        \
    "\"messages\":[]}}"

static void two_backends_may_use_the_same_id(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    router_backend_line(rig->r, 0, trust_bytes_text(SAMPLE("\"x\\u0031\"")), rig->now);
    rig_turn(rig);
    expect(rig, "client " SAMPLE("ID") "\n");
    uint64_t first = rig->asked;
    router_backend_line(rig->r, 1, trust_bytes_text(SAMPLE("\"x\\u0031\"")), rig->now);
    rig_turn(rig);
    assert_int_not_equal(rig->asked, first);
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"role\":\"b\"}}");
    expect(rig, "b1 {\"jsonrpc\":\"2.0\",\"id\":\"x\\u0031\",\"result\":{\"role\":\"b\"}}\n");
    rig->asked = first;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-1,\"message\":\"no\"}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":\"x\\u0031\",\"error\":{\"code\":-1,\"message\":"
                "\"no\"}}\n");
    /* Once is enough. */
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).asked, 0);
    rig_free(rig);
}

static void a_modern_backend_asks_nobody(void **state)
{
    (void)state;
    struct rig *rigs[] = {rig_modern(1), rig_mixed(0, 1)};
    for (size_t i = 0; i < sizeof rigs / sizeof *rigs; i++) {
        clear(rigs[i]);
        router_backend_line(rigs[i]->r, 0, trust_bytes_text(SAMPLE("\"x\"")), rigs[i]->now);
        rig_turn(rigs[i]);
        expect(rigs[i], "b0 {\"jsonrpc\":\"2.0\",\"id\":\"x\",\"error\":{\"code\":-32601,"
                        "\"message\":\"Method not found\"}}\n");
        assert_int_equal(router_stats(rigs[i]->r).asked, 0);
        rig_free(rigs[i]);
    }
}

static void they_are_cancelled_when_their_backend_dies(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    backend(rig, 0, SAMPLE("7"));
    clear(rig);
    down(rig, 0, 9);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":ID}}\nstart b0\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).asked, 0);
    rig_free(rig);
}

static void a_backend_cancels_its_own_alone(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    backend(rig, 0, SAMPLE("7"));
    clear(rig);
    static const char cancelled[] =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":7}}";
    backend(rig, 1, cancelled);
    expect(rig, "");
    backend(rig, 0, cancelled);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"");
    assert_int_equal(router_stats(rig->r).asked, 0);
    rig_free(rig);
}

static void a_ping_is_answered_by_the_guard(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}\n");
    rig_free(rig);
}

static void progress_of_the_client_has_the_backends_token(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    backend(rig, 0,
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"sampling/createMessage\",\"params\":{"
            "\"_meta\":{\"progressToken\":\"t\"}}}");
    expect_words(rig, "\"id\":ID,");
    expect_words(rig, "\"progressToken\":ID}");
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
                "\"progressToken\":ID,\"progress\":1}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
                "\"progressToken\":\"t\",\"progress\":1}}\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{"
                "\"progressToken\":12345,\"progress\":1}}");
    expect(rig, "");
    rig_free(rig);
}

/* Who answered a question of the call cannot have it asked again by another server. */
static void an_answer_that_was_consumed_forbids_another_try(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    uint64_t number = rig->last_number[0];
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"elicitation/create\"}");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"action\":\"accept\"}}");
    clear(rig);
    assert_int_equal(rig->last_number[0], number + 1);
    down(rig, 0, number + 1);
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    expect_none(rig, "b1 ");
    greet(rig, 0);
    clear(rig);
    client(rig, CALL("9", "read", "{}"));
    expect_words(rig, "\"id\":9,\"result\":");
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    /* Roots are no such answer. */
    client(rig, CALL("2", "read", "{\"x\":1}"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"roots/list\"}");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"roots\":[]}}");
    clear(rig);
    down(rig, 0, rig->last_number[0]);
    expect_words(rig, "b1 " CALL("ID", "read", "{\"x\":1}"));
    rig_free(rig);
}

static void a_call_that_asks_a_person_is_not_timed_out(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, CALL("1", "write", "{}"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"elicitation/create\"}");
    clear(rig);
    for (int i = 0; i < 49; i++)
        after(rig, 100);
    expect(rig, "");
    /* The deadline holds all the same. */
    after(rig, 100);
    expect_words(rig, "settle b0 timeout");
    rig_free(rig);
}

static void they_are_bounded(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    for (int i = 0; i < TRUST_GUARD_ASKED_MAX; i++)
        backend(rig, 0, SAMPLE("7"));
    assert_int_equal(router_stats(rig->r).asked, TRUST_GUARD_ASKED_MAX);
    clear(rig);
    backend(rig, 0, SAMPLE("8"));
    expect(rig, "log no room b0\n"
                "b0 {\"jsonrpc\":\"2.0\",\"id\":8,\"error\":{\"code\":-32603,\"message\":\"Too "
                "many requests are open\"}}\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    clear(rig);
    backend(rig, 0, SAMPLE("8"));
    expect(rig, "client " SAMPLE("ID") "\n");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_backends_may_use_the_same_id),
        cmocka_unit_test(a_modern_backend_asks_nobody),
        cmocka_unit_test(they_are_cancelled_when_their_backend_dies),
        cmocka_unit_test(a_backend_cancels_its_own_alone),
        cmocka_unit_test(a_ping_is_answered_by_the_guard),
        cmocka_unit_test(progress_of_the_client_has_the_backends_token),
        cmocka_unit_test(an_answer_that_was_consumed_forbids_another_try),
        cmocka_unit_test(a_call_that_asks_a_person_is_not_timed_out),
        cmocka_unit_test(they_are_bounded),
    };
    return cmocka_run_group_tests_name("tools/guard/requests", tests, NULL, NULL);
}
