/* guard/settle: calls whose backend died, was silent, spoke garbage or failed at them. */
#include "guard/router/settle.h"

#include "drive.h"

static void a_read_under_way_is_sent_again_to_another(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    expect(rig, "choose read able=3 tried=0 changed=0 probe\n"
                "b0 " CALL("ID", "read", "{}") "\n");
    down(rig, 0, rig->last_number[0]);
    expect(rig, "settle b0 refused 0 ms\n"
                "choose read able=2 tried=1 changed=0 probe\n"
                "start b0\n"
                "b1 " CALL("ID", "read", "{}") "\n");
    rig->now.mono.ms += 7;
    backend(rig, 1, RESULT);
    expect(rig,
           "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"_meta\":{\"io.repute/guard\":{"
           "\"reason\":\"failed_over\",\"from\":\"npm:a\",\"to\":\"npm:b\"}},\"content\":[]}}\n"
           "settle b1 ok 7 ms\n");
    assert_int_equal(router_stats(rig->r).failovers, 1);
    rig_free(rig);
}

static void a_write_under_way_is_answered_outcome_unknown(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    down(rig, 0, rig->last_number[0]);
    expect_words(rig, "settle b0 refused 0 ms\n");
    expect_words(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":"
                      "\"text\",\"text\":\"" GONE);
    expect_words(rig, "\"reason\":\"outcome_unknown\",\"retry_after_ms\":null");
    expect_words(rig, "\"executed\":\"unknown\",\"tried\":[{\"subject\":\"npm:a\",\"class\":"
                      "\"refused\",\"sent\":true}]");
    expect_none(rig, "b1 ");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void a_write_that_never_left_is_sent_to_another(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    down(rig, 0, rig->last_number[0] - 1);
    expect(rig, "settle b0 refused 0 ms\n"
                "choose write able=2 tried=1 changed=0\n"
                "start b0\n"
                "b1 " CALL("ID", "write", "{}") "\n");
    rig_free(rig);
}

static void with_nobody_else_what_never_left_was_not_executed(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    down(rig, 0, 0);
    expect_words(rig, "\"reason\":\"no_provider\",\"retry_after_ms\":250,");
    expect_words(rig, "retry_after_ms is 250.");
    expect_words(rig, "\"executed\":\"no\",\"tried\":[{\"subject\":\"npm:a\",\"class\":\"refused\","
                      "\"sent\":false}]");
    rig_free(rig);
}

static void an_idempotent_call_waits_for_the_same_server(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "same", "{}"));
    clear(rig);
    down(rig, 0, rig->last_number[0]);
    expect(rig, "settle b0 refused 0 ms\nstart b0\n");
    greet(rig, 0);
    expect_words(rig, "choose same able=1 tried=1 changed=0\nb0 " CALL("ID", "same", "{}") "\n");
    clear(rig);
    backend(rig, 0, RESULT);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}\n"
                "settle b0 ok 0 ms\n");
    rig_free(rig);
}

static void an_idempotent_call_is_not_tried_a_third_time(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "same", "{}"));
    down(rig, 0, rig->last_number[0]);
    greet(rig, 0);
    clear(rig);
    down(rig, 0, rig->last_number[0]);
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    assert_int_equal(router_stats(rig->r).in_flight, 0);
    rig_free(rig);
}

static void an_idempotent_call_whose_server_stays_away_is_unknown(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "same", "{}"));
    down(rig, 0, rig->last_number[0]);
    clear(rig);
    after(rig, 199);
    expect(rig, "");
    after(rig, 1);
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    expect_none(rig, "b1 ");
    rig_free(rig);
}

static void with_shared_state_an_idempotent_call_goes_to_another(void **state)
{
    (void)state;
    struct rig *rig = calloc(1, sizeof *rig);
    *rig = (struct rig){.is_believed = true, .retry_ms = TRUST_NEVER_MS};
    struct router_config config = {.group = "search",
                                   .subjects = {"npm:a", "npm:b"},
                                   .backend_count = 2,
                                   .is_state_shared = true,
                                   .offer = {.calls = &rig_offer, .context = rig}};
    assert_int_equal(router_new(&rig->r, &config), TRUST_OK);
    client(rig, HELLO);
    greet(rig, 0);
    greet(rig, 1);
    client(rig, CALL("1", "same", "{}"));
    clear(rig);
    down(rig, 0, rig->last_number[0]);
    expect_words(rig, "choose same able=2 tried=1 changed=0\nstart b0\nb1 ");
    /* Nobody is left to ask, and the first may have done it. */
    down(rig, 1, rig->last_number[1] - 1);
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    rig_free(rig);
}

