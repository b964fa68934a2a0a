/* engine/measured: twenty own calls make a rating, and an uplink that is down makes none. */
#include "engine/measured.h"

#include "records.h"

static uint32_t watch(struct rig *rig, const char *subject)
{
    uint32_t server = 0;
    assert_int_equal(
        trust_engine_watch(rig->engine, &server, trust_bytes_text(subject), 0, rig->now), TRUST_OK);
    return server;
}

static void call(struct rig *rig, uint32_t server, enum trust_outcome_class class_, int times)
{
    for (int i = 0; i < times; i++) {
        const struct trust_shared_report report = {.agent = 1,
                                                   .outcome = {.class_ = class_, .latency_ms = 10}};
        trust_engine_handle_outcome(rig->engine, server, &report, rig->now);
    }
    rig_run(rig);
}

static void twenty_calls_make_a_rating(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    uint32_t few = watch(rig, "mcp:io.example/few");
    uint32_t many = watch(rig, "mcp:io.example/many");
    call(rig, few, TRUST_OUTCOME_OK, 19);
    call(rig, many, TRUST_OUTCOME_OK, 24);
    call(rig, many, TRUST_OUTCOME_TIMEOUT, 6);
    struct trust_measured measured;
    uint32_t cursor = 0;
    assert_true(trust_engine_next_measured(rig->engine, &cursor, &measured, rig->now));
    assert_int_equal(measured.server, many);
    assert_int_equal(measured.value, 800);
    assert_int_equal(measured.calls, 30);
    assert_false(trust_engine_next_measured(rig->engine, &cursor, &measured, rig->now));
    call(rig, few, TRUST_OUTCOME_OK, 1);
    cursor = 0;
    assert_true(trust_engine_next_measured(rig->engine, &cursor, &measured, rig->now));
    assert_int_equal(measured.server, few);
    assert_int_equal(measured.value, 1000);
    rig_close(rig);
}

static void nothing_is_measured_while_our_uplink_is_down(void **state)
{
    (void)state;
    struct rig *rig = rig_open(NULL, 1);
    static const char *const subjects[] = {"https://a.one/mcp",   "https://b.two/mcp",
                                           "https://c.three/mcp", "https://d.four/mcp",
                                           "https://e.five/mcp",  "https://f.six/mcp"};
    uint32_t servers[6];
    for (int i = 0; i < 6; i++) {
        servers[i] = watch(rig, subjects[i]);
        call(rig, servers[i], TRUST_OUTCOME_OK, 30);
    }
    rig_pass(rig, 60000);
    struct trust_measured measured;
    uint32_t cursor = 0;
    assert_true(trust_engine_next_measured(rig->engine, &cursor, &measured, rig->now));
    for (int i = 0; i < 6; i++)
        call(rig, servers[i], TRUST_OUTCOME_REFUSED, 3);
    rig_pass(rig, 200);
    cursor = 0;
    assert_false(trust_engine_next_measured(rig->engine, &cursor, &measured, rig->now));
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_calls_make_a_rating),
        cmocka_unit_test(nothing_is_measured_while_our_uplink_is_down),
    };
    return cmocka_run_group_tests_name("engine/measured", tests, NULL, NULL);
}
