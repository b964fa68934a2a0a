/* node/api/stream: what a reader of events is sent, when it is woken, and how many there may be. */
#include "node/api/stream.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "desk.h"

/* Numbers of events begin at the time the node started. */
#define FIRST RIG_START_MS

struct reader {
    struct api_call call;
    int woken;
    char text[4096];
};

static void note(struct api_call *call)
{
    ((struct reader *)call)->woken++;
}

static int set_up(void **state)
{
    struct desk *desk = desk_open();
    *state = desk;
    return events_open(&desk->core.events, desk->core.now.wall) != TRUST_OK;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    assert_int_equal(desk->api.readers.agents + desk->api.readers.operators, 0);
    events_close(&desk->core.events);
    desk_close(desk);
    return 0;
}

static void add(struct desk *desk, enum events_type type, bool is_for_agents)
{
    const struct events_news news = {
        .type = type, .is_for_agents = is_for_agents, .data = trust_bytes_text("\"a\":1")};
    events_add(&desk->core.events, &news, desk->core.now.wall);
}

static void connect_reader(struct desk *desk, struct reader *reader, enum api_rights rights,
                           const char *target)
{
    *reader = (struct reader){.call = {.core = &desk->core, .api = &desk->api, .go_on = note}};
    reader->call.request.rights = rights;
    assert_int_equal(api_request_parse(&reader->call.request, target), TRUST_OK);
    stream_events(&reader->call);
}

/* Everything it can be sent for now, in pieces of this size; it waits after it. */
static const char *drain(struct reader *reader, size_t piece)
{
    size_t size = 0;
    ssize_t got = 0;
    while ((got = reader->call.answer.produce(&reader->call, reader->text + size, piece)) !=
           API_STREAM_WAIT) {
        assert_true(got > 0 && (size_t)got <= piece);
        size += (size_t)got;
        assert_true(size + piece < sizeof reader->text);
    }
    reader->text[size] = '\0';
    return reader->text;
}

static void open_reader(struct desk *desk, struct reader *reader, enum api_rights rights,
                        const char *target)
{
    char greeting[48];
    (void)snprintf(greeting, sizeof greeting, ": after %" PRIu64 "\n\n",
                   desk->core.events.next - 1);
    connect_reader(desk, reader, rights, target);
    assert_int_equal(reader->call.answer.status, 200);
    assert_string_equal(reader->call.answer.type, "text/event-stream");
    assert_string_equal(drain(reader, 512), greeting);
}

static void refused(struct reader *reader, int status, const char *code, const char *detail)
{
    assert_int_equal(reader->call.answer.status, status);
    assert_non_null(strstr(reader->call.answer.text, code));
    assert_non_null(strstr(reader->call.answer.text, detail));
    api_call_close(&reader->call);
}

#define EVENT(number, type)                                                                        \
    "id: " number "\nevent: " type "\ndata: {\"seq\":" number                                      \
    ",\"time\":\"2026-11-20T00:00:00Z\",\"type\":\"" type "\",\"a\":1}\n\n"

static void events_are_sent_in_order_whatever_the_pieces(void **state)
{
    struct desk *desk = *state;
    static const size_t pieces[] = {1, 7, 512};
    struct reader readers[3];
    for (size_t i = 0; i < 3; i++)
        open_reader(desk, &readers[i], API_RIGHTS_OPERATOR, "/");
    add(desk, EVENTS_PEER, false);
    add(desk, EVENTS_BREAKER, true);
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(drain(&readers[i], pieces[i]),
                            EVENT("1795132800000", "peer") EVENT("1795132800001", "breaker"));
        assert_string_equal(drain(&readers[i], pieces[i]), "");
        api_call_close(&readers[i].call);
    }
}

static void a_reader_resumes_behind_the_number_it_saw(void **state)
{
    struct desk *desk = *state;
    struct reader reader;
    for (int i = 0; i < 3; i++)
        add(desk, EVENTS_STORE, false);
    connect_reader(desk, &reader, API_RIGHTS_OPERATOR, "/?since=1795132800000");
    assert_string_equal(drain(&reader, 512),
                        ": after 1795132800000\n\n" EVENT("1795132800001", "store")
                            EVENT("1795132800002", "store"));
    api_call_close(&reader.call);
}

