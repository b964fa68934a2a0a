/* node/events: the ring, resuming, and gaps. */
#include "node/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"

#define START 1700000000000u

static const struct trust_wall now = {.ms = START};

static int set_up(void **state)
{
    static struct events events;
    *state = &events;
    return events_open(&events, now) == TRUST_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    events_close(*state);
    return 0;
}

static void add(struct events *events, enum events_type type, bool is_for_agents)
{
    const struct events_news news = {
        .type = type, .is_for_agents = is_for_agents, .data = trust_bytes_text("\"a\":1")};
    events_add(events, &news, now);
}

/* The number of the next event for the reader; 0: none; 1: a gap. */
static uint64_t take(const struct events *events, struct events_cursor *cursor)
{
    const struct events_event *event = NULL;
    uint64_t gap_end = 0;
    switch (events_take(events, cursor, &event, &gap_end)) {
    case EVENTS_NONE:
        return 0;
    case EVENTS_ONE:
        return event->seq;
    case EVENTS_GAP:
        assert_int_equal(gap_end, events->first);
        return 1;
    }
    return 0;
}

static void a_reader_without_a_number_gets_what_comes_from_now_on(void **state)
{
    struct events *events = *state;
    add(events, EVENTS_PEER, false);
    struct events_cursor cursor = events_cursor_init(events, 0);
    assert_int_equal(take(events, &cursor), 0);
    add(events, EVENTS_STORE, false);
    assert_int_equal(take(events, &cursor), START + 1);
    assert_int_equal(take(events, &cursor), 0);
}

static void a_reader_resumes_behind_its_number(void **state)
{
    struct events *events = *state;
    for (int i = 0; i < 4; i++)
        add(events, EVENTS_PEER, false);
    struct events_cursor cursor = events_cursor_init(events, START + 1);
    assert_int_equal(take(events, &cursor), START + 2);
    assert_int_equal(take(events, &cursor), START + 3);
    assert_int_equal(take(events, &cursor), 0);
}

static void what_was_asked_for_is_all_that_comes(void **state)
{
    struct events *events = *state;
    add(events, EVENTS_PEER, false);
    add(events, EVENTS_BREAKER, false);
    add(events, EVENTS_BREAKER, true);
    struct events_cursor cursor = {.next = START, .types = 1u << EVENTS_BREAKER};
    assert_int_equal(take(events, &cursor), START + 1);
    assert_int_equal(take(events, &cursor), START + 2);
    cursor = (struct events_cursor){.next = START, .types = 31, .agents_only = true};
    assert_int_equal(take(events, &cursor), START + 2);
    assert_int_equal(take(events, &cursor), 0);
}

static void a_slow_reader_is_told_of_a_gap_and_goes_on(void **state)
{
    struct events *events = *state;
    struct events_cursor cursor = events_cursor_init(events, 0);
    for (uint32_t i = 0; i < TRUST_EVENTS_MAX + 3; i++)
        add(events, EVENTS_PEER, false);
    assert_int_equal(take(events, &cursor), 1);
    for (uint32_t i = 3; i < TRUST_EVENTS_MAX + 3; i++)
        assert_int_equal(take(events, &cursor), START + i);
    assert_int_equal(take(events, &cursor), 0);
}

static void a_number_of_another_life_is_a_gap(void **state)
{
    struct events *events = *state;
    add(events, EVENTS_PEER, false);
    static const uint64_t numbers[] = {1, START - 2, START + 1, UINT64_MAX - 1};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct events_cursor cursor = events_cursor_init(events, numbers[i]);
        assert_int_equal(take(events, &cursor), 1);
        assert_int_equal(take(events, &cursor), START);
    }
    struct events_cursor last = events_cursor_init(events, START);
    assert_int_equal(take(events, &last), 0);
    struct events_cursor before = events_cursor_init(events, START - 1);
    assert_int_equal(take(events, &before), START);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_reader_without_a_number_gets_what_comes_from_now_on),
        TEST(a_reader_resumes_behind_its_number),
        TEST(what_was_asked_for_is_all_that_comes),
        TEST(a_slow_reader_is_told_of_a_gap_and_goes_on),
        TEST(a_number_of_another_life_is_a_gap),
    };
    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
