/* guard/backoff: ever later, never not at all, and forgiven after a healthy run. */
#include "guard/backend/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct trust_mono at(uint64_t ms)
{
    return (struct trust_mono){.ms = ms};
}

static void waits_double_up_to_a_minute(void **state)
{
    (void)state;
    static const uint32_t waits[] = {250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};
    struct backoff backoff = {0};
    uint64_t now = 1000;
    assert_int_equal(backoff_left_ms(&backoff, at(now)), 0);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        backoff_start(&backoff, at(now));
        backoff_end(&backoff, at(now + 10));
        assert_int_equal(backoff_left_ms(&backoff, at(now + 10)), waits[i]);
        assert_int_equal(backoff_left_ms(&backoff, at(now + 11)), waits[i] - 1);
        now += 10 + waits[i];
        assert_int_equal(backoff_left_ms(&backoff, at(now)), 0);
    }
}

static void a_healthy_run_is_forgiven_everything(void **state)
{
    (void)state;
    struct backoff backoff = {0};
    for (int i = 0; i < 6; i++)
        backoff_end(&backoff, at(0));
    backoff_start(&backoff, at(100000));
    backoff_end(&backoff, at(100000 + BACKOFF_HEALTHY_MS - 1));
    assert_int_equal(backoff.wait_ms, 16000);
    backoff_start(&backoff, at(300000));
    backoff_end(&backoff, at(300000 + BACKOFF_HEALTHY_MS));
    assert_int_equal(backoff.wait_ms, BACKOFF_MS_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_double_up_to_a_minute),
        cmocka_unit_test(a_healthy_run_is_forgiven_everything),
    };
    return cmocka_run_group_tests_name("guard/backoff", tests, NULL, NULL);
}
