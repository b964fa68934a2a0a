/* guard/listens: what a legacy client hears from modern backends. */
#include "guard/router/listens.h"

#include "base/limits.h"
#include "drive.h"

#define LISTEN(resources)                                                                          \
    "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"subscriptions/listen\",\"params\":{"              \
    "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true,"                    \
    "\"resourcesListChanged\":true,\"resourceSubscriptions\":[" resources "]},\"_meta\":{"
#define OF(method, id, rest)                                                                       \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" method "\",\"params\":{\"_meta\":{\"io."    \
    "modelcontextprotocol/subscriptionId\":" id "}" rest "}}"
#define SUBSCRIBE(id, what)                                                                        \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"resources/" what "\",\"params\":{\"uri\":"    \
    "\"file:///a\"}}"

/* A legacy client and a modern backend that has just become ready; what it was told is out. */
static struct rig *made(void)
{
    struct rig *rig = rig_new(1);
    rig->is_pinned = false;
    client(rig, HELLO);
    clear(rig);
    greet_modern(rig, 0);
    return rig;
}

static void a_modern_backend_is_listened_to_once_it_is_ready(void **state)
{
    (void)state;
    struct rig *rig = made();
    expect_words(rig, "b0 " LISTEN(""));
    clear(rig);
    backend(rig, 0, OF("subscriptions/acknowledged", "ID", ""));
    expect(rig, "");
    backend(rig, 0, OF("tools/list_changed", "ID", ""));
    after(rig, 0);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/list\"");
    clear(rig);
    backend(rig, 0, OF("resources/updated", "77", ",\"uri\":\"file:///a\""));
    expect(rig, "");
    rig_free(rig);
}

static void subscriptions_of_the_client_become_a_new_stream(void **state)
{
    (void)state;
    struct rig *rig = made();
    clear(rig);
    client(rig, SUBSCRIBE("5", "subscribe"));
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}\n");
    expect_words(rig, "b0 " LISTEN("\"file:///a\""));
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"");
    expect_none(rig, "resources/subscribe");
    clear(rig);
    backend(rig, 0, OF("resources/updated", "ID", ",\"uri\":\"file:///a\""));
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\"");
    clear(rig);
    /* After a death it is listened to again. */
    down(rig, 0, 99);
    clear(rig);
    greet_modern(rig, 0);
    expect_words(rig, "b0 " LISTEN("\"file:///a\""));
    expect_none(rig, LISTEN("]"));
    clear(rig);
    client(rig, SUBSCRIBE("6", "unsubscribe"));
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":6,\"result\":{}}\n");
    expect_words(rig, "b0 " LISTEN(""));
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void subscriptions_move_between_the_eras(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(1, 1);
    client(rig, SUBSCRIBE("5", "subscribe"));
    expect_words(rig, "b0 " SUBSCRIBE("ID", "subscribe"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    clear(rig);
    down(rig, 0, 99);
    expect_words(rig, "b1 " LISTEN("\"file:///a\""));
    greet(rig, 0);
    clear(rig);
    down(rig, 1, 99);
    expect_words(rig, "b0 " SUBSCRIBE("ID", "subscribe"));
    rig_free(rig);
}

static void a_stream_that_ends_is_opened_again_later_each_time(void **state)
{
    (void)state;
    struct rig *rig = made();
    uint64_t wait = TRUST_GUARD_NOTICE_MS;
    for (int i = 0; i < 8; i++) {
        clear(rig);
        if (i % 2 == 0)
            backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
        else
            router_backend_failed(rig->r, 0, rig->last_number[0],
                                  &(struct router_failure){.class_ = TRUST_OUTCOME_REFUSED},
                                  rig->now);
        rig_turn(rig);
        after(rig, wait - 1);
        expect(rig, "");
        after(rig, 1);
        expect_words(rig, "b0 " LISTEN(""));
        wait = 2 * wait < TRUST_GUARD_LISTEN_MS_MAX ? 2 * wait : TRUST_GUARD_LISTEN_MS_MAX;
    }
    clear(rig);
    /* One that knows no such method has nothing to tell. */
    backend(rig, 0, NO_METHOD);
    after(rig, TRUST_GUARD_LISTEN_MS_MAX);
    expect(rig, "");
    rig_free(rig);
}

static void modern_backends_ask_for_the_roots_themselves(void **state)
{
    (void)state;
    struct rig *rig = rig_mixed(1, 1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}\n");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_modern_backend_is_listened_to_once_it_is_ready),
        cmocka_unit_test(subscriptions_of_the_client_become_a_new_stream),
        cmocka_unit_test(subscriptions_move_between_the_eras),
        cmocka_unit_test(a_stream_that_ends_is_opened_again_later_each_time),
        cmocka_unit_test(modern_backends_ask_for_the_roots_themselves),
    };
    return cmocka_run_group_tests_name("tools/guard/listens", tests, NULL, NULL);
}
