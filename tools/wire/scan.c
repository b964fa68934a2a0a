/* See scan.h. */
#include "wire/scan.h"

#include <endian.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/utf8.h"

static_assert(TRUST_WIRE_DEPTH_MAX <= 64, "one bit of a word a level");

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* What is open inside the value that is being scanned. */
struct nest {
    uint64_t objects; /* the lowest bit: the innermost is an object; the next one around it... */
    unsigned floor;   /* open around the value */
    unsigned depth;
};

/*
 * The top bit of each of eight bytes that is a quote, a backslash, a control character or no ASCII.
 * A subtraction borrows only from a byte above one that it marks, so the lowest mark is true.
 */
static inline uint64_t marks_of(uint64_t bytes)
{
    uint64_t quotes = (bytes ^ EACH('"')) - EACH(1);
    uint64_t backslashes = (bytes ^ EACH('\\')) - EACH(1);
    uint64_t controls = bytes - EACH(0x20);
    return (quotes | backslashes | controls | bytes) & EACH(0x80);
}

static inline bool is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

static inline const uint8_t *pass_plain(const uint8_t *at, const uint8_t *end)
{
    while (end - at >= 8) {
        uint64_t bytes;
        memcpy(&bytes, at, sizeof bytes);
        uint64_t marks = marks_of(le64toh(bytes));
        if (marks != 0)
            return at + (__builtin_ctzll(marks) >> 3);
        at += 8;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

const uint8_t *scan_multibyte(const uint8_t *at, const uint8_t *end)
{
    size_t size = trust_utf8_next((struct trust_bytes){.data = at, .size = (size_t)(end - at)});
    return size == 0 ? NULL : at + size;
}

static bool is_hex(uint8_t byte)
{
    uint8_t lower = byte | 0x20;
    return (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'f');
}

/* By the byte behind the backslash; u has more behind it. */
static const bool is_escape[UINT8_MAX + 1] = {
    ['"'] = true, ['\\'] = true, ['/'] = true, ['b'] = true,
    ['f'] = true, ['n'] = true,  ['r'] = true, ['t'] = true,
};

static const uint8_t *pass_escape(const uint8_t *at, const uint8_t *end)
{
    if (end - at < 2)
        return NULL;
    if (at[1] != 'u')
        return is_escape[at[1]] ? at + 2 : NULL;
    if (end - at < 6)
        return NULL;
    return is_hex(at[2]) && is_hex(at[3]) && is_hex(at[4]) && is_hex(at[5]) ? at + 6 : NULL;
}

/* From behind the opening quote to behind the closing one; NULL if it is no string. */
static const uint8_t *pass_string(const uint8_t *at, const uint8_t *end)
{
    for (;;) {
        at = pass_plain(at, end);
        if (at == end)
            return NULL;
        if (*at == '"')
            return at + 1;
        if (*at == '\\')
            at = pass_escape(at, end);
        while (at != NULL && at < end && *at >= 0x80)
            at = scan_multibyte(at, end);
        if (at == NULL || (at < end && *at < 0x20))
            return NULL;
    }
}

static const uint8_t *pass_digits(const uint8_t *at, const uint8_t *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

/* NULL if it is no number. */
static const uint8_t *pass_number(const uint8_t *at, const uint8_t *end)
{
    if (at < end && *at == '-')
        at++;
    const uint8_t *digits = at;
    at = pass_digits(at, end);
    if (at == digits || (*digits == '0' && at > digits + 1))
        return NULL;
    if (at < end && *at == '.') {
        digits = ++at;
        at = pass_digits(at, end);
        if (at == digits)
            return NULL;
    }
    if (at == end || (*at | 0x20) != 'e')
        return at;
    at++;
    if (at < end && (*at == '+' || *at == '-'))
        at++;
    digits = at;
    at = pass_digits(at, end);
    return at == digits ? NULL : at;
}

static const uint8_t *pass_literal(const struct scan *scan, const char *literal)
{
    size_t size = strlen(literal);
    bool is_it = (size_t)(scan->end - scan->at) >= size && memcmp(scan->at, literal, size) == 0;
    return is_it ? scan->at + size : NULL;
}

static bool take_scalar(struct scan *scan)
{
    const uint8_t *behind;
    switch (scan_peek(scan)) {
    case '"':
        behind = pass_string(scan->at + 1, scan->end);
        break;
    case 't':
        behind = pass_literal(scan, "true");
        break;
    case 'f':
        behind = pass_literal(scan, "false");
        break;
    case 'n':
        behind = pass_literal(scan, "null");
        break;
    default:
        behind = pass_number(scan->at, scan->end);
    }
    if (behind == NULL)
        return scan_refuse(scan, TRUST_NO_SYNTAX);
    scan->at = behind;
    return true;
}

bool scan_string(struct scan *scan)
{
    return scan_peek(scan) == '"' ? take_scalar(scan) : scan_refuse(scan, TRUST_NO_SYNTAX);
}

bool scan_key(struct scan *scan, struct trust_bytes *out_key)
{
    scan_space(scan);
    const uint8_t *start = scan->at;
    if (!scan_string(scan))
        return false;
    struct trust_bytes key = {.data = start + 1, .size = (size_t)(scan->at - start) - 2};
    scan_space(scan);
    if (scan_peek(scan) != ':')
        return scan_refuse(scan, TRUST_NO_SYNTAX);
    scan->at++;
    *out_key = key;
    return true;
}

/* Opens arrays and objects until a scalar lies behind, or the end of an empty one lies ahead. */
static bool descend(struct scan *scan, struct nest *nest)
{
    struct trust_bytes key;
    for (;;) {
        scan_space(scan);
        bool is_object = scan_peek(scan) == '{';
        if (!is_object && scan_peek(scan) != '[')
            return take_scalar(scan);
        if (nest->depth == TRUST_WIRE_DEPTH_MAX)
            return scan_refuse(scan, TRUST_NO_RANGE);
        nest->depth++;
        nest->objects = nest->objects << 1 | is_object;
        scan->at++;
        scan_space(scan);
        if (scan_peek(scan) == (is_object ? '}' : ']'))
            return true;
        if (is_object && !scan_key(scan, &key))
            return false;
    }
}

/* Behind a value: closes what ends there. True if another value follows; else it is the end, or a
 * refusal. */
static bool ascend(struct scan *scan, struct nest *nest)
{
    struct trust_bytes key;
    while (nest->depth > nest->floor) {
        bool is_object = nest->objects & 1;
        scan_space(scan);
        uint8_t next = scan_peek(scan);
        if (next != ',' && next != (is_object ? '}' : ']'))
            return scan_refuse(scan, TRUST_NO_SYNTAX);
        scan->at++;
        if (next == ',')
            return !is_object || scan_key(scan, &key);
        nest->objects >>= 1;
        nest->depth--;
    }
    return false;
}

bool scan_value(struct scan *scan, unsigned depth)
{
    assert(depth <= TRUST_WIRE_DEPTH_MAX);
    struct nest nest = {.floor = depth, .depth = depth};
    while (descend(scan, &nest) && ascend(scan, &nest))
        continue;
    return scan->error == TRUST_OK;
}
