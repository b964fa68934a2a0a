/* guard/handshake: greeting, lists by pages, changes of them, and backends that refuse. */
#include "guard/router/handshake.h"

#include "base/limits.h"
#include "drive.h"

#define ASK(method) "{\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"" method "\",\"params\":{}}\n"

static void a_backend_is_offered_what_the_client_offers_and_learned_page_by_page(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    expect_words(rig, "start b0\n");
    clear(rig);
    up(rig, 0);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"initialize\",\"params\":{"
                "\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"sampling\":{}},"
                "\"clientInfo\":{\"name\":\"c\",\"version\":\"1\"}}}\n");
    backend(rig, 0,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"protocolVersion\":\"2024-11-05\","
            "\"capabilities\":{\"tools\":{},\"prompts\":{}}}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
                "b0 " ASK("tools/list"));
    backend(rig, 0,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[],\"nextCursor\":"
            "\"p\\u0032\"}}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/list\",\"params\":{"
                "\"cursor\":\"p\\u0032\"}}\n");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[]}}");
    expect(rig, "b0 " ASK("prompts/list"));
    assert_false(router_is_ready(rig->r, 0));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"prompts\":[]}}");
    expect(rig, "learned b0\n");
    assert_true(router_is_ready(rig->r, 0));
    assert_string_equal(rig->learned, "0:server 0:tools 0:tools 0:prompts ");
    rig_free(rig);
}

static void calls_wait_until_the_backend_is_judged(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    rig->is_unjudged = true;
    client(rig, HELLO);
    up(rig, 0);
    client(rig, CALL("1", "write", "{}"));
    backend(rig, 0,
            "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"protocolVersion\":\"2024-11-05\","
            "\"capabilities\":{}}}");
    expect_words(rig, "learned b0\n");
    expect_none(rig, "tools/call");
    router_judged(rig->r, 0, rig->now);
    rig_turn(rig);
    expect_words(rig, "b0 " CALL("ID", "write", "{}"));
    rig_free(rig);
}

static void started(struct rig **out_rig, const char *answer)
{
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    up(rig, 0);
    clear(rig);
    backend(rig, 0, answer);
    *out_rig = rig;
}

static void a_backend_of_another_era_is_stopped_for_good(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32601,\"message\":\"no\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32022,\"message\":\"no\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"protocolVersion\":\"1999-01-01\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct rig *rig;
        started(&rig, answers[i]);
        expect_words(rig, "\"method\":\"server/discover\"");
        clear(rig);
        backend(rig, 0, NO_METHOD);
        expect(rig, "log era b0\nstop b0\n");
        down(rig, 0, 1);
        expect(rig, "");
        client(rig, CALL("1", "read", "{}"));
        expect_words(rig, "choose read able=0");
        rig_free(rig);
    }
}

static void a_backend_that_refuses_to_begin_is_stopped_and_started_again(void **state)
{
    (void)state;
    static const char *const answers[] = {
        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"error\":{\"code\":-32603,\"message\":\"no\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":[]}"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct rig *rig;
        started(&rig, answers[i]);
        clear(rig);
        backend(rig, 0, NO_METHOD);
        expect(rig, "log handshake b0\nstop b0\n");
        down(rig, 0, 1);
        expect(rig, "start b0\n");
        greet(rig, 0);
        rig_free(rig);
    }
}

static void a_backend_that_says_nothing_is_stopped(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    up(rig, 0);
    clear(rig);
    after(rig, 199);
    expect(rig, "");
    after(rig, 1);
    expect(rig, "log handshake b0\nstop b0\n");
    /* What it says from here on is nobody's. */
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    expect(rig, "");
    rig_free(rig);
}

static void what_cannot_be_learned_cannot_be_used(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    rig->learn_fails = "tools";
    rig->learn_error = TRUST_NO_SIZE;
    client(rig, HELLO);
    up(rig, 0);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    clear(rig);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[]}}");
    expect(rig, "log manifest b0\nstop b0\n");
    rig_free(rig);
}

static void a_list_without_end_is_given_up(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    up(rig, 0);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    int pages = 0;
    for (; pages < 1000 && strstr(rig_out(rig), "stop b0\n") == NULL; pages++) {
        clear(rig);
        backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"nextCursor\":\"more\"}}");
    }
    assert_int_equal(pages, TRUST_GUARD_PAGES_MAX);
    expect(rig, "log manifest b0\nstop b0\n");
    rig_free(rig);
}

#define CHANGED "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}"

static void a_storm_of_changes_is_looked_at_less_and_less(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    int looks = 0;
    int notices = 0;
    for (int ms = 0; ms < 100000; ms += 10) {
        backend(rig, 0, CHANGED);
        after(rig, 10);
        if (strstr(rig_out(rig), "\"tools/list\"") != NULL) {
            looks++;
            rig->revision++; /* and every time it is another one */
            backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[]}}");
            backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
        }
        if (strstr(rig_out(rig), "client " CHANGED) != NULL)
            notices++;
        clear(rig);
    }
    /* After 0, 1, 3, 7, 15, 31, 61 and 91 seconds. */
    assert_int_equal(looks, 8);
    assert_int_equal(notices, 8);
    /* Once it has rested, at once. */
    after(rig, 60000);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[]}}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    after(rig, 60000);
    clear(rig);
    backend(rig, 0, CHANGED);
    after(rig, 0);
    expect_words(rig, "b0 " ASK("tools/list"));
    rig_free(rig);
}

