/* record/life: where a record stands in time, at the edges of each rule. */
#include "record/life.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* 2026-11-20T00:00:00Z */
#define MIDNIGHT_S UINT64_C(1795132800)
#define DAY_S UINT64_C(86400)

static struct trust_record rating_at(uint64_t seq)
{
    return (struct trust_record){
        .kind = TRUST_KIND_RATING, .seq = seq, .expires = seq / 1000 + 100};
}

static struct trust_wall wall_s(uint64_t seconds)
{
    return (struct trust_wall){.ms = seconds * 1000};
}

static void time_is_whole_seconds_of_the_seq(void **state)
{
    (void)state;
    struct trust_record record = rating_at(1999);
    assert_int_equal(trust_record_time_s(&record), 1);
}

static void a_place_ends_at_the_first_midnight_760_days_later(void **state)
{
    (void)state;
    static const struct {
        uint64_t seq;
        uint64_t end_s;
    } rows[] = {
        {MIDNIGHT_S * 1000, MIDNIGHT_S + 760 * DAY_S},
        {MIDNIGHT_S * 1000 + 999, MIDNIGHT_S + 760 * DAY_S},
        {MIDNIGHT_S * 1000 + 1000, MIDNIGHT_S + 761 * DAY_S},
        {(MIDNIGHT_S + DAY_S) * 1000 - 1, MIDNIGHT_S + 761 * DAY_S},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trust_record record = rating_at(rows[i].seq);
        assert_int_equal(trust_record_place_end_s(&record), rows[i].end_s);
        assert_false(trust_record_is_past_place(
            &record, (struct trust_wall){.ms = rows[i].end_s * 1000 - 1}));
        assert_true(trust_record_is_past_place(&record, wall_s(rows[i].end_s)));
    }
}

static void a_revocation_never_expires_and_never_leaves_its_place(void **state)
{
    (void)state;
    struct trust_record record = {.kind = TRUST_KIND_REVOCATION, .seq = 1};
    struct trust_wall end = {.ms = UINT64_MAX};
    assert_int_equal(trust_record_place_end_s(&record), UINT64_MAX);
    assert_false(trust_record_is_past_place(&record, end));
    assert_false(trust_record_is_expired(&record, end));
}

static void a_record_expires_in_the_second_it_names(void **state)
{
    (void)state;
    struct trust_record record = rating_at(5000);
    assert_false(trust_record_is_expired(&record, (struct trust_wall){.ms = 104999}));
    assert_true(trust_record_is_expired(&record, (struct trust_wall){.ms = 105000}));
}

static void a_seq_may_be_600_seconds_ahead_and_not_a_millisecond_more(void **state)
{
    (void)state;
    struct trust_wall now = wall_s(MIDNIGHT_S);
    struct trust_record record = rating_at(now.ms + 600000);
    assert_false(trust_record_is_ahead(&record, now));
    record.seq++;
    assert_true(trust_record_is_ahead(&record, now));
    record.seq = UINT64_MAX;
    assert_true(trust_record_is_ahead(&record, now));
    record.seq = 0;
    assert_false(trust_record_is_ahead(&record, now));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_is_whole_seconds_of_the_seq),
        cmocka_unit_test(a_place_ends_at_the_first_midnight_760_days_later),
        cmocka_unit_test(a_revocation_never_expires_and_never_leaves_its_place),
        cmocka_unit_test(a_record_expires_in_the_second_it_names),
        cmocka_unit_test(a_seq_may_be_600_seconds_ahead_and_not_a_millisecond_more),
    };
    return cmocka_run_group_tests_name("record/life", tests, NULL, NULL);
}
