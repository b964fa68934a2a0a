/* guard/notices: cancellation, progress, changes, subscriptions. */
#include "guard/router/notices.h"

#include "drive.h"

#define CANCEL(id)                                                                                 \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" id    \
    ",\"reason\":\"user\"}}"
#define WITH_TOKEN                                                                                 \
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"read\","       \
    "\"_meta\":{\"progressToken\":\"tok\"}}}"
#define PROGRESS(token, progress)                                                                  \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/"                                             \
    "progress\",\"params\":{\"progressToken\":" token ",\"progress\":" progress "}}"

static void a_cancelled_call_is_cancelled_upstream_and_has_no_answer(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("\"a\"", "write", "{}"));
    clear(rig);
    client(rig, CANCEL("\"b\""));
    expect(rig, "");
    client(rig, CANCEL("\"a\""));
    expect(rig, "b0 " CANCEL("ID") "\nsettle b0 cancelled 0 ms\n");
    backend(rig, 0, RESULT);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    assert_int_equal(router_stats(rig->r).late, 1);
    rig_free(rig);
}

static void a_cancellation_ends_a_failover(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    rig->is_slow = true;
    down(rig, 0, rig->last_number[0]);
    uint64_t attempt = rig->choosing;
    clear(rig);
    client(rig, CANCEL("1"));
    expect(rig, "");
    rig->choosing = 0;
    rig_choose(rig, attempt, 2);
    rig_turn(rig);
    expect(rig, "settle b1 cancelled\n");
    /* One that waits for its server to come back ends as well. */
    rig->is_slow = false;
    greet(rig, 0);
    client(rig, CALL("2", "same", "{}"));
    down(rig, 0, rig->last_number[0]);
    clear(rig);
    client(rig, CANCEL("2"));
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    greet(rig, 0);
    expect_none(rig, "tools/call");
    rig_free(rig);
}

static void a_call_that_waits_is_cancelled_with_its_permit(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    client(rig, CANCEL("1"));
    expect(rig, "settle b0 cancelled\n");
    greet(rig, 0);
    expect_none(rig, "tools/call");
    rig_free(rig);
}

static void initialize_cannot_be_cancelled(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    rig->is_pinned = false;
    client(rig, HELLO);
    client(rig, CANCEL("0"));
    clear(rig);
    after(rig, 200);
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":0,\"result\"");
    rig_free(rig);
}

static void progress_has_the_clients_token_and_only_rises(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, WITH_TOKEN);
    expect_words(rig, "\"progressToken\":ID}");
    clear(rig);
    backend(rig, 0, PROGRESS("ID", "0.5"));
    expect(rig, "client " PROGRESS("\"tok\"", "0.5") "\n");
    backend(rig, 0, PROGRESS("ID", "0.5"));
    backend(rig, 0, PROGRESS("ID", "5e-1"));
    backend(rig, 0, PROGRESS("ID", "0.25"));
    backend(rig, 0, PROGRESS("ID", "\"1\""));
    backend(rig, 0, PROGRESS("\"tok\"", "9"));
    backend(rig, 1, PROGRESS("77", "9"));
    expect(rig, "");
    uint64_t old = rig->last_id[0];
    down(rig, 0, rig->last_number[0]);
    clear(rig);
    backend(rig, 1, PROGRESS("ID", "0.1"));
    backend(rig, 1, PROGRESS("ID", "0.5"));
    expect(rig, "");
    backend(rig, 1, PROGRESS("ID", "1"));
    expect(rig, "client " PROGRESS("\"tok\"", "1") "\n");
    rig->last_id[1] = old;
    backend(rig, 1, PROGRESS("ID", "2"));
    expect(rig, "");
    rig_free(rig);
}

static void progress_puts_off_the_timeout_but_not_the_deadline(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, WITH_TOKEN);
    clear(rig);
    for (int i = 1; i < 10; i++) {
        after(rig, 500);
        expect_none(rig, "settle");
        char line[200];
        snprintf(line, sizeof line, PROGRESS("ID", "%d"), i);
        backend(rig, 0, line);
    }
    clear(rig);
    after(rig, 499);
    expect(rig, "");
    after(rig, 1);
    expect_words(rig, "settle b0 timeout 5000 ms\n");
    expect_words(rig, "\"reason\":\"timeout\"");
    rig_free(rig);
}

static void what_is_for_all_goes_to_all_that_are_there(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(3);
    down(rig, 1, 9);
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}\n"
                "b2 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}\n");
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    expect(rig, "");
    backend(rig, 2,
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{"
            "\"level\":\"info\",\"data\":1}}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{"
                "\"level\":\"info\",\"data\":1}}\n");
    rig_free(rig);
}

#define LOGGED                                                                                     \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"info\"}}"

static void what_is_logged_during_the_one_call_belongs_to_it(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    router_client_line(rig->r, trust_bytes_text(CALL("1", "write", "{}")), 7, rig->now);
    rig_turn(rig);
    clear(rig);
    backend(rig, 0, LOGGED);
    expect(rig, "client#7 " LOGGED "\n");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\"}");
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\"}\n");
    router_client_line(rig->r, trust_bytes_text(CALL("2", "write", "{}")), 8, rig->now);
    rig_turn(rig);
    clear(rig);
    backend(rig, 0, LOGGED);
    expect(rig, "client " LOGGED "\n");
    rig_free(rig);
    /* Of several modern clients nobody hears what may be another's. */
    rig = rig_modern(1);
    router_client_line(rig->r, trust_bytes_text(MODERN_CALL("1", "write", "")), 7, rig->now);
    rig_turn(rig);
    clear(rig);
    backend(rig, 0, LOGGED);
    expect(rig, "client " LOGGED "\n");
    rig_free(rig);
}