static void a_hint_that_is_not_believed_counts_as_none(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->is_believed = false;
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    down(rig, 0, rig->last_number[0]);
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    rig_free(rig);
}

static void silence_ends_in_a_cancellation_and_another_server(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    assert_in_range(router_deadline(rig->r).ms, 1, rig->now.mono.ms + 1000);
    after(rig, 999);
    expect(rig, "");
    after(rig, 1);
    expect(rig, "b0 {\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{"
                "\"requestId\":ID,\"reason\":\"timeout\"}}\n"
                "settle b0 timeout 1000 ms\n"
                "choose read able=2 tried=1 changed=0 probe\n"
                "b1 " CALL("ID", "read", "{}") "\n");
    /* The answer of the first comes after its time, and changes nothing. */
    backend(rig, 0, RESULT);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).late, 1);
    after(rig, 1000);
    expect_words(rig, "\"reason\":\"timeout\"");
    expect_words(rig, "\"executed\":\"unknown\",\"tried\":[{\"subject\":\"npm:a\",\"class\":"
                      "\"timeout\",\"sent\":true},{\"subject\":\"npm:b\",\"class\":\"timeout\"");
    clear(rig);
    backend(rig, 1, RESULT);
    expect(rig, "");
    assert_int_equal(router_stats(rig->r).late, 2);
    rig_free(rig);
}

static void a_slow_write_is_unknown_and_its_late_answer_dropped(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    after(rig, 1000);
    expect_words(rig, "settle b0 timeout 1000 ms\n");
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    expect_none(rig, "stop");
    clear(rig);
    backend(rig, 0, RESULT);
    expect(rig, "");
    rig_free(rig);
}

static void garbage_settles_every_call_there_and_no_other(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    client(rig, CALL("2", "read", "{}"));
    rig->refused = 1;
    client(rig, CALL("3", "write", "{}"));
    clear(rig);
    backend(rig, 0, "Server started on port 3000");
    expect_words(rig, "log garbage b0\n");
    expect_words(rig, "\"id\":1,\"result\"");
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    expect_words(rig, "b1 " CALL("ID", "read", "{}"));
    expect_none(rig, "\"id\":3");
    assert_int_equal(router_stats(rig->r).in_flight, 2);
    rig_free(rig);
}

/* The last message to that backend. */
static void failed_at(struct rig *rig, uint32_t b, enum trust_outcome_class class_,
                      uint64_t retry_ms)
{
    router_backend_failed(
        rig->r, b, rig->last_number[b],
        &(struct router_failure){.class_ = class_, .retry_after_ms = retry_ms, .is_sent = true},
        rig->now);
    rig_turn(rig);
}

static void failed(struct rig *rig, enum trust_outcome_class class_, uint64_t retry_ms)
{
    failed_at(rig, 0, class_, retry_ms);
}

static void a_rate_limit_is_taken_elsewhere_and_told_at_last(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    failed(rig, TRUST_OUTCOME_RATE_LIMITED, 3000);
    expect_words(rig, "settle b0 rate_limited 0 ms retry 3000\n");
    expect_words(rig, "b1 " CALL("ID", "write", "{}"));
    clear(rig);
    down(rig, 1, 0);
    rig->refused = 3;
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"resources/list\"}");
    rig->refused = 0;
    clear(rig);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":\"r\",\"method\":\"resources/list\"}");
    rig->refused = 2;
    failed(rig, TRUST_OUTCOME_RATE_LIMITED, 2000);
    expect_words(rig, "\"id\":\"r\",\"error\":{\"code\":4290,");
    expect_words(rig, "\"reason\":\"rate_limited\",\"retry_after_ms\":2000");
    rig_free(rig);
}

