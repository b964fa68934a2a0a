/* See percent.h. */
#include "record/percent.h"

#include "record/charset.h"

/* The value of a hex digit of either case; 16 for another character. */
static unsigned hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)c - '0';
    uint8_t folded = trust_charset_fold(c);
    return folded >= 'a' && folded <= 'f' ? (unsigned)folded - 'a' + 10 : 16;
}

/* Takes the next character of segment at *at, encoded or bare, into *out_byte. */
static bool take(struct trust_bytes segment, size_t *at, uint8_t *out_byte)
{
    uint8_t byte = segment.data[(*at)++];
    /* Bare, these two end what a name is. */
    if (byte == '?' || byte == '#')
        return false;
    if (byte == '%') {
        if (segment.size - *at < 2)
            return false;
        unsigned high = hex_value(segment.data[*at]);
        unsigned low = hex_value(segment.data[*at + 1]);
        if (high > 15 || low > 15)
            return false;
        byte = (uint8_t)(high << 4 | low);
        *at += 2;
    }
    *out_byte = byte;
    return byte > 0x20 && byte < 0x7f && byte != '/' && byte != '\\';
}

bool trust_percent_is_normal(struct trust_bytes segment, unsigned bare)
{
    size_t at = trust_charset_span(bare, segment, 0);
    while (at < segment.size) {
        struct trust_bytes encoded = trust_bytes_cut(segment, at, segment.size);
        uint8_t byte = 0;
        if (segment.data[at] != '%' || !take(segment, &at, &byte) || trust_charset_has(bare, byte))
            return false;
        if (trust_charset_has(TRUST_CHARSET_LOWER, encoded.data[1]) ||
            trust_charset_has(TRUST_CHARSET_LOWER, encoded.data[2]))
            return false;
        at = trust_charset_span(bare, segment, at);
    }
    return true;
}

bool trust_percent_normalise(struct trust_writer *writer, struct trust_bytes segment, unsigned bare)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t at = 0; at < segment.size;) {
        uint8_t byte = 0;
        if (!take(segment, &at, &byte))
            return false;
        uint8_t encoded[3] = {'%', (uint8_t)digits[byte >> 4], (uint8_t)digits[byte & 15]};
        if (trust_charset_has(bare, byte))
            trust_writer_put(writer, (struct trust_bytes){.data = &byte, .size = 1});
        else
            trust_writer_put(writer, (struct trust_bytes){.data = encoded, .size = 3});
    }
    return true;
}