static void a_slow_reader_is_told_of_its_gap_and_goes_on(void **state)
{
    struct desk *desk = *state;
    struct reader reader;
    char wanted[160];
    open_reader(desk, &reader, API_RIGHTS_OPERATOR, "/");
    for (int i = 0; i < TRUST_EVENTS_MAX + 5; i++)
        add(desk, EVENTS_PEER, false);
    char first[512];
    ssize_t size = reader.call.answer.produce(&reader.call, first, sizeof first);
    (void)snprintf(wanted, sizeof wanted,
                   "id: %" PRIu64 "\nevent: gap\ndata: {\"type\":\"gap\",\"from\":%" PRIu64
                   ",\"to\":%" PRIu64 "}\n\n",
                   FIRST + 4, FIRST, FIRST + 4);
    assert_int_equal(size, strlen(wanted));
    assert_memory_equal(first, wanted, strlen(wanted));
    for (uint64_t i = 5; i < TRUST_EVENTS_MAX + 5; i++) {
        char id[32];
        (void)snprintf(id, sizeof id, "id: %" PRIu64 "\n", FIRST + i);
        size = reader.call.answer.produce(&reader.call, first, sizeof first);
        assert_true(size > 0);
        assert_memory_equal(first, id, strlen(id));
    }
    assert_string_equal(drain(&reader, 512), "");
    api_call_close(&reader.call);
}

static void a_number_of_another_life_is_a_gap(void **state)
{
    struct desk *desk = *state;
    static const char *const targets[] = {"/?since=5", "/?since=9007199254740992"};
    for (size_t i = 0; i < 2; i++) {
        struct reader reader;
        connect_reader(desk, &reader, API_RIGHTS_OPERATOR, targets[i]);
        assert_non_null(strstr(drain(&reader, 512), "event: gap\n"));
        assert_non_null(strstr(reader.text, "\"to\":1795132799999}\n\n"));
        api_call_close(&reader.call);
    }
}

static void readers_get_what_they_asked_for_and_may_know(void **state)
{
    struct desk *desk = *state;
    static const struct {
        enum api_rights rights;
        const char *target;
        const char *text;
    } rows[] = {
        {API_RIGHTS_OPERATOR, "/?type=breaker",
         EVENT("1795132800000", "breaker") EVENT("1795132800001", "breaker")},
        {API_RIGHTS_OPERATOR, "/?type=import", EVENT("1795132800003", "import")},
        {API_RIGHTS_AGENT, "/",
         EVENT("1795132800001", "breaker") EVENT("1795132800002", "quarantine")},
        {API_RIGHTS_AGENT, "/?type=quarantine", EVENT("1795132800002", "quarantine")},
    };
    struct reader readers[4];
    for (size_t i = 0; i < 4; i++)
        open_reader(desk, &readers[i], rows[i].rights, rows[i].target);
    add(desk, EVENTS_BREAKER, false);
    add(desk, EVENTS_BREAKER, true);
    add(desk, EVENTS_QUARANTINE, true);
    add(desk, EVENTS_IMPORT, true);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(drain(&readers[i], 512), rows[i].text);
        api_call_close(&readers[i].call);
    }
}

