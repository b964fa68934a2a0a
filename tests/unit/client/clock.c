/* client/clock: the clocks are those of the node's heartbeat. */
#include "client/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static uint64_t milliseconds(clockid_t id)
{
    struct timespec time;
    assert_int_equal(clock_gettime(id, &time), 0);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static void wall_is_real_time_and_mono_counts_from_boot(void **state)
{
    (void)state;
    const struct trust_client_clock clock = trust_client_clock_system();
    uint64_t wall_before = milliseconds(CLOCK_REALTIME);
    uint64_t mono_before = milliseconds(CLOCK_BOOTTIME);
    struct trust_now now = trust_client_clock_read(&clock);
    assert_in_range(now.wall.ms, wall_before, milliseconds(CLOCK_REALTIME));
    assert_in_range(now.mono.ms, mono_before, milliseconds(CLOCK_BOOTTIME));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wall_is_real_time_and_mono_counts_from_boot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
