/* guard/idle: backends without a call are stopped, and started by the next one. */
#include "guard/router/idle.h"

#include "drive.h"

#define IDLE_MS 60000

/* A ready router whose backends are stopped after IDLE_MS. */
static struct rig *rig_idle(uint32_t backends)
{
    struct rig *rig = rig_ready(backends);
    struct router_config config = {.group = "search",
                                   .subjects = {"npm:a", "npm:b", "npm:c", "npm:d"},
                                   .backend_count = backends,
                                   .call_timeout_ms = 200000,
                                   .connect_timeout_ms = 200,
                                   .idle_timeout_ms = IDLE_MS,
                                   .offer = {.calls = &rig_offer, .context = rig}};
    router_free(rig->r);
    assert_int_equal(router_new(&rig->r, &config), TRUST_OK);
    rig->is_learned = false;
    client(rig, HELLO);
    for (uint32_t b = 0; b < backends; b++)
        greet(rig, b);
    clear(rig);
    return rig;
}

static void one_that_nobody_calls_is_stopped_and_stays_so(void **state)
{
    (void)state;
    struct rig *rig = rig_idle(1);
    after(rig, IDLE_MS - 1);
    expect(rig, "");
    assert_int_equal(router_deadline(rig->r).ms, rig->now.mono.ms + 1);
    after(rig, 1);
    expect(rig, "stop b0 idle\n");
    down(rig, 0, rig->last_number[0]);
    expect(rig, "");
    assert_false(router_is_ready(rig->r, 0));
    assert_int_equal(router_deadline(rig->r).ms, TRUST_NEVER_MS);
    rig_free(rig);
}

static void the_next_call_starts_it_and_is_given_to_it(void **state)
{
    (void)state;
    struct rig *rig = rig_idle(1);
    after(rig, IDLE_MS);
    down(rig, 0, rig->last_number[0]);
    clear(rig);
    client(rig, CALL("1", "write", "{}"));
    expect(rig, "choose write able=1 tried=0 changed=0\nstart b0\n");
    greet(rig, 0);
    expect_words(rig, "b0 " CALL("ID", "write", "{}") "\n");
    clear(rig);
    backend(rig, 0, RESULT);
    expect(rig, "client {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[]}}\n"
                "settle b0 ok 0 ms\n");
    rig_free(rig);
}

/* It came between the order to stop and the end: it has failed at nothing. */
static void a_call_that_comes_while_it_stops_waits_for_the_next_start(void **state)
{
    (void)state;
    struct rig *rig = rig_idle(1);
    after(rig, IDLE_MS);
    clear(rig);
    client(rig, CALL("1", "write", "{}"));
    expect(rig, "choose write able=1 tried=0 changed=0\n");
    down(rig, 0, rig->last_number[0]);
    expect(rig, "start b0\n");
    greet(rig, 0);
    expect_words(rig, "b0 " CALL("ID", "write", "{}") "\n");
    rig_free(rig);
}

static void its_time_begins_anew_with_each_call_and_its_end(void **state)
{
    (void)state;
    struct rig *rig = rig_idle(1);
    after(rig, IDLE_MS - 10);
    client(rig, CALL("1", "write", "{}"));
    clear(rig);
    after(rig, 2 * IDLE_MS);
    expect(rig, "");
    after(rig, 5);
    backend(rig, 0, RESULT);
    clear(rig);
    after(rig, IDLE_MS - 1);
    expect(rig, "");
    assert_int_equal(router_deadline(rig->r).ms, rig->now.mono.ms + 1);
    after(rig, 1);
    expect(rig, "stop b0 idle\n");
    rig_free(rig);
}

static void one_that_the_client_listens_to_is_not_stopped(void **state)
{
    (void)state;
    struct rig *rig = rig_idle(1);
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"resources/subscribe\",\"params\":{"
                "\"uri\":\"a:b\"}}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    clear(rig);
    after(rig, IDLE_MS);
    after(rig, IDLE_MS);
    expect(rig, "");
    client(rig, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"resources/unsubscribe\",\"params\":{"
                "\"uri\":\"a:b\"}}");
    backend(rig, 0, "{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":{}}");
    clear(rig);
    after(rig, IDLE_MS);
    expect(rig, "stop b0 idle\n");
    rig_free(rig);
}

static void each_has_a_time_of_its_own(void **state)
{
    (void)state;
    struct rig *rig = rig_idle(2);
    after(rig, IDLE_MS - 10);
    client(rig, CALL("1", "read", "{}"));
    backend(rig, 0, RESULT);
    clear(rig);
    after(rig, 10);
    expect(rig, "stop b1 idle\n");
    assert_true(router_is_ready(rig->r, 0));
    rig_free(rig);
}

static void without_a_timeout_nothing_is_stopped(void **state)
{
    (void)state;
    struct rig *rig = rig_ready(1);
    after(rig, UINT32_MAX);
    expect(rig, "");
    assert_int_equal(router_deadline(rig->r).ms, TRUST_NEVER_MS);
    rig_free(rig);
}

static void spare(struct rig *rig)
{
    router_spare(rig->r, 0);
    rig_turn(rig);
}

static void one_that_is_to_be_spared_is_stopped_when_nothing_goes_on(void **state)
{
    (void)state;
    struct rig *rig = rig_idle(2);
    client(rig, CALL("1", "read", "{}"));
    expect_words(rig, "b0 " CALL("ID", "read", "{}") "\n");
    clear(rig);
    spare(rig);
    expect(rig, "");
    backend(rig, 0, RESULT);
    clear(rig);
    spare(rig);
    expect(rig, "stop b0 idle\n");
    spare(rig);
    expect(rig, "");
    down(rig, 0, rig->last_number[0]);
    expect(rig, "");
    router_want(rig->r, 0);
    rig_turn(rig);
    expect(rig, "start b0\n");
    rig_free(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_nobody_calls_is_stopped_and_stays_so),
        cmocka_unit_test(the_next_call_starts_it_and_is_given_to_it),
        cmocka_unit_test(a_call_that_comes_while_it_stops_waits_for_the_next_start),
        cmocka_unit_test(its_time_begins_anew_with_each_call_and_its_end),
        cmocka_unit_test(one_that_the_client_listens_to_is_not_stopped),
        cmocka_unit_test(each_has_a_time_of_its_own),
        cmocka_unit_test(without_a_timeout_nothing_is_stopped),
        cmocka_unit_test(one_that_is_to_be_spared_is_stopped_when_nothing_goes_on),
    };
    return cmocka_run_group_tests_name("guard/idle", tests, NULL, NULL);
}
