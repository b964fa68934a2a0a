/* See line.h. */
#include "base/line.h"

#include <string.h>

#define NUMBER_SIZE_MAX 20 /* digits of UINT64_MAX */

struct trust_bytes trust_line_take(struct trust_reader *reader)
{
    size_t left = trust_reader_left(reader);
    const uint8_t *space = left == 0 ? NULL : memchr(reader->at, ' ', left);
    struct trust_bytes word =
        trust_reader_take(reader, space == NULL ? left : (size_t)(space - reader->at));
    if (word.size == 0 || (space != NULL && left == word.size + 1))
        reader->failed = true;
    if (reader->failed)
        return (struct trust_bytes){0};
    if (space != NULL)
        reader->at++;
    return word;
}

uint64_t trust_line_take_number(struct trust_reader *reader)
{
    struct trust_bytes word = trust_line_take(reader);
    uint64_t number = 0;
    bool is_padded = word.size > 1 && word.data[0] == '0';
    if (word.size == 0 || word.size > NUMBER_SIZE_MAX || is_padded)
        reader->failed = true;
    for (size_t i = 0; i < word.size && !reader->failed; i++) {
        uint64_t digit = (uint64_t)word.data[i] - '0';
        if (digit > 9 || number > (UINT64_MAX - digit) / 10)
            reader->failed = true;
        else
            number = number * 10 + digit;
    }
    return reader->failed ? 0 : number;
}

static uint8_t nibble(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return (uint8_t)(character - '0');
    if (character >= 'a' && character <= 'f')
        return (uint8_t)(character - 'a' + 10);
    return UINT8_MAX;
}

bool trust_line_hex(uint8_t *out_bytes, size_t size, struct trust_bytes word)
{
    if (word.size != size * 2)
        return false;
    for (size_t i = 0; i < size; i++) {
        uint8_t high = nibble(word.data[2 * i]);
        uint8_t low = nibble(word.data[2 * i + 1]);
        if (high > 15 || low > 15)
            return false;
        out_bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool is_bare(uint8_t byte)
{
    return byte >= '!' && byte <= '~' && byte != '%';
}

size_t trust_line_take_escaped(struct trust_reader *reader, uint8_t *out_bytes, size_t size)
{
    struct trust_bytes word = trust_line_take(reader);
    size_t count = 0;
    for (size_t i = 0; i < word.size && !reader->failed; count++) {
        bool is_escaped = word.data[i] == '%';
        uint8_t byte = word.data[i];
        struct trust_bytes pair = {.data = word.data + i + 1, .size = 2};
        if (is_escaped && (word.size - i < 3 || !trust_line_hex(&byte, 1, pair) || is_bare(byte)))
            reader->failed = true;
        if (count == size || (!is_escaped && !is_bare(byte)))
            reader->failed = true;
        else
            out_bytes[count] = byte;
        i += is_escaped ? 3 : 1;
    }
    return reader->failed ? 0 : count;
}

void trust_line_put_text(struct trust_writer *writer, const char *text)
{
    trust_writer_put(writer, trust_bytes_text(text));
}

void trust_line_put_number(struct trust_writer *writer, uint64_t number)
{
    uint8_t digits[NUMBER_SIZE_MAX];
    size_t at = sizeof digits;
    do {
        digits[--at] = (uint8_t)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    trust_writer_put(writer, (struct trust_bytes){.data = digits + at, .size = sizeof digits - at});
}

void trust_line_put_hex(struct trust_writer *writer, struct trust_bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t pair[2] = {(uint8_t)digits[bytes.data[i] >> 4],
                           (uint8_t)digits[bytes.data[i] & 15]};
        trust_writer_put(writer, (struct trust_bytes){.data = pair, .size = sizeof pair});
    }
}

void trust_line_put_escaped(struct trust_writer *writer, struct trust_bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        const struct trust_bytes byte = {.data = bytes.data + i, .size = 1};
        if (is_bare(bytes.data[i])) {
            trust_writer_put(writer, byte);
        } else {
            trust_line_put_text(writer, "%");
            trust_line_put_hex(writer, byte);
        }
    }
}
