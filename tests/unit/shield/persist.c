/* shield/persist: what a restart keeps, and which bytes are no snapshot. */
#include "shield/persist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

#define SIZE TRUST_BREAKER_SNAPSHOT_SIZE

static void save(struct rig *rig, uint8_t out_bytes[SIZE])
{
    struct trust_breaker_context context = rig_context(rig);
    trust_breaker_save(&rig->breaker, out_bytes, &context);
}

static enum trust_error load(struct rig *rig, const uint8_t *bytes, size_t size)
{
    struct trust_breaker_context context = rig_context(rig);
    return trust_breaker_load(&rig->breaker, (struct trust_bytes){bytes, size}, 99, &context);
}

/* Saves at one time, and loads at another of a clock that began anew. */
static void restart_at(struct rig *rig, uint64_t now_ms)
{
    uint8_t bytes[SIZE];
    save(rig, bytes);
    rig->now_ms = now_ms;
    rig->events.count = 0;
    assert_int_equal(load(rig, bytes, sizeof bytes), TRUST_OK);
}

static void an_opening_keeps_its_remaining_time(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 500000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    (void)rig_call(&rig, TRUST_OUTCOME_OK);
    rig.now_ms = 501200;
    restart_at(&rig, 10000);
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.state, TRUST_BREAKER_OPEN);
    assert_int_equal(view.reason, TRUST_BREAKER_BY_STREAK);
    assert_int_equal(view.until.ms, 13800);
    assert_int_equal(view.since.ms, 8800);
    assert_int_equal(view.denied, 1);
    assert_int_equal(view.backoff_k, 1);
    assert_int_equal(view.generation, 3);
    assert_int_equal(rig.events.count, 1);
    assert_int_equal(rig.events.event[0].reason, TRUST_BREAKER_BY_RESTART);
    assert_int_equal(rig.events.event[0].to, TRUST_BREAKER_OPEN);
}

static void half_open_comes_back_as_open_with_nothing_left(void **state)
{
    (void)state;
    struct rig rig;
    struct trust_permit permit;
    rig_init(&rig, 0);
    rig_half_open(&rig);
    assert_true(rig_ask(&rig, &permit, AGENT));
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 1);
    restart_at(&rig, 7000);
    assert_int_equal(rig.breaker.state, TRUST_BREAKER_OPEN);
    assert_int_equal(rig.breaker.until_ms, 7000);
    assert_int_equal(rig_view(&rig).state, TRUST_BREAKER_HALF_OPEN);
    assert_int_equal(rig_view(&rig).calls, 0);
    assert_int_equal(rig_view(&rig).leases, 0);
    /* The lease of the earlier life is void. */
    rig_tell(&rig, &permit, outcome_of(TRUST_OUTCOME_OK));
    assert_int_equal(rig_view(&rig).calls, 0);
}

static void counters_and_latencies_begin_empty(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_latency(&rig, 40, 25);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 4);
    restart_at(&rig, 5000);
    struct trust_breaker_view view = rig_view(&rig);
    assert_int_equal(view.calls, 0);
    assert_int_equal(view.streak, 0);
    assert_int_equal(view.ewma_ms, 0);
    assert_int_equal(view.p50_ms, 0);
}

static void forced_states_survive_with_their_rest_and_their_note(void **state)
{
    (void)state;
    for (int verb = TRUST_BREAKER_FORCE_OPEN; verb <= TRUST_BREAKER_WATCH; verb++) {
        for (int has_end = 0; has_end < 2; has_end++) {
            struct rig rig;
            rig_init(&rig, 1000);
            rig_order(&rig, (enum trust_breaker_verb)verb, has_end ? 61000 : TRUST_MONO_NEVER);
            enum trust_breaker_state before = rig_view(&rig).state;
            rig.now_ms = 11000;
            restart_at(&rig, 300);
            struct trust_breaker_view view = rig_view(&rig);
            assert_int_equal(view.state, before);
            assert_int_equal(view.note, 5);
            assert_true(view.until.ms == (has_end ? 50300 : TRUST_MONO_NEVER));
        }
    }
}

static void k_and_the_start_of_closed_are_kept(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    rig_advance(&rig, 5000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 2);
    rig_advance(&rig, 15000);
    rig_calls(&rig, TRUST_OUTCOME_OK, 2); /* closed, k = 2 */
    rig.now_ms = 35000;
    restart_at(&rig, 100000);
    assert_int_equal(rig_view(&rig).since.ms, 80000);
    assert_int_equal(rig_view(&rig).backoff_k, 2);
    rig.now_ms = 110000;
    assert_int_equal(rig_view(&rig).backoff_k, 1);
}

