/* See rechex.h. */
#include "record/rechex.h"

#include <stdbool.h>
#include <string.h>

/* The value of a hex digit, or 16. */
static uint8_t digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return (uint8_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint8_t)(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return (uint8_t)(c - 'A' + 10);
    return 16;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct trust_bytes trim(struct trust_bytes text)
{
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    while (text.size > 0 && is_blank(text.data[0])) {
        text.data++;
        text.size--;
    }
    return text;
}

enum trust_error trust_rechex_read(uint8_t out_bytes[TRUST_RECORD_SIZE_MAX], size_t *out_size,
                                   struct trust_bytes text)
{
    text = trim(text);
    for (size_t i = 0; i < text.size; i++) {
        if (digit(text.data[i]) > 15)
            return TRUST_NO_SYNTAX;
    }
    if (text.size % 2 != 0)
        return TRUST_NO_SYNTAX;
    size_t size = text.size / 2;
    if (size < TRUST_RECORD_SIZE_MIN || size > TRUST_RECORD_SIZE_MAX)
        return TRUST_NO_SIZE;
    for (size_t i = 0; i < size; i++)
        out_bytes[i] = (uint8_t)(digit(text.data[2 * i]) << 4 | digit(text.data[2 * i + 1]));
    *out_size = size;
    return TRUST_OK;
}
