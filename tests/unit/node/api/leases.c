/* node/api/leases: leases as text, and how long a server is to be left alone. */
#include "node/api/leases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "trust/answer.h"

static void a_lease_is_read_as_it_was_written(void **state)
{
    (void)state;
    static const struct {
        struct leases_lease lease;
        const char *text;
    } rows[] = {
        {{.permit = {.generation = 1, .slot = 0, .check = 0}}, "1-0-0-0000000000000000"},
        {{.permit = {.generation = 7, .slot = 2, .check = 4711}, .holder = 0x1a},
         "7-2-4711-000000000000001a"},
        {{.permit = {.generation = UINT32_MAX, .slot = 254, .check = UINT16_MAX},
          .holder = UINT64_MAX},
         "4294967295-254-65535-ffffffffffffffff"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[LEASES_TEXT_SIZE];
        leases_format(text, &rows[i].lease);
        assert_string_equal(text, rows[i].text);
        struct leases_lease lease;
        assert_int_equal(leases_parse(&lease, text), TRUST_OK);
        assert_int_equal(lease.permit.generation, rows[i].lease.permit.generation);
        assert_int_equal(lease.permit.slot, rows[i].lease.permit.slot);
        assert_int_equal(lease.permit.check, rows[i].lease.permit.check);
        assert_true(lease.holder == rows[i].lease.holder);
    }
}

#define HOLDER "-0123456789abcdef"

static void anything_else_is_no_lease(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "1",
        "1-2",
        "1-2-3",
        "1-2-3-",
        "1-2" HOLDER,
        "-1-2-3" HOLDER,
        "1-2-3-4" HOLDER,
        "1-2-3" HOLDER "0",
        "1-2-3" HOLDER " ",
        "1-2-3-0123456789abcde",
        "1-2-3-0123456789abcdeg",
        "1-2-3-0123456789ABCDEF",
        " 1-2-3" HOLDER,
        "01-2-3" HOLDER,
        "1-02-3" HOLDER,
        "1-2-03" HOLDER,
        "4294967296-0-0" HOLDER,
        "1-255-0" HOLDER,
        "1-0-65536" HOLDER,
        "1--3" HOLDER,
        "+1-2-3" HOLDER,
        "1-2-0x3" HOLDER,
        "99999999999-0-0" HOLDER,
        "a-b-c" HOLDER,
        "1_2_3" HOLDER,
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct leases_lease lease = {.holder = 99};
        assert_int_equal(leases_parse(&lease, texts[i]), TRUST_NO_SYNTAX);
        assert_int_equal(lease.holder, 99);
    }
}

static void a_breaker_says_how_long_it_refuses(void **state)
{
    (void)state;
    const struct trust_mono now = {.ms = 1000};
    static const struct {
        enum trust_breaker_state state;
        uint64_t until_ms;
        uint64_t wait_ms;
    } rows[] = {
        {TRUST_BREAKER_CLOSED, TRUST_MONO_NEVER, 0},
        {TRUST_BREAKER_OPEN, 1500, 500},
        {TRUST_BREAKER_OPEN, 1000, 0},
        {TRUST_BREAKER_HALF_OPEN, TRUST_MONO_NEVER, 0},
        {TRUST_BREAKER_FORCED_OPEN, 61000, 60000},
        {TRUST_BREAKER_FORCED_OPEN, TRUST_MONO_NEVER, TRUST_NEVER_MS},
        {TRUST_BREAKER_FORCED_CLOSED, 5000, 0},
        {TRUST_BREAKER_METRICS_ONLY, 5000, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct trust_breaker_view view = {.state = rows[i].state,
                                                .until = {.ms = rows[i].until_ms}};
        assert_int_equal(leases_wait_ms(&view, now), rows[i].wait_ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lease_is_read_as_it_was_written),
        cmocka_unit_test(anything_else_is_no_lease),
        cmocka_unit_test(a_breaker_says_how_long_it_refuses),
    };
    return cmocka_run_group_tests_name("leases", tests, NULL, NULL);
}
