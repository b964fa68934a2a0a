/*
 * See jcs_number.h. The C library rounds correctly in both directions, which is all that is asked
 * of it: no decimal point is given to it or taken from it, since that is the locale's.
 */
#include "wire/jcs_number.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* Digits that a double's rounding can depend on, 767, and one that stands for all behind them. */
#define DIGITS_MAX 800
/* Beyond this an exponent says infinity or nothing, however many digits a message can hold. */
#define EXPONENT_MAX 1000000000
/* As many digits tell every double from every other, and any double of full precision keeps so many
 * of any number written with them. */
#define DIGITS_ENOUGH 17
#define DIGITS_SURE DBL_DIG
/* Whole numbers of so many digits are doubles and their own shortest form. */
#define WHOLE_SIZE_MAX 15

/* 0.DIGITS times ten to the point; of zero, no digits. */
struct decimal {
    char digits[DIGITS_MAX + 1];
    size_t count;
    int64_t point;
};

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static void add_digit(struct decimal *decimal, uint8_t digit)
{
    if (decimal->count < DIGITS_MAX)
        decimal->digits[decimal->count++] = (char)digit;
    else if (digit != '0')
        decimal->digits[DIGITS_MAX - 1] = '1'; /* it is more than what stands before */
}

static int64_t exponent_of(const uint8_t *at, const uint8_t *end)
{
    bool is_negative = at < end && *at == '-';
    at += at < end && !is_digit(*at);
    int64_t exponent = 0;
    for (; at < end && exponent < EXPONENT_MAX; at++)
        exponent = exponent * 10 + (*at - '0');
    return is_negative ? -exponent : exponent;
}

static void read_decimal(struct decimal *out_decimal, struct trust_bytes raw)
{
    const uint8_t *end = raw.data + raw.size;
    bool is_behind_point = false;
    out_decimal->count = 0;
    out_decimal->point = 0;
    for (const uint8_t *at = raw.data; at < end; at++) {
        if (*at == '.') {
            is_behind_point = true;
        } else if (!is_digit(*at)) {
            out_decimal->point += exponent_of(at + 1, end);
            return;
        } else {
            bool is_leading_zero = out_decimal->count == 0 && *at == '0';
            /* Before the point each digit moves it, behind it each zero that leads. */
            out_decimal->point += is_behind_point ? -(int64_t)is_leading_zero : !is_leading_zero;
            if (!is_leading_zero)
                add_digit(out_decimal, *at);
        }
    }
}

/* The nearest double. */
static double value_of(const struct decimal *decimal)
{
    char text[DIGITS_MAX + 32];
    int size = snprintf(text, sizeof text, "%.*se%lld", (int)decimal->count, decimal->digits,
                        (long long)decimal->point - (long long)decimal->count);
    assert(size > 0);
    assert((size_t)size < sizeof text);
    return decimal->count == 0 ? 0 : strtod(text, NULL);
}

static void strip_zeros(struct decimal *decimal)
{
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
}

/* The decimal of count digits that is nearest to value, which is above 0. */
static void round_to(struct decimal *out_decimal, double value, int count)
{
    char text[64];
    int size = snprintf(text, sizeof text, "%.*e", count - 1, value);
    assert(size > 0);
    assert((size_t)size < sizeof text);
    const char *exponent = strchr(text, 'e');
    assert(exponent != NULL);
    out_decimal->count = 0;
    for (const char *at = text; at < exponent; at++) {
        if (is_digit((uint8_t)*at))
            out_decimal->digits[out_decimal->count++] = *at;
    }
    out_decimal->point = strtol(exponent + 1, NULL, 10) + 1;
}

/* The next greater decimal of as many digits. */
static void increment(struct decimal *decimal)
{
    size_t at = decimal->count;
    while (at > 0 && decimal->digits[at - 1] == '9')
        decimal->digits[--at] = '0';
    if (at > 0) {
        decimal->digits[at - 1]++;
        return;
    }
    decimal->digits[0] = '1';
    decimal->point++;
}

/*
 * The shortest decimal that reads as value, which is above 0, and of those the nearest. Rounding to
 * the fewest digits that read as value finds it, but at a power of two: doubles lie twice as close
 * below it as above, so that the nearest decimal can fall short where the one above it does not.
 */
static void shorten(struct decimal *out_decimal, double value)
{
    int binary;
    bool is_power = frexp(value, &binary) == 0.5;
    int count = value >= DBL_MIN ? DIGITS_SURE : 1;
    for (; count < DIGITS_ENOUGH; count++) {
        round_to(out_decimal, value, count);
        if (value_of(out_decimal) == value)
            break;
        increment(out_decimal);
        if (is_power && value_of(out_decimal) == value)
            break;
    }
    if (count == DIGITS_ENOUGH)
        round_to(out_decimal, value, count);
    strip_zeros(out_decimal);
}

static void put(struct trust_writer *writer, const char *text, size_t size)
{
    trust_writer_put(writer, (struct trust_bytes){.data = (const uint8_t *)text, .size = size});
}

static void put_zeros(struct trust_writer *writer, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        put(writer, "0", 1);
}

/* ECMAScript, Number::toString: n there is the point here, k the count. */
static void put_decimal(struct trust_writer *writer, const struct decimal *decimal)
{
    int64_t point = decimal->point;
    int64_t count = (int64_t)decimal->count;
    const char *digits = decimal->digits;
    if (point > 0 && point <= 21) {
        size_t whole = (size_t)(point < count ? point : count);
        put(writer, digits, whole);
        put_zeros(writer, point - count);
        if (point < count) {
            put(writer, ".", 1);
            put(writer, digits + whole, decimal->count - whole);
        }
    } else if (point > -6 && point <= 0) {
        put(writer, "0.", 2);
        put_zeros(writer, -point);
        put(writer, digits, decimal->count);
    } else {
        char exponent[8];
        int size = snprintf(exponent, sizeof exponent, "e%+d", (int)(point - 1));
        put(writer, digits, 1);
        if (count > 1) {
            put(writer, ".", 1);
            put(writer, digits + 1, decimal->count - 1);
        }
        put(writer, exponent, (size_t)size);
    }
}

static bool is_short_whole(struct trust_bytes digits)
{
    bool is_whole = digits.size <= WHOLE_SIZE_MAX;
    for (size_t i = 0; i < digits.size && is_whole; i++)
        is_whole = is_digit(digits.data[i]);
    return is_whole;
}

enum trust_error jcs_put_number(struct trust_writer *writer, struct trust_bytes raw)
{
    assert(raw.size > 0);
    bool is_negative = raw.data[0] == '-';
    struct trust_bytes digits = {.data = raw.data + is_negative, .size = raw.size - is_negative};
    bool is_short = is_short_whole(digits);
    struct decimal decimal;
    double value = 1;
    if (!is_short || digits.data[0] == '0') {
        read_decimal(&decimal, digits);
        value = value_of(&decimal);
    }
    if (isinf(value))
        return TRUST_NO_RANGE;
    if (is_negative && value > 0)
        put(writer, "-", 1);
    if (value == 0) {
        put(writer, "0", 1);
    } else if (is_short) {
        trust_writer_put(writer, digits);
    } else {
        shorten(&decimal, value);
        put_decimal(writer, &decimal);
    }
    return TRUST_OK;
}