static void a_write_that_met_a_server_error_is_unknown(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "same", "{}"));
    clear(rig);
    failed(rig, TRUST_OUTCOME_HTTP5XX, 0);
    expect_words(rig, "\"reason\":\"outcome_unknown\"");
    expect_words(rig, "\"class\":\"http5xx\",\"sent\":true");
    clear(rig);
    client(rig, CALL("2", "read", "{}"));
    failed(rig, TRUST_OUTCOME_HTTP5XX, 0);
    expect_words(rig, "b1 " CALL("ID", "read", "{}"));
    rig_free(rig);
}

static void a_lost_session_is_begun_anew_and_the_call_goes_on(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    failed(rig, TRUST_OUTCOME_SESSION_LOST, 0);
    expect_words(rig, "settle b0 session_lost 0 ms\n");
    expect_words(rig, "b0 {\"jsonrpc\":\"2.0\",\"id\":ID,\"method\":\"initialize\"");
    expect_none(rig, "client {");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":" RIG_INITIALIZED "}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"tools\":" RIG_TOOL_LIST "}}");
    clear(rig);
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{\"resourceTemplates\":[]}}");
    expect_words(rig, "b0 " CALL("ID", "write", "{}"));
    clear(rig);
    /* A second time in a row: somebody else is asked. */
    failed(rig, TRUST_OUTCOME_SESSION_LOST, 0);
    expect_words(rig, "b1 " CALL("ID", "write", "{}"));
    rig_free(rig);
}

static void missing_credentials_end_the_call_unless_configured(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    failed(rig, TRUST_OUTCOME_AUTH, 0);
    expect_words(rig, "settle b0 auth 0 ms\n");
    expect_words(rig, "\"reason\":\"no_provider\"");
    expect_words(rig, "\"executed\":\"no\",\"tried\":[{\"subject\":\"npm:a\",\"class\":\"auth\"");
    expect_none(rig, "b1 ");
    rig_free(rig);
}

static void a_call_beside_the_deadline_is_answered_timeout(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    rig->is_slow = true;
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    after(rig, 4999);
    expect(rig, "");
    after(rig, 1);
    expect_words(rig, "\"reason\":\"no_provider\"");
    clear(rig);
    /* The choice comes too late: its permit ends at once. */
    rig_choose(rig, rig->choosing, 1);
    rig_turn(rig);
    expect(rig, "settle b0 cancelled\n");
    rig_free(rig);
}

struct greeting {
    enum trust_outcome_class class_;
    const char *told;
};

