/*
 * The numbers that say when a breaker opens, for how long, and how it closes again.
 *
 * docs/reference/breaker.md gives each key's meaning. A policy is a plain value shared by any
 * number of breakers; check it once, after that no breaker looks at its ranges again.
 */
#ifndef TRUST_POLICY_H
#define TRUST_POLICY_H

#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Comparisons are "at least" everywhere; 0 switches streak, fail_pct or slow_pct off. */
struct trust_breaker_policy {
    uint32_t window_ms; /* 10 ms..24 h, 30 s: ten buckets; also the unit of k and of the streak */
    uint32_t
        window_calls;     /* 0..300, 0: above 0 the last N calls count instead of the last window */
    uint32_t min_calls;   /* 1..1,000,000, 10: calls in the window before a rate may open */
    uint32_t streak;      /* 0..1,000, 5: failures in a row */
    uint32_t fail_pct;    /* 0..100, 50 */
    uint32_t slow_pct;    /* 0..100, 80 */
    uint32_t open_ms;     /* 1 ms..1 h, 5 s: the first opening's length */
    uint32_t open_max_ms; /* 1 ms..24 h, 300 s: no back-off goes above it */
    uint32_t backoff_ppm; /* 1..4 in millionths, 2: each further opening is longer by this */
    uint32_t jitter_ppm;  /* 0..0.5 in millionths, 0.5: either side of an opening's length */
    uint32_t probes;      /* 1..10, 3: leases and results of a half-open generation */
    uint32_t slow_ms;     /* 0..1 h: slow from here on; 0: 3 x the cell's own p50, at least 1 s */
    uint32_t lease_ms;    /* 0..1 h: a lease's life; 0: 4 x the cell's own p99, 1 s..60 s */
    uint64_t seed;        /* for whoever makes cells with it: see trust_breaker_init */
};

/* The defaults above, seed 0. */
TRUST_API struct trust_breaker_policy trust_breaker_policy_default(void);

/*
 * Checks every range and that min_calls does not exceed window_calls where that is above 0.
 * TRUST_NO_RANGE: *out_key, if asked for, is the static name of the first key that is wrong.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_breaker_policy_check(const struct trust_breaker_policy *policy, const char **out_key);

/*
 * Sets one key from its text: "window", "min_calls", "streak", "fail_pct", "slow_pct", "open",
 * "open_max", "probes", "window_calls", "slow", "backoff", "jitter", "lease", "seed". Durations are
 * a number and one of the units ms, s, m, h, d ("1.5s"); backoff and jitter take up to six
 * decimals. TRUST_NO_OPTION: no such key; TRUST_NO_SYNTAX: not a number, or a wrong or missing
 * unit; TRUST_NO_RANGE: outside the key's range. The policy changes only on success.
 */
TRUST_API TRUST_MUST_USE enum trust_error
trust_breaker_policy_set(struct trust_breaker_policy *policy, struct trust_bytes key,
                         struct trust_bytes value);

/* The name of key number index, from 0, in the order of trust_breaker_policy_set; NULL behind the
 * last: for "did you mean" and for listings. */
TRUST_API const char *trust_breaker_policy_key(uint32_t index);

/* What the value of key number index must be, as in "a duration from 10ms to 24h"; NULL behind the
 * last. */
TRUST_API const char *trust_breaker_policy_expected(uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