static void wrong_queries_are_refused(void **state)
{
    struct desk *desk = *state;
    static const struct {
        enum api_rights rights;
        const char *target;
        int status;
        const char *code;
        const char *detail;
    } rows[] = {
        {API_RIGHTS_AGENT, "/?type=peer", 403, "TRUST_NO_PERMISSION", "breakers and quarantines"},
        {API_RIGHTS_AGENT, "/?type=import", 403, "TRUST_NO_PERMISSION", "agents are told"},
        {API_RIGHTS_AGENT, "/?type=store", 403, "TRUST_NO_PERMISSION", "agents are told"},
        {API_RIGHTS_OPERATOR, "/?type=gap", 400, "TRUST_NO_RANGE", "type: not one of breaker"},
        {API_RIGHTS_OPERATOR, "/?since=9007199254740993", 400, "TRUST_NO_RANGE", "since"},
        {API_RIGHTS_OPERATOR, "/?since=-1", 400, "TRUST_NO_TYPE", "since"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reader reader;
        connect_reader(desk, &reader, rows[i].rights, rows[i].target);
        refused(&reader, rows[i].status, rows[i].code, rows[i].detail);
    }
}

static void each_socket_has_its_own_bound_of_readers(void **state)
{
    struct desk *desk = *state;
    static struct reader readers[2 * TRUST_EVENTS_READERS_MAX];
    struct reader late;
    static const enum api_rights sides[] = {API_RIGHTS_AGENT, API_RIGHTS_OPERATOR};
    for (size_t i = 0; i < 2 * TRUST_EVENTS_READERS_MAX; i++)
        open_reader(desk, &readers[i], sides[i % 2], "/");
    for (size_t i = 0; i < 2; i++) {
        connect_reader(desk, &late, sides[i], "/");
        refused(&late, 503, "TRUST_NO_BUSY", "16 readers of events");
    }
    api_call_close(&readers[6].call);
    connect_reader(desk, &late, API_RIGHTS_OPERATOR, "/");
    refused(&late, 503, "TRUST_NO_BUSY", "16 readers of events");
    open_reader(desk, &late, API_RIGHTS_AGENT, "/");
    add(desk, EVENTS_BREAKER, true);
    stream_turn(&desk->api, desk->core.now.mono);
    assert_int_equal(late.woken, 1);
    assert_int_equal(readers[6].woken, 0);
    api_call_close(&late.call);
    for (size_t i = 0; i < 2 * TRUST_EVENTS_READERS_MAX; i++) {
        assert_int_equal(readers[i].woken, i != 6);
        api_call_close(&readers[i].call);
    }
}

static void who_waits_is_woken_once_by_what_it_wants(void **state)
{
    struct desk *desk = *state;
    struct reader agent;
    struct reader busy;
    open_reader(desk, &agent, API_RIGHTS_AGENT, "/");
    connect_reader(desk, &busy, API_RIGHTS_AGENT, "/");
    stream_turn(&desk->api, desk->core.now.mono);
    add(desk, EVENTS_BREAKER, false);
    add(desk, EVENTS_PEER, false);
    stream_turn(&desk->api, desk->core.now.mono);
    assert_int_equal(agent.woken, 0);
    add(desk, EVENTS_BREAKER, true);
    stream_turn(&desk->api, desk->core.now.mono);
    stream_turn(&desk->api, desk->core.now.mono);
    assert_int_equal(agent.woken, 1);
    assert_int_equal(busy.woken, 0);
    assert_string_equal(drain(&agent, 512), EVENT("1795132800002", "breaker"));
    stream_turn(&desk->api, desk->core.now.mono);
    assert_int_equal(agent.woken, 1);
    api_call_close(&agent.call);
    api_call_close(&busy.call);
}

static void events_for_others_are_no_gap(void **state)
{
    struct desk *desk = *state;
    struct reader reader;
    open_reader(desk, &reader, API_RIGHTS_AGENT, "/");
    for (int i = 0; i < 3 * TRUST_EVENTS_MAX; i++) {
        add(desk, EVENTS_BREAKER, false);
        if (i % 256 == 0)
            stream_turn(&desk->api, desk->core.now.mono);
    }
    assert_int_equal(reader.woken, 0);
    add(desk, EVENTS_BREAKER, true);
    stream_turn(&desk->api, desk->core.now.mono);
    assert_int_equal(reader.woken, 1);
    assert_string_equal(drain(&reader, 512), EVENT("1795132803072", "breaker"));
    api_call_close(&reader.call);
}

static void silence_is_broken_by_a_beat(void **state)
{
    struct desk *desk = *state;
    struct reader reader;
    struct trust_mono now = desk->core.now.mono;
    assert_int_equal(stream_deadline(&desk->api).ms, UINT64_MAX);
    stream_turn(&desk->api, now);
    open_reader(desk, &reader, API_RIGHTS_AGENT, "/");
    assert_int_equal(stream_deadline(&desk->api).ms, now.ms + TRUST_EVENTS_BEAT_MS);
    now.ms += TRUST_EVENTS_BEAT_MS - 1;
    stream_turn(&desk->api, now);
    assert_int_equal(reader.woken, 0);
    now.ms++;
    stream_turn(&desk->api, now);
    assert_int_equal(reader.woken, 1);
    assert_int_equal(stream_deadline(&desk->api).ms, now.ms + TRUST_EVENTS_BEAT_MS);
    assert_string_equal(drain(&reader, 512), ": still here\n\n");
    stream_turn(&desk->api, now);
    assert_int_equal(reader.woken, 1);
    api_call_close(&reader.call);
    assert_int_equal(stream_deadline(&desk->api).ms, UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(events_are_sent_in_order_whatever_the_pieces, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_reader_resumes_behind_the_number_it_saw, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_slow_reader_is_told_of_its_gap_and_goes_on, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_number_of_another_life_is_a_gap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(readers_get_what_they_asked_for_and_may_know, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(wrong_queries_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_socket_has_its_own_bound_of_readers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_waits_is_woken_once_by_what_it_wants, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(events_for_others_are_no_gap, set_up, tear_down),
        cmocka_unit_test_setup_teardown(silence_is_broken_by_a_beat, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("node/api/stream", tests, NULL, NULL);
}
