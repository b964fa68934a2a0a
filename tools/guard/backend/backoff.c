/* See backoff.h. */
#include "guard/backend/backoff.h"

void backoff_start(struct backoff *backoff, struct trust_mono now)
{
    backoff->began = now;
}

void backoff_end(struct backoff *backoff, struct trust_mono now)
{
    if (backoff->wait_ms == 0 || now.ms - backoff->began.ms >= BACKOFF_HEALTHY_MS)
        backoff->wait_ms = BACKOFF_MS_MIN;
    else if (backoff->wait_ms < BACKOFF_MS_MAX / 2)
        backoff->wait_ms *= 2;
    else
        backoff->wait_ms = BACKOFF_MS_MAX;
    backoff->due.ms = now.ms + backoff->wait_ms;
}

uint64_t backoff_left_ms(const struct backoff *backoff, struct trust_mono now)
{
    return backoff->due.ms > now.ms ? backoff->due.ms - now.ms : 0;
}
