/* See clock.h. */
#include "node/clock.h"

#include <time.h>

#include "base/assert.h"

static uint64_t read_ms(clockid_t id)
{
    struct timespec time;
    int failed = clock_gettime(id, &time);
    assert(failed == 0);
    if (time.tv_sec < 0)
        return 0;
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

struct trust_now clock_now(void)
{
    return (struct trust_now){.wall = {.ms = read_ms(CLOCK_REALTIME)},
                              .mono = {.ms = read_ms(CLOCK_BOOTTIME)}};
}
