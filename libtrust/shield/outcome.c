/* What each class of outcome does to a breaker, as one table: docs/reference/breaker.md prints the
 * same rows. */
#include "shield/outcome.h"

#include "base/assert.h"
#include "base/bytes.h"

const struct trust_outcome_effect trust_outcome_effects[TRUST_OUTCOME_CLASS_COUNT + 1] = {
    [TRUST_OUTCOME_OK] = {.breaks_streak = true},
    [TRUST_OUTCOME_REFUSED] = {.counts_in_streak = true, .half_failures = 2},
    [TRUST_OUTCOME_TIMEOUT] = {.counts_in_streak = true, .half_failures = 2, .is_slow = true},
    [TRUST_OUTCOME_HTTP5XX] = {.counts_in_streak = true, .half_failures = 2},
    [TRUST_OUTCOME_GARBAGE] = {.counts_in_streak = true, .half_failures = 2},
    [TRUST_OUTCOME_RATE_LIMITED] = {.half_failures = 2},
    [TRUST_OUTCOME_AUTH] = {.is_neutral = true},
    [TRUST_OUTCOME_SESSION_LOST] = {.is_neutral = true},
    [TRUST_OUTCOME_INTERNAL] = {.half_failures = 1},
    [TRUST_OUTCOME_CALLER] = {.is_neutral = true},
    [TRUST_OUTCOME_CANCELLED] = {.is_neutral = true},
    [TRUST_OUTCOME_CLASS_COUNT] = {.counts_in_streak = true, .half_failures = 2},
};

static const char *const names[TRUST_OUTCOME_CLASS_COUNT] = {
    [TRUST_OUTCOME_OK] = "ok",
    [TRUST_OUTCOME_REFUSED] = "refused",
    [TRUST_OUTCOME_TIMEOUT] = "timeout",
    [TRUST_OUTCOME_HTTP5XX] = "http5xx",
    [TRUST_OUTCOME_GARBAGE] = "garbage",
    [TRUST_OUTCOME_RATE_LIMITED] = "rate_limited",
    [TRUST_OUTCOME_AUTH] = "auth",
    [TRUST_OUTCOME_SESSION_LOST] = "session_lost",
    [TRUST_OUTCOME_INTERNAL] = "internal",
    [TRUST_OUTCOME_CALLER] = "caller",
    [TRUST_OUTCOME_CANCELLED] = "cancelled",
};

struct trust_outcome_effect trust_outcome_effect(enum trust_outcome_class class_,
                                                 bool was_session_lost)
{
    assert(class_ < TRUST_OUTCOME_CLASS_COUNT);
    return *trust_outcome_effect_row(class_, was_session_lost);
}

const char *trust_outcome_name(enum trust_outcome_class class_)
{
    assert(class_ < TRUST_OUTCOME_CLASS_COUNT);
    return names[class_];
}

enum trust_error trust_outcome_parse(enum trust_outcome_class *out_class, struct trust_bytes name)
{
    for (uint32_t i = 0; i < TRUST_OUTCOME_CLASS_COUNT; i++) {
        if (trust_bytes_equal(name, trust_bytes_text(names[i]))) {
            *out_class = (enum trust_outcome_class)i;
            return TRUST_OK;
        }
    }
    return TRUST_NO_RANGE;
}