/* Its greeting fails, and a write waits for it: the write has not left, whatever the class. */
static void what_waited_for_a_server_that_refused_to_begin_is_told_how(void **state)
{
    (void)state;
    static const struct greeting rows[] = {
        {TRUST_OUTCOME_HTTP5XX, "http5xx"},
        {TRUST_OUTCOME_AUTH, "auth"},
        {TRUST_OUTCOME_RATE_LIMITED, "rate_limited"},
        {TRUST_OUTCOME_GARBAGE, "garbage"},
        {TRUST_OUTCOME_REFUSED, "refused"},
        {TRUST_OUTCOME_TIMEOUT, "refused"},
        {TRUST_OUTCOME_CALLER, "refused"},
        {TRUST_OUTCOME_SESSION_LOST, "refused"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig *rig = rig_new(2);
        char words[128];
        client(rig, HELLO);
        up(rig, 0);
        client(rig, CALL("1", "write", "{}"));
        if (rows[i].class_ == TRUST_OUTCOME_CALLER) /* it is greeted otherwise first */
            failed(rig, rows[i].class_, 0);
        clear(rig);
        failed(rig, rows[i].class_, 0);
        expect(rig, "log handshake b0\nstop b0\n");
        assert_int_equal(strcmp(trust_outcome_name(router_unready_class(rig->r, 0)), rows[i].told),
                         0);
        down(rig, 0, rig->last_number[0]);
        (void)snprintf(words, sizeof words, "settle b0 %s%s\n", rows[i].told,
                       rows[i].class_ == TRUST_OUTCOME_RATE_LIMITED ? " retry 250" : "");
        expect_words(rig, words);
        expect_words(rig, "choose write able=2 tried=1 changed=0\n");
        rig_free(rig);
    }
}

static void with_nobody_else_the_answer_says_how_it_refused(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    up(rig, 0);
    client(rig, CALL("1", "write", "{}"));
    failed(rig, TRUST_OUTCOME_AUTH, 0);
    clear(rig);
    down(rig, 0, rig->last_number[0]);
    expect_words(rig, "\"reason\":\"no_provider\",\"retry_after_ms\":250,");
    expect_words(rig, "\"executed\":\"no\",\"tried\":[{\"subject\":\"npm:a\",\"class\":\"auth\","
                      "\"sent\":false}]");
    /* Its next start fails in another way: the old one is not told again. */
    down(rig, 0, 0);
    assert_int_equal(router_unready_class(rig->r, 0), TRUST_OUTCOME_REFUSED);
    rig_free(rig);
}

/* Its greeting began a moment after the call began to wait: both run out of time together. */
static void a_call_that_waits_is_told_when_the_server_is_tried_again(void **state)
{
    (void)state;
    struct rig *rig = rig_new(1);
    client(rig, HELLO);
    client(rig, CALL("1", "write", "{}"));
    rig->now.mono.ms += 3;
    up(rig, 0);
    clear(rig);
    after(rig, 197);
    expect(rig, "");
    after(rig, 3);
    expect(rig, "log handshake b0\nstop b0\n");
    after(rig, 20);
    expect(rig, "");
    down(rig, 0, rig->last_number[0]);
    expect_words(rig, "settle b0 refused\n");
    expect_words(rig, "\"retry_after_ms\":250,");
    rig_free(rig);
}

/* Each breaker hears of the pause that its own server asked for. */
static void a_pause_is_that_of_the_server_that_asked_for_it(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(2);
    client(rig, CALL("1", "read", "{}"));
    clear(rig);
    failed(rig, TRUST_OUTCOME_RATE_LIMITED, 500);
    expect_words(rig, "settle b0 rate_limited 0 ms retry 500\n");
    failed_at(rig, 1, TRUST_OUTCOME_RATE_LIMITED, 7000);
    expect_words(rig, "settle b1 rate_limited 0 ms retry 7000\n");
    expect_words(rig, "\"reason\":\"rate_limited\",\"retry_after_ms\":500,");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waited_for_a_server_that_refused_to_begin_is_told_how),
        cmocka_unit_test(with_nobody_else_the_answer_says_how_it_refused),
        cmocka_unit_test(a_call_that_waits_is_told_when_the_server_is_tried_again),
        cmocka_unit_test(a_pause_is_that_of_the_server_that_asked_for_it),
        cmocka_unit_test(a_read_under_way_is_sent_again_to_another),
        cmocka_unit_test(a_write_under_way_is_answered_outcome_unknown),
        cmocka_unit_test(a_write_that_never_left_is_sent_to_another),
        cmocka_unit_test(with_nobody_else_what_never_left_was_not_executed),
        cmocka_unit_test(an_idempotent_call_waits_for_the_same_server),
        cmocka_unit_test(an_idempotent_call_is_not_tried_a_third_time),
        cmocka_unit_test(an_idempotent_call_whose_server_stays_away_is_unknown),
        cmocka_unit_test(with_shared_state_an_idempotent_call_goes_to_another),
        cmocka_unit_test(a_hint_that_is_not_believed_counts_as_none),
        cmocka_unit_test(silence_ends_in_a_cancellation_and_another_server),
        cmocka_unit_test(a_slow_write_is_unknown_and_its_late_answer_dropped),
        cmocka_unit_test(garbage_settles_every_call_there_and_no_other),
        cmocka_unit_test(a_rate_limit_is_taken_elsewhere_and_told_at_last),
        cmocka_unit_test(a_write_that_met_a_server_error_is_unknown),
        cmocka_unit_test(a_lost_session_is_begun_anew_and_the_call_goes_on),
        cmocka_unit_test(missing_credentials_end_the_call_unless_configured),
        cmocka_unit_test(a_call_beside_the_deadline_is_answered_timeout),
    };
    return cmocka_run_group_tests_name("tools/guard/settle", tests, NULL, NULL);
}