#define PROMPTS "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/prompts/list_changed\"}"

static void changes_are_told_once_a_second_at_most_and_never_lost(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    backend(rig, 0, PROMPTS);
    expect(rig, "client " PROMPTS "\n");
    backend(rig, 0, PROMPTS);
    backend(rig, 0, PROMPTS);
    expect(rig, "");
    after(rig, 999);
    expect_none(rig, "client");
    clear(rig);
    after(rig, 1);
    expect_words(rig, "client " PROMPTS "\n");
    clear(rig);
    after(rig, 5000);
    expect_none(rig, "client");
    rig_free(rig);
}

#define SUBSCRIBE(id, method)                                                                      \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"resources/" method "\",\"params\":{\"uri\":"  \
    "\"file:///a\"}}"

static void subscriptions_are_made_again_where_the_next_server_is(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, SUBSCRIBE("1", "subscribe"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    clear(rig);
    down(rig, 0, 9);
    expect(rig, "b1 " SUBSCRIBE("ID", "subscribe") "\nstart b0\n");
    backend(rig, 1, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    greet(rig, 0);
    expect_none(rig, "resources/subscribe");
    down(rig, 1, 9);
    expect_words(rig, "b0 " SUBSCRIBE("ID", "subscribe") "\n");
    greet(rig, 1);
    clear(rig);
    /* It ends where it is. */
    client(rig, SUBSCRIBE("2", "unsubscribe"));
    expect(rig, "choose  able=1 tried=0 changed=0 probe\nb0 " SUBSCRIBE("ID", "unsubscribe") "\n");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    clear(rig);
    down(rig, 0, 9);
    expect(rig, "start b0\n");
    rig_free(rig);
}

static void a_subscription_waits_for_a_server(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, SUBSCRIBE("1", "subscribe"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    down(rig, 0, 9);
    clear(rig);
    greet(rig, 0);
    expect_words(rig, "learned b0\nb0 " SUBSCRIBE("ID", "subscribe") "\n");
    rig_free(rig);
}

#define LISTEN                                                                                     \
    "{\"jsonrpc\":\"2.0\",\"id\":\"l\",\"method\":\"subscriptions/listen\",\"params\":{"           \
    "\"notifications\":{\"toolsListChanged\":true},\"_meta\":" MODERN_META "}}"
#define OF(method, id)                                                                             \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" method "\",\"params\":{\"_meta\":{\"io."    \
    "modelcontextprotocol/subscriptionId\":" id "}}}"

static void who_listens_hears_by_its_own_id_and_for_ever(void **state)
{
    (void)state;
    struct rig *rig = rig_modern(2);
    client(rig, LISTEN);
    clear(rig);
    backend(rig, 0, OF("subscriptions/acknowledged", "ID"));
    expect(rig, "client " OF("subscriptions/acknowledged", "\"l\"") "\n");
    backend(rig, 0, OF("resources/updated", "ID"));
    expect(rig, "client " OF("resources/updated", "\"l\"") "\n");
    backend(rig, 1, OF("resources/updated", "77"));
    backend(rig, 0, OF("resources/updated", "\"ID\""));
    expect(rig, "");
    after(rig, 100000);
    expect(rig, "");
    rig->revision++;
    router_offer_changed(rig->r, rig->now);
    rig_turn(rig);
    expect(rig, "client " OF("tools/list_changed", "\"l\"") "\n");
    /* It goes on with the next server. */
    down(rig, 0, 99);
    expect_words(rig, "b1 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"subscriptions/listen\"");
    clear(rig);
    /* Its client was told once that it is heard. */
    backend(rig, 1, OF("subscriptions/acknowledged", "ID"));
    expect(rig, "");
    backend(rig, 1, OF("resources/updated", "ID"));
    expect(rig, "client " OF("resources/updated", "\"l\"") "\n");
    backend(rig, 1, PROMPTS);
    expect(rig, "");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cancelled_call_is_cancelled_upstream_and_has_no_answer),
        cmocka_unit_test(a_cancellation_ends_a_failover),
        cmocka_unit_test(a_call_that_waits_is_cancelled_with_its_permit),
        cmocka_unit_test(initialize_cannot_be_cancelled),
        cmocka_unit_test(progress_has_the_clients_token_and_only_rises),
        cmocka_unit_test(progress_puts_off_the_timeout_but_not_the_deadline),
        cmocka_unit_test(what_is_for_all_goes_to_all_that_are_there),
        cmocka_unit_test(what_is_logged_during_the_one_call_belongs_to_it),
        cmocka_unit_test(changes_are_told_once_a_second_at_most_and_never_lost),
        cmocka_unit_test(subscriptions_are_made_again_where_the_next_server_is),
        cmocka_unit_test(a_subscription_waits_for_a_server),
        cmocka_unit_test(who_listens_hears_by_its_own_id_and_for_ever),
    };
    return cmocka_run_group_tests_name("tools/guard/notices", tests, NULL, NULL);
}
