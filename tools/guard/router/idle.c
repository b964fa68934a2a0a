/* See idle.h. */
#include "guard/router/idle.h"

#include "guard/router/notices.h"
#include "guard/router/send.h"

void idle_used(struct router *r, uint32_t b, uint64_t now)
{
    if (r->config.idle_timeout_ms == 0)
        return;
    r->backends[b].used_ms = now;
    state_due(r, now + r->config.idle_timeout_ms);
}

static bool is_called(const struct router *r, uint32_t b)
{
    for (uint32_t i = 0; i < r->calls.count; i++) {
        const struct call *call = calls_at(&r->calls, i);
        bool is_of_backend = call->state == CALL_WAITING || call->state == CALL_PARKED ||
                             call->state == CALL_SENT || call->state == CALL_HELD;
        if (is_of_backend && call->backend == b)
            return true;
    }
    return false;
}

/* Nothing goes on there, and the client expects nothing of it. */
static bool is_unused(const struct router *r, uint32_t b)
{
    const struct backend *backend = &r->backends[b];
    return backend->phase == BACKEND_READY && backend->asked_id == 0 && !backend->is_stale &&
           backend->open_requests == 0 && !notices_has_owner(r, b) && !is_called(r, b);
}

void idle_spare(struct router *r, uint32_t b)
{
    if (!is_unused(r, b))
        return;
    r->backends[b].is_idle = true;
    send_stop(r, b);
}

void idle_time(struct router *r, uint64_t now)
{
    uint64_t timeout_ms = r->config.idle_timeout_ms;
    for (uint32_t b = 0; b < r->backend_count && timeout_ms != 0; b++) {
        struct backend *backend = &r->backends[b];
        if (backend->phase != BACKEND_READY)
            continue;
        if (!is_unused(r, b) && backend->used_ms + timeout_ms <= now)
            backend->used_ms = now;
        if (backend->used_ms + timeout_ms > now) {
            state_due(r, backend->used_ms + timeout_ms);
            continue;
        }
        idle_spare(r, b);
    }
}

void idle_stopped(struct router *r, uint32_t b)
{
    struct backend *backend = &r->backends[b];
    backend->is_idle = false;
    backend->next_number = 0;
    backend->phase = BACKEND_IDLE;
    if (is_called(r, b))
        send_start(r, b);
}
