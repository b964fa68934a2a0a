/* See utf8.h. The bounds are those of RFC 3629, section 4. */
#include "base/utf8.h"

#include <string.h>

size_t trust_utf8_next(struct trust_bytes text)
{
    if (text.size == 0)
        return 0;
    uint8_t lead = text.data[0];
    if (lead < 0x80)
        return 1;
    size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size < size)
        return 0;
    /* No overlong form, no surrogate, nothing above U+10FFFF. */
    uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (text.data[1] < low || text.data[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++) {
        if ((text.data[i] & 0xc0) != 0x80)
            return 0;
    }
    return size;
}

size_t trust_utf8_span(struct trust_bytes text)
{
    size_t at = 0;
    while (at < text.size) {
        size_t size =
            trust_utf8_next((struct trust_bytes){.data = text.data + at, .size = text.size - at});
        if (size == 0)
            return at;
        at += size;
    }
    return at;
}

bool trust_utf8_is_turning(struct trust_bytes text)
{
    static const struct {
        uint8_t first[3];
        uint8_t last; /* of the last byte */
        uint8_t size;
    } ranges[] = {
        {{0xd8, 0x9c, 0}, 0x9c, 2},    /* U+061C */
        {{0xe2, 0x80, 0x8e}, 0x8f, 3}, /* U+200E and U+200F */
        {{0xe2, 0x80, 0xaa}, 0xae, 3}, /* U+202A to U+202E */
        {{0xe2, 0x81, 0xa6}, 0xa9, 3}, /* U+2066 to U+2069 */
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        size_t end = ranges[i].size - 1u;
        if (text.size > end && memcmp(text.data, ranges[i].first, end) == 0 &&
            text.data[end] >= ranges[i].first[end] && text.data[end] <= ranges[i].last)
            return true;
    }
    return false;
}

/* U+0000 to U+001F, U+007F to U+009F. */
static bool is_control(const uint8_t *at, size_t size)
{
    return (size == 1 && (at[0] < 0x20 || at[0] == 0x7f)) ||
           (size == 2 && at[0] == 0xc2 && at[1] < 0xa0);
}

void trust_utf8_make_plain(char *text)
{
    char *at = text;
    for (size_t left = strlen(text); left > 0;) {
        const uint8_t *bytes = (const uint8_t *)at;
        size_t size = trust_utf8_next((struct trust_bytes){.data = bytes, .size = left});
        if (size == 0)
            *at = '?';
        else if (is_control(bytes, size) && *at != '\n')
            memset(at, ' ', size);
        size += size == 0;
        at += size;
        left -= size;
    }
}
