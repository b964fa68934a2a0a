/*
 * One table of keys drives everything about a policy: its defaults, its ranges, its reading from
 * text. Numbers are read as millionths, so that "1.5s" and a back-off of 1.25 share one reader and
 * no float is rounded on the way in.
 */
#include "trust/policy.h"

#include <stdbool.h>
#include <stddef.h>

#include "trust/breaker.h"

#include "base/assert.h"
#include "base/bytes.h"

#define MILLION UINT64_C(1000000)
#define HOUR_MS 3600000u
#define DAY_MS 86400000u

enum kind {
    DURATION, /* milliseconds */
    COUNT,
    RATIO, /* millionths */
    SEED,
};

struct row {
    const char *name;
    enum kind kind;
    size_t offset;
    uint32_t least;
    uint32_t most;
    uint32_t initial;
    bool is_optional; /* 0 is the cell's own choice: a value that text cannot give */
    const char *expected;
};

#define ROW(name, kind, member, ...)                                                               \
    {                                                                                              \
        name, kind, offsetof(struct trust_breaker_policy, member), __VA_ARGS__                     \
    }

static const struct row rows[] = {
    ROW("window", DURATION, window_ms, 10, DAY_MS, 30000, false, "a duration from 10ms to 24h"),
    ROW("min_calls", COUNT, min_calls, 1, 1000000, 10, false, "a whole number from 1 to 1000000"),
    ROW("streak", COUNT, streak, 0, 1000, 5, false, "a whole number from 0 (off) to 1000"),
    ROW("fail_pct", COUNT, fail_pct, 0, 100, 50, false, "a whole number from 0 (off) to 100"),
    ROW("slow_pct", COUNT, slow_pct, 0, 100, 80, false, "a whole number from 0 (off) to 100"),
    ROW("open", DURATION, open_ms, 1, HOUR_MS, 5000, false, "a duration from 1ms to 1h"),
    ROW("open_max", DURATION, open_max_ms, 1, DAY_MS, 300000, false, "a duration from 1ms to 24h"),
    ROW("probes", COUNT, probes, 1, TRUST_BREAKER_PROBES_MAX, 3, false,
        "a whole number from 1 to 10"),
    ROW("window_calls", COUNT, window_calls, 0, TRUST_BREAKER_WINDOW_CALLS_MAX, 0, false,
        "a whole number from 0 (off) to 300"),
    ROW("slow", DURATION, slow_ms, 1, HOUR_MS, 0, true, "a duration from 1ms to 1h"),
    ROW("backoff", RATIO, backoff_ppm, 1000000, 4000000, 2000000, false, "a number from 1 to 4"),
    ROW("jitter", RATIO, jitter_ppm, 0, 500000, 500000, false, "a number from 0 to 0.5"),
    ROW("lease", DURATION, lease_ms, 1, HOUR_MS, 0, true, "a duration from 1ms to 1h"),
    ROW("seed", SEED, seed, 0, 0, 0, false, "a whole number below 2^64"),
};

#define ROW_COUNT (sizeof rows / sizeof *rows)

static uint32_t load(const struct trust_breaker_policy *policy, const struct row *row)
{
    uint32_t value;
    memcpy(&value, (const uint8_t *)policy + row->offset, sizeof value);
    return value;
}

static void store(struct trust_breaker_policy *policy, const struct row *row, uint32_t value)
{
    memcpy((uint8_t *)policy + row->offset, &value, sizeof value);
}

struct trust_breaker_policy trust_breaker_policy_default(void)
{
    struct trust_breaker_policy policy = {0};
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind != SEED)
            store(&policy, &rows[i], rows[i].initial);
    }
    return policy;
}

static bool is_in_range(const struct row *row, uint64_t value)
{
    return value >= row->least && value <= row->most;
}

static enum trust_error refuse(const char **out_key, const char *name)
{
    if (out_key != NULL)
        *out_key = name;
    return TRUST_NO_RANGE;
}

enum trust_error trust_breaker_policy_check(const struct trust_breaker_policy *policy,
                                            const char **out_key)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].kind == SEED)
            continue;
        uint32_t value = load(policy, &rows[i]);
        if (!is_in_range(&rows[i], value) && !(rows[i].is_optional && value == 0))
            return refuse(out_key, rows[i].name);
    }
    if (policy->window_calls > 0 && policy->min_calls > policy->window_calls)
        return refuse(out_key, "min_calls");
    return TRUST_OK;
}

