/* The two clocks: wall time of the system, and one that never goes back. */
#include "node/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static uint64_t read_ms(clockid_t id)
{
    struct timespec now;
    assert_int_equal(clock_gettime(id, &now), 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void wall_time_is_the_systems_and_mono_goes_on_in_sleep(void **state)
{
    (void)state;
    uint64_t wall_ms = read_ms(CLOCK_REALTIME);
    uint64_t boot_ms = read_ms(CLOCK_BOOTTIME);
    struct trust_now now = clock_now();
    assert_in_range(now.wall.ms, wall_ms, wall_ms + 1000);
    assert_in_range(now.mono.ms, boot_ms, boot_ms + 1000);
}

static void mono_never_goes_back(void **state)
{
    (void)state;
    struct trust_mono last = clock_now().mono;
    for (int i = 0; i < 10000; i++) {
        struct trust_mono now = clock_now().mono;
        assert_true(now.ms >= last.ms);
        last = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wall_time_is_the_systems_and_mono_goes_on_in_sleep),
        cmocka_unit_test(mono_never_goes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