static void a_change_that_changes_nothing_is_not_told(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    backend(rig, 0, CHANGED);
    after(rig, 0);
    expect(rig, "b0 " ASK("tools/list"));
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[]}}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    expect_words(rig, "learned b0\n");
    expect_none(rig, "client");
    /* Calls go on meanwhile, and a look that is not answered is no reason to end it. */
    after(rig, 1000);
    backend(rig, 0, CHANGED);
    after(rig, 0);
    clear(rig);
    client(rig, CALL("1", "write", "{}"));
    expect_words(rig, "b0 " CALL("ID", "write", "{}"));
    clear(rig);
    after(rig, 200);
    expect_none(rig, "stop");
    assert_true(router_is_ready(rig->r, 0));
    rig_free(rig);
}

#define META                                                                                       \
    "{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/"       \
    "clientInfo\":{\"name\":\"c\",\"version\":\"1\"},\"io.modelcontextprotocol/"                   \
    "clientCapabilities\":{\"sampling\":{}}}"

static void a_backend_that_does_not_know_initialize_is_discovered(void **state)
{
    (void)state;
    struct rig *rig;
    started(&rig, NO_METHOD);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"server/discover\",\"params\":{"
                "\"_meta\":" META "}}\n");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" DISCOVERED "}");
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"tools/list\",\"params\":{"
                "\"_meta\":" META "}}\n");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":[]}}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    assert_true(router_is_ready(rig->r, 0));
    /* What it is, is remembered. */
    down(rig, 0, 9);
    clear(rig);
    up(rig, 0);
    expect_words(rig, "\"method\":\"server/discover\"");
    clear(rig);
    /* It has been replaced by an older one. */
    backend(rig, 0, NO_METHOD);
    expect_words(rig, "\"method\":\"initialize\"");
    rig_free(rig);
}

static void a_plain_400_to_a_greeting_is_a_word_for_another_era(void **state)
{
    (void)state;
    static const struct router_failure bad = {.class_ = TRUST_OUTCOME_CALLER, .is_sent = true};
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    up(rig, 0);
    clear(rig);
    router_backend_failed(rig->r, 0, rig->last_number[0], &bad, rig->now);
    rig_turn(rig);
    expect_words(rig, "\"method\":\"server/discover\"");
    clear(rig);
    router_backend_failed(rig->r, 0, rig->last_number[0], &bad, rig->now);
    rig_turn(rig);
    expect(rig, "log handshake b0\nstop b0\n");
    rig_free(rig);
}

/* Legacy servers need not answer before they are greeted. */
static void a_modern_greeting_that_is_not_answered_is_followed_by_the_other(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/"
                "discover\",\"params\":{\"_meta\":" MODERN_META "}}");
    up(rig, 0);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"server/discover\"");
    clear(rig);
    after(rig, 99);
    expect(rig, "");
    after(rig, 1);
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"initialize\"");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    expect_words(rig, "notifications/initialized");
    rig_free(rig);
}

static void a_backend_that_dies_of_a_greeting_is_greeted_otherwise(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    up(rig, 0);
    down(rig, 0, 0); /* before it read it */
    clear(rig);
    up(rig, 0);
    expect_words(rig, "\"method\":\"initialize\"");
    down(rig, 0, 1);
    clear(rig);
    up(rig, 0);
    expect_words(rig, "\"method\":\"server/discover\"");
    down(rig, 0, 1);
    clear(rig);
    up(rig, 0);
    expect_words(rig, "\"method\":\"initialize\"");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backend_is_offered_what_the_client_offers_and_learned_page_by_page),
        cmocka_unit_test(calls_wait_until_the_backend_is_judged),
        cmocka_unit_test(a_backend_of_another_era_is_stopped_for_good),
        cmocka_unit_test(a_backend_that_refuses_to_begin_is_stopped_and_started_again),
        cmocka_unit_test(a_backend_that_says_nothing_is_stopped),
        cmocka_unit_test(what_cannot_be_learned_cannot_be_used),
        cmocka_unit_test(a_list_without_end_is_given_up),
        cmocka_unit_test(a_storm_of_changes_is_looked_at_less_and_less),
        cmocka_unit_test(a_change_that_changes_nothing_is_not_told),
        cmocka_unit_test(a_backend_that_does_not_know_initialize_is_discovered),
        cmocka_unit_test(a_backend_that_dies_of_a_greeting_is_greeted_otherwise),
        cmocka_unit_test(a_plain_400_to_a_greeting_is_a_word_for_another_era),
        cmocka_unit_test(a_modern_greeting_that_is_not_answered_is_followed_by_the_other),
    };
    return cmocka_run_group_tests_name("tools/guard/handshake", tests, NULL, NULL);
}
