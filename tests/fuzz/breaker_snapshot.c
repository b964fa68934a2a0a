/* Snapshots of breakers from disk: what loads behaves, and saves back to what it came from. */
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"
#include "shield/persist.h"

#define NOW_MS UINT64_C(3600000)

static void check_loaded(struct trust_breaker *cell, struct trust_breaker_context *context)
{
    uint8_t first[TRUST_BREAKER_SNAPSHOT_SIZE];
    uint8_t second[TRUST_BREAKER_SNAPSHOT_SIZE];
    trust_breaker_save(cell, first, context);
    struct trust_breaker again;
    enum trust_error error =
        trust_breaker_load(&again, (struct trust_bytes){first, sizeof first}, 1, context);
    assert(error == TRUST_OK);
    trust_breaker_save(&again, second, context);
    /* All but the generation comes back the same, and the reason of half_open, which comes back
     * by way of open. */
    memset(first + 4, 0, 4);
    memset(second + 4, 0, 4);
    if (first[1] == TRUST_BREAKER_OPEN)
        first[2] = second[2];
    int difference = memcmp(first, second, sizeof first);
    assert(difference == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_breaker_policy policy = trust_breaker_policy_default();
    struct trust_breaker_context context = {.policy = &policy, .now = {NOW_MS}};
    struct trust_breaker cell;
    if (trust_breaker_load(&cell, (struct trust_bytes){data, size}, 1, &context) != TRUST_OK)
        return 0;
    check_loaded(&cell, &context);
    /* Whatever was in force ends, if it has an end at all, and then calls close it. */
    uint64_t until_ms = cell.until_ms;
    context.now.ms = until_ms == TRUST_MONO_NEVER ? 2 * NOW_MS : until_ms;
    for (int i = 0; i < 3; i++) {
        struct trust_permit permit;
        struct trust_outcome outcome = {.latency_ms = 1};
        if (trust_breaker_permit(&cell, &permit, 1, &context))
            trust_breaker_record(&cell, &permit, &outcome, &context);
    }
    enum trust_breaker_state state = trust_breaker_state(&cell, &context);
    assert(state == TRUST_BREAKER_CLOSED || until_ms == TRUST_MONO_NEVER);
    return 0;
}
