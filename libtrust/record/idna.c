/*
 * Punycode after RFC 3492 sections 3 and 6.2. The table of scripts is part of the protocol: it is
 * fixed, coarse (blocks, not single characters) and holds the scripts of living registries; a
 * character outside it is refused, so that two versions never disagree over one.
 */
#include "record/idna.h"

#include "record/charset.h"

#define LABEL_SIZE_MAX 63u

/* The parameters of punycode, RFC 3492 section 5. */
#define BASE 36u
#define T_MIN 1u
#define T_MAX 26u
#define SKEW 38u
#define DAMP 700u
#define INITIAL_BIAS 72u
#define INITIAL_N 0x80u

#define LATIN (1u << 0)
#define HAN (1u << 1)
#define HIRAGANA (1u << 2)
#define KATAKANA (1u << 3)
#define HANGUL (1u << 4)

struct range {
    uint32_t first;
    uint32_t last;
    uint32_t script;
};

static const struct range ranges[] = {
    {0x00df, 0x00f6, LATIN},    {0x00f8, 0x024f, LATIN},    {0x1e00, 0x1eff, LATIN},
    {0x3005, 0x3007, HAN},      {0x3400, 0x4dbf, HAN},      {0x4e00, 0x9fff, HAN},
    {0x3041, 0x309f, HIRAGANA}, {0x30a1, 0x30ff, KATAKANA}, {0xac00, 0xd7a3, HANGUL},
    {0x0386, 0x03ff, 1u << 5},  /* Greek */
    {0x1f00, 0x1fff, 1u << 5},  /* Greek with breathings */
    {0x0400, 0x052f, 1u << 6},  /* Cyrillic */
    {0x0561, 0x0587, 1u << 7},  /* Armenian */
    {0x05d0, 0x05f4, 1u << 8},  /* Hebrew */
    {0x0620, 0x06ff, 1u << 9},  /* Arabic */
    {0x0900, 0x097f, 1u << 10}, /* Devanagari */
    {0x0980, 0x09ff, 1u << 11}, /* Bengali */
    {0x0a00, 0x0a7f, 1u << 12}, /* Gurmukhi */
    {0x0a80, 0x0aff, 1u << 13}, /* Gujarati */
    {0x0b00, 0x0b7f, 1u << 14}, /* Oriya */
    {0x0b80, 0x0bff, 1u << 15}, /* Tamil */
    {0x0c00, 0x0c7f, 1u << 16}, /* Telugu */
    {0x0c80, 0x0cff, 1u << 17}, /* Kannada */
    {0x0d00, 0x0d7f, 1u << 18}, /* Malayalam */
    {0x0d80, 0x0dff, 1u << 19}, /* Sinhala */
    {0x0e01, 0x0e5b, 1u << 20}, /* Thai */
    {0x0e81, 0x0edf, 1u << 21}, /* Lao */
    {0x10d0, 0x10ff, 1u << 22}, /* Georgian */
    {0x1780, 0x17ff, 1u << 23}, /* Khmer */
};

/* The code points of a label, at most as many as its characters. */
struct label {
    uint32_t points[LABEL_SIZE_MAX];
    uint32_t count;
};

static void insert(struct label *label, uint32_t at, uint32_t point)
{
    memmove(label->points + at + 1, label->points + at,
            (label->count - at) * sizeof *label->points);
    label->points[at] = point;
    label->count++;
}

/* The value of a digit, a..z and 0..9; BASE for any other character. */
static uint32_t digit_value(uint8_t c)
{
    if (trust_charset_has(TRUST_CHARSET_LOWER, c))
        return (uint32_t)c - 'a';
    return trust_charset_has(TRUST_CHARSET_DIGIT, c) ? (uint32_t)c - '0' + 26 : BASE;
}

static uint32_t adapt(uint32_t delta, uint32_t count, bool first)
{
    delta = first ? delta / DAMP : delta / 2;
    delta += delta / count;
    uint32_t k = 0;
    for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
        delta /= BASE - T_MIN;
    return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

/* Takes one generalised variable-length integer. A label has at most 63 digits and the sum is kept
 * below 2^32, so 64 bits cannot overflow: weight grows only while it is below 2^32 too. */
static bool take_delta(struct trust_bytes text, size_t *at, uint32_t bias, uint32_t *out_delta)
{
    uint64_t delta = 0;
    uint64_t weight = 1;
    for (uint32_t k = BASE;; k += BASE) {
        if (*at == text.size)
            return false;
        uint32_t digit = digit_value(text.data[(*at)++]);
        if (digit == BASE)
            return false;
        delta += digit * weight;
        if (delta > UINT32_MAX)
            return false;
        uint32_t threshold = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
        if (digit < threshold)
            break;
        weight *= BASE - threshold;
        if (weight > UINT32_MAX)
            return false;
    }
    *out_delta = (uint32_t)delta;
    return true;
}

static bool decode(struct label *label, struct trust_bytes text)
{
    size_t at = trust_charset_find_last(text, '-');
    size_t basic = at == text.size ? 0 : at;
    for (size_t i = 0; i < basic; i++)
        label->points[label->count++] = text.data[i];
    at = at == text.size ? 0 : at + 1;
    uint64_t point = INITIAL_N;
    uint64_t index = 0;
    uint32_t bias = INITIAL_BIAS;
    bool first = true;
    while (at < text.size) {
        uint32_t delta = 0;
        if (!take_delta(text, &at, bias, &delta))
            return false;
        index += delta;
        point += index / (label->count + 1);
        index %= label->count + 1;
        if (point > 0x10ffff)
            return false;
        insert(label, (uint32_t)index, (uint32_t)point);
        bias = adapt(delta, label->count, first);
        first = false;
        index++;
    }
    return !first;
}

/* The bit of a code point's script, 0 for a digit or hyphen, UINT32_MAX for none that is known. */
static uint32_t script_of(uint32_t point)
{
    if (point < 0x80)
        return trust_charset_has(TRUST_CHARSET_LOWER, (uint8_t)point) ? LATIN : 0;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (point >= ranges[i].first && point <= ranges[i].last)
            return ranges[i].script;
    }
    return UINT32_MAX;
}

bool trust_idna_is_single_script(struct trust_bytes punycode)
{
    struct label label = {.count = 0};
    if (punycode.size > LABEL_SIZE_MAX || !decode(&label, punycode))
        return false;
    uint32_t scripts = 0;
    for (uint32_t i = 0; i < label.count; i++)
        scripts |= script_of(label.points[i]);
    bool is_single = (scripts & (scripts - 1)) == 0;
    bool is_japanese = (scripts & ~(HAN | HIRAGANA | KATAKANA)) == 0;
    bool is_korean = (scripts & ~(HAN | HANGUL)) == 0;
    return is_single || is_japanese || is_korean;
}
