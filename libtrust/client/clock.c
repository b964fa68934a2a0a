/* See clock.h. */
#include "client/clock.h"

#include <stddef.h>
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

static struct trust_now read_system(void *context)
{
    (void)context;
    return (struct trust_now){.wall = {.ms = read_ms(CLOCK_REALTIME)},
                              .mono = {.ms = read_ms(CLOCK_BOOTTIME)}};
}

struct trust_client_clock trust_client_clock_system(void)
{
    return (struct trust_client_clock){.read = read_system};
}
