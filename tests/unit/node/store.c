/* node/store: what is durable stays, what is refused says why, and numbers are told in order. */
#include "node/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

static void what_was_told_durable_is_there_after_reopening(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint64_t i = 0; i < 20; i++)
        (void)fixture_store(fixture, i % 3, (unsigned)i, i);
    fixture_stop(fixture);
    fixture_start(fixture);
    uint64_t damaged = 1;
    struct fixture_seen seen = fixture_load(fixture, &damaged);
    assert_int_equal(seen.count, 20);
    assert_int_equal(damaged, 0);
    struct store_stats stats;
    store_stats(fixture->store, &stats);
    assert_int_equal(stats.record_count, 20);
    assert_int_equal(stats.author_count, 3);
    assert_int_equal(stats.damaged_count, 0);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, 20);
    assert_int_equal(report.author_count, 3);
    fixture_close(fixture);
}

static void closing_commits_what_was_submitted(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint64_t i = 0; i < 50; i++) {
        struct fixture_record record = fixture_rate(fixture, 0, (unsigned)i, i);
        struct store_change change = fixture_put(fixture, &record);
        change.urgent = false;
        fixture_submit(fixture, change);
    }
    fixture_stop(fixture);
    fixture_start(fixture);
    uint64_t damaged = 0;
    assert_int_equal(fixture_load(fixture, &damaged).count, 50);
    fixture_close(fixture);
}

static void changes_that_nobody_waits_for_are_committed_together(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (uint64_t i = 0; i < 200; i++) {
        struct fixture_record record = fixture_rate(fixture, 0, (unsigned)i, i);
        struct store_change change = fixture_put(fixture, &record);
        change.urgent = false;
        fixture_submit(fixture, change);
    }
    fixture_settle(fixture);
    struct store_stats stats;
    store_stats(fixture->store, &stats);
    assert_int_equal(stats.record_count, 200);
    assert_in_range(stats.commit_count, 1, 5);
    assert_int_equal(stats.queued_size, 0);
    fixture_close(fixture);
}

static void a_change_without_a_number_answers_nothing(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct store_change change = fixture_state(fixture, "a", "1");
    change.number = 0;
    fixture_submit(fixture, change);
    assert_int_equal(fixture_poll(fixture).durable, 0);
    change = fixture_state(fixture, "b", "2");
    change.number = 7;
    fixture_submit(fixture, change);
    assert_int_equal(fixture_poll(fixture).durable, 7);
    fixture_close(fixture);
}

static void a_put_over_the_limit_is_refused_until_something_is_erased(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", 0);
    struct fixture_record first = fixture_rate(fixture, 0, 1, 1);
    struct fixture_record second = fixture_rate(fixture, 0, 2, 2);
    fixture->options.limit_size = first.bytes.size + second.bytes.size - 1;
    fixture_start(fixture);
    fixture_submit(fixture, fixture_put(fixture, &first));
    struct trust_head before = fixture->heads[0];
    struct store_change change = fixture_put(fixture, &second);
    assert_int_equal(store_submit(fixture->store, &change), TRUST_NO_ROOM);
    fixture->number--;
    fixture->heads[0] = before;
    fixture_submit(fixture, fixture_erase(fixture, &first, 0));
    fixture_settle(fixture);
    fixture_submit(fixture, fixture_put(fixture, &second));
    fixture_settle(fixture);
    struct store_stats stats;
    store_stats(fixture->store, &stats);
    assert_int_equal(stats.record_size, second.bytes.size);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    fixture_close(fixture);
}

static void a_full_ring_refuses_puts_takes_erasures_and_has_room_again(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record record = fixture_rate(fixture, 0, 1, 1);
    struct store_change put = fixture_put(fixture, &record);
    put.continues = true; /* of a group whose end is not there nothing may be committed */
    put.number = 0;
    uint32_t taken = 0;
    while (store_submit(fixture->store, &put) == TRUST_OK)
        put.continues = ++taken % TRUST_STORE_GROUP_MAX != 0;
    assert_in_range(taken, 5000, 10000000);
    struct store_change erase = fixture_erase(fixture, &record, 0);
    struct store_progress progress;
    enum trust_error error = TRUST_NO_BUSY;
    do {
        error = store_submit(fixture->store, &erase);
        store_poll(fixture->store, &progress);
    } while (error != TRUST_OK);
    while (progress.durable < erase.number || !progress.has_room)
        progress = fixture_poll(fixture);
    uint64_t damaged = 0;
    assert_int_equal(fixture_load(fixture, &damaged).count, 0);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_told_durable_is_there_after_reopening),
        cmocka_unit_test(closing_commits_what_was_submitted),
        cmocka_unit_test(changes_that_nobody_waits_for_are_committed_together),
        cmocka_unit_test(a_change_without_a_number_answers_nothing),
        cmocka_unit_test(a_put_over_the_limit_is_refused_until_something_is_erased),
        cmocka_unit_test(a_full_ring_refuses_puts_takes_erasures_and_has_room_again),
    };
    return cmocka_run_group_tests_name("node/store", tests, NULL, NULL);
}