/* Reads digits and at most six decimals at the front of text as millionths, and leaves text behind
 * them. TRUST_NO_SYNTAX: no number; TRUST_NO_RANGE: too large for 64 bits of millionths. */
static enum trust_error take_millionths(uint64_t *out_millionths, struct trust_bytes *text)
{
    uint64_t value = 0;
    size_t i = 0;
    for (; i < text->size && text->data[i] >= '0' && text->data[i] <= '9'; i++) {
        if (value > UINT64_MAX / MILLION / 10 - 1)
            return TRUST_NO_RANGE;
        value = value * 10 + (uint64_t)(text->data[i] - '0');
    }
    if (i == 0)
        return TRUST_NO_SYNTAX;
    value *= MILLION;
    if (i < text->size && text->data[i] == '.') {
        size_t point = i++;
        for (uint64_t unit = MILLION / 10; i < text->size && unit > 0; unit /= 10, i++) {
            if (text->data[i] < '0' || text->data[i] > '9')
                break;
            value += unit * (uint64_t)(text->data[i] - '0');
        }
        if (i == point + 1)
            return TRUST_NO_SYNTAX;
    }
    *out_millionths = value;
    text->data += i;
    text->size -= i;
    return TRUST_OK;
}

/* Milliseconds of a unit; 0: not a unit. */
static uint64_t unit_ms(struct trust_bytes unit)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", HOUR_MS}, {"d", DAY_MS}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (trust_bytes_equal(unit, trust_bytes_text(units[i].name)))
            return units[i].ms;
    }
    return 0;
}

static enum trust_error read_value(uint64_t *out_value, const struct row *row,
                                   struct trust_bytes text)
{
    uint64_t millionths = 0;
    enum trust_error error = take_millionths(&millionths, &text);
    if (error != TRUST_OK)
        return error;
    uint64_t unit = 1;
    if (row->kind == DURATION) {
        unit = unit_ms(text);
        if (unit == 0)
            return TRUST_NO_SYNTAX;
    } else if (text.size != 0) {
        return TRUST_NO_SYNTAX;
    }
    if (row->kind == RATIO) {
        *out_value = millionths;
        return TRUST_OK;
    }
    if (millionths > UINT64_MAX / unit)
        return TRUST_NO_RANGE;
    if (millionths * unit % MILLION != 0)
        return TRUST_NO_SYNTAX;
    *out_value = millionths * unit / MILLION;
    return TRUST_OK;
}

/* A seed uses all of its 64 bits. */
static enum trust_error read_seed(uint64_t *out_seed, struct trust_bytes text)
{
    uint64_t seed = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return TRUST_NO_SYNTAX;
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (seed > (UINT64_MAX - digit) / 10)
            return TRUST_NO_RANGE;
        seed = seed * 10 + digit;
    }
    if (text.size == 0)
        return TRUST_NO_SYNTAX;
    *out_seed = seed;
    return TRUST_OK;
}

static const struct row *find(struct trust_bytes key)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (trust_bytes_equal(key, trust_bytes_text(rows[i].name)))
            return &rows[i];
    }
    return NULL;
}

enum trust_error trust_breaker_policy_set(struct trust_breaker_policy *policy,
                                          struct trust_bytes key, struct trust_bytes value)
{
    const struct row *row = find(key);
    if (row == NULL)
        return TRUST_NO_OPTION;
    if (row->kind == SEED)
        return read_seed(&policy->seed, value);
    uint64_t number = 0;
    enum trust_error error = read_value(&number, row, value);
    if (error != TRUST_OK)
        return error;
    if (!is_in_range(row, number))
        return TRUST_NO_RANGE;
    store(policy, row, (uint32_t)number);
    return TRUST_OK;
}

const char *trust_breaker_policy_key(uint32_t index)
{
    return index < ROW_COUNT ? rows[index].name : NULL;
}

const char *trust_breaker_policy_expected(uint32_t index)
{
    return index < ROW_COUNT ? rows[index].expected : NULL;
}
