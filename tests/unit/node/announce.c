/* node/announce: each event has its members, its listeners and room for its longest. */
#include "node/announce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/desk.h"

#define SUBJECT "mcp:io.example/a"

static int set_up(void **state)
{
    struct desk *desk = desk_open();
    *state = desk;
    return events_open(&desk->core.events, desk->core.now.wall) != TRUST_OK;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    events_close(&desk->core.events);
    desk_close(desk);
    return 0;
}

static uint32_t watch(struct desk *desk, const char *subject, uint8_t marks)
{
    uint32_t server = 0;
    assert_int_equal(trust_engine_watch(desk->core.engine, &server, trust_bytes_text(subject),
                                        marks, desk->core.now),
                     TRUST_OK);
    return server;
}

/* The last event, which must be of this type and text. */
static const struct events_event *last(const struct desk *desk, enum events_type type,
                                       const char *text)
{
    const struct events *events = &desk->core.events;
    assert_true(events->next > events->first);
    const struct events_event *event = &events->ring[(events->next - 1) % TRUST_EVENTS_MAX];
    assert_int_equal(event->type, type);
    assert_int_equal(event->time.ms, desk->core.now.wall.ms);
    if (text != NULL) {
        assert_int_equal(event->size, strlen(text));
        assert_memory_equal(event->data, text, event->size);
    }
    return event;
}

static void a_breaker_tells_its_transition_in_wall_time(void **state)
{
    struct desk *desk = *state;
    uint32_t server = watch(desk, SUBJECT, TRUST_CELL_NAMED);
    struct trust_breaker_event event = {.seq = 7,
                                        .time = {500},
                                        .until = {61000},
                                        .from = TRUST_BREAKER_CLOSED,
                                        .to = TRUST_BREAKER_OPEN,
                                        .reason = TRUST_BREAKER_BY_STREAK,
                                        .threshold = 5,
                                        .observed = 6};
    assert_int_equal(desk->core.now.mono.ms, 1000);
    announce_breaker(&desk->core, server, &event);
    assert_true(last(desk, EVENTS_BREAKER,
                     "\"subject\":\"" SUBJECT "\",\"from\":\"closed\",\"to\":\"open\","
                     "\"reason\":\"streak\",\"threshold\":5,\"observed\":6,"
                     "\"since\":\"2026-11-19T23:59:59.500Z\",\"until\":\"2026-11-20T00:01:00Z\","
                     "\"generation\":7")
                    ->is_for_agents);
    event.until.ms = TRUST_MONO_NEVER;
    announce_breaker(&desk->core, server, &event);
    assert_non_null(strstr(last(desk, EVENTS_BREAKER, NULL)->data, "\"until\":null"));
}

static void a_quarantine_tells_its_rule_and_its_end(void **state)
{
    struct desk *desk = *state;
    uint32_t server = watch(desk, SUBJECT, TRUST_CELL_NAMED);
    struct trust_quarantine_change change = {.time = desk->core.now.wall,
                                             .from = TRUST_QUARANTINE_SUSPECT,
                                             .to = TRUST_QUARANTINE_QUARANTINED,
                                             .rule = TRUST_QUARANTINE_RULE_SCANNERS,
                                             .ttl_s = 3600};
    announce_quarantine(&desk->core, server, &change);
    assert_true(last(desk, EVENTS_QUARANTINE,
                     "\"subject\":\"" SUBJECT "\",\"from\":\"suspect\",\"to\":\"quarantined\","
                     "\"rule\":\"scanners\",\"since\":\"2026-11-20T00:00:00Z\","
                     "\"until\":\"2026-11-20T01:00:00Z\"")
                    ->is_for_agents);
    change.ttl_s = 0;
    announce_quarantine(&desk->core, server, &change);
    assert_non_null(strstr(last(desk, EVENTS_QUARANTINE, NULL)->data, "\"until\":null"));
}

