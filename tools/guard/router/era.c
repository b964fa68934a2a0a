/* See era.h. */
#include "guard/router/era.h"

#include <stddef.h>

#include "wire/json.h"

/* In the order of time; JSON strings. */
static const char *const legacy[] = {"\"2024-11-05\"", "\"2025-03-26\"", "\"2025-06-18\"",
                                     "\"2025-11-25\""};
static const char *const modern[] = {"\"2026-07-28\""};

#define LEGACY_COUNT (sizeof legacy / sizeof *legacy)
#define MODERN_COUNT (sizeof modern / sizeof *modern)

static size_t find(const char *const *versions, size_t count, struct trust_bytes version)
{
    size_t i = 0;
    while (i < count && !trust_bytes_equal(version, trust_bytes_text(versions[i])))
        i++;
    return i;
}

enum era era_of_version(struct trust_bytes version)
{
    if (find(legacy, LEGACY_COUNT, version) < LEGACY_COUNT)
        return ERA_LEGACY;
    return find(modern, MODERN_COUNT, version) < MODERN_COUNT ? ERA_MODERN : ERA_NONE;
}

enum era era_of_request(const struct message *message)
{
    if (message->method == METHOD_INITIALIZE)
        return ERA_LEGACY;
    if (message->method == METHOD_DISCOVER || message->meta_version.size > 0)
        return ERA_MODERN;
    return ERA_NONE;
}

struct trust_bytes era_negotiate(struct trust_bytes asked, struct trust_bytes spoken)
{
    size_t least = find(legacy, LEGACY_COUNT, asked);
    size_t other = find(legacy, LEGACY_COUNT, spoken);
    if (other < least)
        least = other;
    return trust_bytes_text(legacy[least < LEGACY_COUNT ? least : LEGACY_COUNT - 1]);
}
