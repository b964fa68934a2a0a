/* base/date: against the C library's calendar, and against what is no date. */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "base/random.h"

static void dates_are_those_of_the_c_library(void **state)
{
    (void)state;
    struct trust_random random = trust_random_init(8);
    for (int i = 0; i < 20000; i++) {
        uint64_t unix_s = trust_random_below(&random, TRUST_DATE_S_MAX + 1);
        time_t time = (time_t)unix_s;
        struct tm tm;
        char expected[64];
        assert_non_null(gmtime_r(&time, &tm));
        assert_int_equal(strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%SZ", &tm), 20);
        char text[TRUST_DATE_SIZE];
        trust_date_encode(text, unix_s);
        assert_string_equal(text, expected);
        uint64_t back = 0;
        assert_true(trust_date_decode(&back, trust_bytes_text(text)));
        assert_true(back == unix_s);
    }
}

static void the_edges_of_calendar_and_day_are_right(void **state)
{
    (void)state;
    static const struct {
        uint64_t unix_s;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {4107542399, "2100-02-28T23:59:59Z"},
        {4107542400, "2100-03-01T00:00:00Z"},
        {TRUST_DATE_S_MAX, "9999-12-31T23:59:59Z"},
        {UINT64_MAX, "9999-12-31T23:59:59Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[TRUST_DATE_SIZE];
        trust_date_encode(text, rows[i].unix_s);
        assert_string_equal(text, rows[i].text);
    }
}

static void what_is_no_date_is_refused_and_nothing_is_written(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "2026-11-20T09:42:12",
        "2026-11-20T09:42:12z",
        "2026-11-20 09:42:12Z",
        "2026-11-20T09:42:60Z",
        "2026-11-20T09:60:12Z",
        "2026-11-20T24:00:00Z",
        "2026-11-31T09:42:12Z",
        "2026-02-29T09:42:12Z",
        "2100-02-29T00:00:00Z",
        "2026-13-20T09:42:12Z",
        "2026-00-20T09:42:12Z",
        "2026-11-00T09:42:12Z",
        "1969-12-31T23:59:59Z",
        "2026-11-20T09:42:1:Z",
        "2026-11-20T09:42:12Zx",
        "p026-11-20T09:42:12Z",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t unix_s = 77;
        assert_false(trust_date_decode(&unix_s, trust_bytes_text(bad[i])));
        assert_int_equal(unix_s, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_those_of_the_c_library),
        cmocka_unit_test(the_edges_of_calendar_and_day_are_right),
        cmocka_unit_test(what_is_no_date_is_refused_and_nothing_is_written),
    };
    return cmocka_run_group_tests_name("base/date", tests, NULL, NULL);
}