static void only_what_the_operator_named_is_for_agents(void **state)
{
    struct desk *desk = *state;
    uint32_t server = watch(desk, "mcp:io.example/stranger", 0);
    const struct trust_breaker_event event = {.until = {TRUST_MONO_NEVER}};
    const struct trust_quarantine_change change = {.time = desk->core.now.wall};
    const struct trust_key key = {{3}};
    announce_breaker(&desk->core, server, &event);
    assert_false(last(desk, EVENTS_BREAKER, NULL)->is_for_agents);
    announce_quarantine(&desk->core, server, &change);
    assert_false(last(desk, EVENTS_QUARANTINE, NULL)->is_for_agents);
    announce_peer(&desk->core, &key, true);
    assert_false(last(desk, EVENTS_PEER, NULL)->is_for_agents);
    announce_import(&desk->core, &(struct announce_import){.ticket = 1});
    assert_false(last(desk, EVENTS_IMPORT, NULL)->is_for_agents);
    announce_store(&desk->core, TRUST_OK);
    assert_false(last(desk, EVENTS_STORE, NULL)->is_for_agents);
}

static void a_peer_comes_and_goes_by_its_key(void **state)
{
    struct desk *desk = *state;
    struct trust_key key = {{3}};
    char text[TRUST_KEY_TEXT_SIZE];
    char wanted[160];
    trust_key_encode(text, &key, TRUST_KEY_NODE);
    announce_peer(&desk->core, &key, true);
    (void)snprintf(wanted, sizeof wanted, "\"key\":\"%s\",\"state\":\"up\"", text);
    (void)last(desk, EVENTS_PEER, wanted);
    announce_peer(&desk->core, &key, false);
    (void)snprintf(wanted, sizeof wanted, "\"key\":\"%s\",\"state\":\"down\"", text);
    (void)last(desk, EVENTS_PEER, wanted);
}

static void an_import_tells_what_became_of_its_records(void **state)
{
    struct desk *desk = *state;
    const struct announce_import import = {
        .ticket = 9, .records = 6, .accepted = 3, .duplicate = 2, .refused = 1, .is_done = true};
    announce_import(&desk->core, &import);
    (void)last(desk, EVENTS_IMPORT,
               "\"import\":9,\"records\":6,\"accepted\":3,\"duplicate\":2,\"refused\":1,"
               "\"done\":true");
}

static void a_store_names_its_fault_until_it_is_over(void **state)
{
    struct desk *desk = *state;
    announce_store(&desk->core, TRUST_NO_ROOM);
    (void)last(desk, EVENTS_STORE, "\"fault\":\"TRUST_NO_ROOM\"");
    announce_store(&desk->core, TRUST_OK);
    (void)last(desk, EVENTS_STORE, "\"fault\":null");
}

static void the_longest_event_has_room(void **state)
{
    struct desk *desk = *state;
    char subject[TRUST_SUBJECT_TEXT_SIZE] = "mcp:io.example/";
    size_t size = strlen(subject);
    memset(subject + size, 'x', sizeof subject - 1 - size);
    uint32_t server = watch(desk, subject, 0);
    announce_breaker(&desk->core, server,
                     &(struct trust_breaker_event){.seq = UINT64_MAX,
                                                   .time = {1001},
                                                   .until = {60001},
                                                   .from = TRUST_BREAKER_FORCED_CLOSED,
                                                   .to = TRUST_BREAKER_METRICS_ONLY,
                                                   .reason = TRUST_BREAKER_BY_PROBES_FAILED,
                                                   .threshold = UINT32_MAX,
                                                   .observed = UINT32_MAX});
    const struct events_event *event = last(desk, EVENTS_BREAKER, NULL);
    assert_in_range(event->size, 400, TRUST_EVENT_SIZE_MAX);
    assert_non_null(strstr(event->data, subject));
    assert_memory_equal(event->data + event->size - 20, "18446744073709551615", 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_breaker_tells_its_transition_in_wall_time, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_quarantine_tells_its_rule_and_its_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_what_the_operator_named_is_for_agents, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_peer_comes_and_goes_by_its_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_import_tells_what_became_of_its_records, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_store_names_its_fault_until_it_is_over, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_longest_event_has_room, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