static void a_state_older_than_the_clock_keeps_its_k(void **state)
{
    (void)state;
    static const struct {
        uint64_t spent_ms, now_ms;
        uint32_t k; /* of 2 */
        uint64_t since_ms, falls_ms;
    } rows[] = {
        {20000, 5000, 2, 5000, 35000},  /* nothing whole: its 20 s are lost */
        {50000, 5000, 1, 5000, 35000},  /* one window, and 20 s lost */
        {50000, 25000, 1, 5000, 35000}, /* one window, and its 20 s fit */
        {60000, 1000, 0, 1000, 31000},  {900000, 1000, 0, 1000, 31000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig rig;
        rig_init(&rig, 1000000);
        rig.breaker.k = 2;
        rig.now_ms += rows[i].spent_ms;
        restart_at(&rig, rows[i].now_ms);
        assert_int_equal(rig_view(&rig).backoff_k, rows[i].k);
        assert_int_equal(rig_view(&rig).since.ms, rows[i].since_ms);
        rig.now_ms = rows[i].falls_ms - 1;
        assert_int_equal(rig_view(&rig).backoff_k, rows[i].k);
        rig.now_ms = rows[i].falls_ms;
        assert_int_equal(rig_view(&rig).backoff_k, rows[i].k > 0 ? rows[i].k - 1 : 0);
    }
}

static void saving_brings_the_cell_up_to_its_time(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    struct trust_breaker before = rig.breaker;
    uint8_t bytes[SIZE];
    rig.now_ms = 4000;
    save(&rig, bytes);
    assert_int_equal(bytes[39], 1000 & 0xff);
    rig.now_ms = 6000;
    save(&rig, bytes);
    assert_int_equal(bytes[1], TRUST_BREAKER_OPEN);
    assert_int_equal(bytes[39], 0);
    assert_memory_equal(&before, &rig.breaker, sizeof before);
}

static void the_bytes_are_the_same_on_every_machine(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 1000);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    rig.breaker.denied = 0x0102030405060708;
    rig.breaker.note = 0x0a0b0c0d;
    rig.now_ms = 1258;
    uint8_t bytes[SIZE];
    save(&rig, bytes);
    static const uint8_t wanted[SIZE] = {
        1, 1, 1, 1, 0, 0, 0, 2, 0x0a, 0x0b, 0x0c, 0x0d, 0, 0, 0, 0, 1, 2, 3,    4,
        5, 6, 7, 8, 0, 0, 0, 0, 0,    0,    1,    2,    0, 0, 0, 0, 0, 0, 0x12, 0x86,
    };
    assert_memory_equal(bytes, wanted, SIZE);
}

static void bytes_that_are_never_written_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
        enum trust_error error;
    } rows[] = {
        {0, 0, TRUST_NO_VERSION}, {0, 2, TRUST_NO_VERSION}, {1, 2, TRUST_NO_RANGE},
        {1, 6, TRUST_NO_RANGE},   {1, 255, TRUST_NO_RANGE}, {1, 0, TRUST_NO_RANGE},
        {2, 14, TRUST_NO_RANGE},  {12, 1, TRUST_NO_RANGE},  {15, 1, TRUST_NO_RANGE},
        {24, 1, TRUST_NO_RANGE},  {25, 1, TRUST_NO_RANGE},  {32, 255, TRUST_NO_RANGE},
        {35, 1, TRUST_NO_RANGE},
    };
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    uint8_t bytes[SIZE];
    save(&rig, bytes);
    struct trust_breaker before = rig.breaker;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t copy[SIZE];
        memcpy(copy, bytes, SIZE);
        copy[rows[i].at] = rows[i].value;
        assert_int_equal(load(&rig, copy, SIZE), rows[i].error);
    }
    for (size_t size = 0; size < SIZE; size++)
        assert_int_equal(load(&rig, bytes, size), TRUST_NO_SIZE);
    assert_memory_equal(&before, &rig.breaker, sizeof before);
    assert_int_equal(load(&rig, bytes, SIZE), TRUST_OK);
}

static void an_opening_has_at_most_a_day_left(void **state)
{
    (void)state;
    struct rig rig;
    rig_init(&rig, 0);
    rig_calls(&rig, TRUST_OUTCOME_REFUSED, 5);
    rig.breaker.until_ms = 86400000;
    uint8_t bytes[SIZE];
    save(&rig, bytes);
    assert_int_equal(load(&rig, bytes, SIZE), TRUST_OK);
    rig.breaker.until_ms = 86400001;
    save(&rig, bytes);
    assert_int_equal(load(&rig, bytes, SIZE), TRUST_NO_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opening_keeps_its_remaining_time),
        cmocka_unit_test(half_open_comes_back_as_open_with_nothing_left),
        cmocka_unit_test(counters_and_latencies_begin_empty),
        cmocka_unit_test(forced_states_survive_with_their_rest_and_their_note),
        cmocka_unit_test(k_and_the_start_of_closed_are_kept),
        cmocka_unit_test(a_state_older_than_the_clock_keeps_its_k),
        cmocka_unit_test(saving_brings_the_cell_up_to_its_time),
        cmocka_unit_test(the_bytes_are_the_same_on_every_machine),
        cmocka_unit_test(an_opening_has_at_most_a_day_left),
        cmocka_unit_test(bytes_that_are_never_written_are_refused),
    };
    return cmocka_run_group_tests_name("shield/persist", tests, NULL, NULL);
}
