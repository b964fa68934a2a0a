/* guard/listeners: modern clients that listen to legacy backends. */
#include "guard/router/listeners.h"

#include "drive.h"

#define LISTEN(id, filter)                                                                         \
    "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"subscriptions/listen\",\"params\":{"          \
    "\"notifications\":" filter ",\"_meta\":" MODERN_META "}}"
#define FILTER "{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"file:///a\",7]}"
#define ABOUT(what)                                                                                \
    "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"resources/" what "\",\"params\":{\"uri\":"     \
    "\"file:///a\"}}\n"
#define UPDATED                                                                                    \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":"     \
    "\"file:///a\"}}"
#define HEARD(id)                                                                                  \
    "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{"      \
    "\"uri\":\"file:///a\",\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" id "}}}\n"
#define CANCEL(id)                                                                                 \
    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" id "}}"

static void a_stream_is_acknowledged_and_fed_with_what_it_asked_for(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 0);
    client(rig, LISTEN("\"l\"", FILTER));
    expect(rig, "choose  able=1 tried=0 changed=0 probe\nsettle b0 cancelled\n"
                "client {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/"
                "acknowledged\",\"params\":{\"notifications\":" FILTER ",\"_meta\":{\"io."
                "modelcontextprotocol/subscriptionId\":\"l\"}}}\n" ABOUT("subscribe"));
    backend(rig, 0, UPDATED);
    expect(rig, HEARD("\"l\""));
    rig->revision++;
    router_offer_changed(rig->r, rig->now);
    rig_turn(rig);
    expect_words(rig, "notifications/tools/list_changed");
    clear(rig);
    after(rig, 1000000);
    expect(rig, "");
    client(rig, CANCEL("\"l\""));
    expect(rig, ABOUT("unsubscribe"));
    backend(rig, 0, UPDATED);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void two_streams_share_a_subscription(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 0);
    client(rig, LISTEN("1", FILTER));
    clear(rig);
    client(rig, LISTEN("2", FILTER));
    expect_none(rig, "resources/subscribe");
    clear(rig);
    backend(rig, 0, UPDATED);
    expect(rig, HEARD("1") HEARD("2"));
    client(rig, CANCEL("1"));
    expect(rig, "");
    backend(rig, 0, UPDATED);
    expect(rig, HEARD("2"));
    client(rig, CANCEL("2"));
    expect(rig, ABOUT("unsubscribe"));
    rig_free(rig);
}

static void a_stream_goes_on_with_the_next_server_of_whatever_era(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 1);
    client(rig, LISTEN("1", FILTER));
    clear(rig);
    down(rig, 0, 99);
    expect_words(rig, "b1 " LISTEN("ID", FILTER) "\n");
    clear(rig);
    backend(
        rig, 1,
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":"
        "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":ID}}}");
    expect(rig, "");
    rig_free(rig);
}

static void one_that_names_nothing_hears_nothing(void **state)
{
    (void)state;
    struct rig *rig = rig_crossed(1, 0);
    client(rig, LISTEN("1", "7"));
    expect_words(rig, "\"params\":{\"notifications\":{},\"_meta\"");
    clear(rig);
    backend(rig, 0, UPDATED);
    expect(rig, "");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_acknowledged_and_fed_with_what_it_asked_for),
        cmocka_unit_test(two_streams_share_a_subscription),
        cmocka_unit_test(a_stream_goes_on_with_the_next_server_of_whatever_era),
        cmocka_unit_test(one_that_names_nothing_hears_nothing),
    };
    return cmocka_run_group_tests_name("tools/guard/listeners", tests, NULL, NULL);
}
