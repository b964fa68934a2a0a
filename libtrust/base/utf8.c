/* See utf8.h. The table is that of RFC 3629, section 4. */
#include "base/utf8.h"

#include <string.h>

struct form {
    uint8_t low, high; /* of the first byte */
    uint8_t second_low, second_high;
    uint8_t size;
};

static const struct form forms[] = {
    {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

size_t trust_utf8_next(struct trust_bytes text)
{
    const struct form *form = forms;
    const struct form *end = forms + sizeof forms / sizeof *forms;
    if (text.size == 0)
        return 0;
    while (form < end && (text.data[0] < form->low || text.data[0] > form->high))
        form++;
    if (form == end || form->size > text.size)
        return 0;
    if (form->size > 1 && (text.data[1] < form->second_low || text.data[1] > form->second_high))
        return 0;
    for (size_t i = 2; i < form->size; i++) {
        if (text.data[i] < 0x80 || text.data[i] > 0xbf)
            return 0;
    }
    return form->size;
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
