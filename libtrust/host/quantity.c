/* See quantity.h. */
#include "host/quantity.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The largest number that JSON readers keep exactly. */
#define VALUE_MAX (UINT64_C(1) << 53)

struct unit {
    const char *name;
    uint64_t factor;
};

/* Ascending, so that formatting finds the largest that divides. Weeks and years are read only. */
static const struct unit durations[] = {
    {"ms", 1},       {"s", 1000},      {"m", 60000},       {"h", 3600000},
    {"d", 86400000}, {"w", 604800000}, {"y", 31536000000},
};
#define DURATIONS_WRITTEN 5
static const struct unit sizes[] = {
    {"B", 1},
    {"KiB", UINT64_C(1) << 10},
    {"MiB", UINT64_C(1) << 20},
    {"GiB", UINT64_C(1) << 30},
    {"TiB", UINT64_C(1) << 40},
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads the digits at text; returns where they end, or NULL on none. Saturates above VALUE_MAX. */
static const char *take_digits(uint64_t *out_value, const char *text)
{
    if (!is_digit(*text))
        return NULL;
    uint64_t value = 0;
    for (; is_digit(*text); text++) {
        if (value <= VALUE_MAX)
            value = value * 10 + (uint64_t)(*text - '0');
    }
    *out_value = value;
    return text;
}

static enum trust_error parse(uint64_t *out_value, const char *text, const struct unit *units,
                              size_t unit_count)
{
    uint64_t value = 0;
    const char *name = take_digits(&value, text);
    if (name == NULL)
        return TRUST_NO_SYNTAX;
    if (*name == '\0' && value == 0) {
        *out_value = 0;
        return TRUST_OK;
    }
    for (size_t i = 0; i < unit_count; i++) {
        if (strcmp(name, units[i].name) != 0)
            continue;
        if (value > VALUE_MAX / units[i].factor)
            return TRUST_NO_RANGE;
        *out_value = value * units[i].factor;
        return TRUST_OK;
    }
    return TRUST_NO_SYNTAX;
}

static void format(char out_text[TRUST_QUANTITY_TEXT_SIZE], uint64_t value,
                   const struct unit *units, size_t unit_count)
{
    size_t at = unit_count - 1;
    while (at > 0 && (value == 0 || value % units[at].factor != 0))
        at--;
    (void)snprintf(out_text, TRUST_QUANTITY_TEXT_SIZE, "%" PRIu64 "%s", value / units[at].factor,
                   units[at].name);
}

enum trust_error trust_duration_parse(uint64_t *out_ms, const char *text)
{
    return parse(out_ms, text, durations, COUNT(durations));
}

enum trust_error trust_size_parse(uint64_t *out_size, const char *text)
{
    return parse(out_size, text, sizes, COUNT(sizes));
}

enum trust_error trust_number_parse(double *out_value, const char *text)
{
    double sign = 1;
    if (*text == '-' || *text == '+')
        sign = *text++ == '-' ? -1 : 1;
    if (!is_digit(*text))
        return TRUST_NO_SYNTAX;
    double value = 0;
    for (; is_digit(*text); text++)
        value = value * 10 + (*text - '0');
    if (*text == '.') {
        text++;
        if (!is_digit(*text))
            return TRUST_NO_SYNTAX;
        /* Digits over one power of ten, so that .1 is the double nearest to a tenth. */
        double power = 1;
        for (; is_digit(*text); text++) {
            value = value * 10 + (*text - '0');
            power *= 10;
        }
        value /= power;
    }
    if (*text != '\0')
        return TRUST_NO_SYNTAX;
    *out_value = sign * value;
    return TRUST_OK;
}

enum trust_error trust_whole_parse(uint64_t *out_value, const char *text)
{
    uint64_t value = 0;
    const char *end = take_digits(&value, text);
    if (end == NULL || *end != '\0')
        return TRUST_NO_SYNTAX;
    if (value > VALUE_MAX)
        return TRUST_NO_RANGE;
    *out_value = value;
    return TRUST_OK;
}

void trust_duration_format(char out_text[TRUST_QUANTITY_TEXT_SIZE], uint64_t ms)
{
    format(out_text, ms, durations, DURATIONS_WRITTEN);
}

void trust_size_format(char out_text[TRUST_QUANTITY_TEXT_SIZE], uint64_t size)
{
    format(out_text, size, sizes, COUNT(sizes));
}
