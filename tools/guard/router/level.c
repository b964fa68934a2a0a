/* See level.h. */
#include "guard/router/level.h"

#include <stdlib.h>

#include "guard/router/send.h"
#include "guard/router/translate.h"
#include "wire/json.h"

static void tell(struct router *r, uint32_t b)
{
    const struct backend *backend = &r->backends[b];
    if (backend->phase == BACKEND_READY && backend->has_logging && backend->era == ERA_LEGACY)
        send_own(r, b, "logging/setLevel", "level", trust_bytes_text(r->log_level));
}

void level_set(struct router *r, struct trust_bytes level)
{
    free(r->log_level);
    r->log_level = text_copy(level);
    translate_level(r);
    for (uint32_t b = 0; b < r->backend_count; b++)
        tell(r, b);
}

void level_hear(struct router *r, const struct call *call)
{
    struct trust_bytes level;
    const struct message *message = &call->message;
    if (!translate_is_between(r, call->backend, ERA_MODERN) ||
        json_kind(message->meta) != JSON_KIND_OBJECT ||
        json_find(&level, message->meta, "io.modelcontextprotocol/logLevel") != TRUST_OK ||
        json_kind(level) != JSON_KIND_STRING || level.size > TRUST_GUARD_LEVEL_SIZE_MAX)
        return;
    bool is_known =
        r->log_level != NULL && trust_bytes_equal(level, trust_bytes_text(r->log_level));
    if (!is_known)
        level_set(r, level);
}

void level_tell(struct router *r, uint32_t backend)
{
    if (r->log_level != NULL)
        tell(r, backend);
}

bool level_is_wanted(const struct router *r, uint32_t backend)
{
    return !translate_is_between(r, backend, ERA_MODERN) || r->log_level != NULL;
}
