/* See json_text.h. */
#include "wire/json_text.h"

#include <string.h>

#include "wire/scan.h"

#define UTF8_SIZE_MAX 4

static size_t put_utf8(uint8_t out[UTF8_SIZE_MAX], uint32_t character)
{
    if (character < 0x80) {
        out[0] = (uint8_t)character;
        return 1;
    }
    size_t size = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    static const uint8_t leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (uint8_t)(leads[size] | character);
    return size;
}

static uint32_t take_utf8(const uint8_t *at, size_t size)
{
    static const uint8_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t character = at[0] & masks[size];
    for (size_t i = 1; i < size; i++)
        character = character << 6 | (at[i] & 0x3f);
    return character;
}

static int hex_of(uint8_t digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    uint8_t lower = digit | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The UTF-16 unit of the \uXXXX that raw begins with; -1 if it begins with none. */
static int32_t unit_of(struct trust_bytes raw)
{
    if (raw.size < 6 || raw.data[0] != '\\' || raw.data[1] != 'u')
        return -1;
    int32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_of(raw.data[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static void skip(struct trust_bytes *raw, size_t size)
{
    raw->data += size;
    raw->size -= size;
}

static enum trust_error take_unit(struct trust_bytes *raw, uint32_t *out_character)
{
    int32_t unit = unit_of(*raw);
    if (unit < 0)
        return TRUST_NO_SYNTAX;
    struct trust_bytes rest = *raw;
    skip(&rest, 6);
    uint32_t character = (uint32_t)unit;
    if (unit >= 0xd800 && unit <= 0xdfff) {
        int32_t low = unit_of(rest);
        if (unit >= 0xdc00 || low < 0xdc00 || low > 0xdfff)
            return TRUST_NO_RANGE;
        character = 0x10000 + (((uint32_t)unit - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
        skip(&rest, 6);
    }
    *raw = rest;
    *out_character = character;
    return TRUST_OK;
}

static const char escaped[] = "\"\\/bfnrt";
static const char meant[] = "\"\\/\b\f\n\r\t";

static enum trust_error take_escape(struct trust_bytes *raw, uint32_t *out_character)
{
    if (raw->size < 2 || raw->data[1] == 0)
        return TRUST_NO_SYNTAX;
    const char *letter = strchr(escaped, raw->data[1]);
    if (letter == NULL)
        return take_unit(raw, out_character);
    skip(raw, 2);
    *out_character = (uint32_t)meant[letter - escaped];
    return TRUST_OK;
}

enum trust_error json_take_character(struct trust_bytes *raw, uint32_t *out_character)
{
    if (raw->size == 0)
        return TRUST_NO_FOUND;
    uint8_t first = raw->data[0];
    if (first == '\\')
        return take_escape(raw, out_character);
    const uint8_t *behind =
        first < 0x80 ? raw->data + 1 : scan_multibyte(raw->data, raw->data + raw->size);
    if (behind == NULL || first < 0x20 || first == '"')
        return TRUST_NO_SYNTAX;
    size_t size = (size_t)(behind - raw->data);
    *out_character = take_utf8(raw->data, size);
    skip(raw, size);
    return TRUST_OK;
}

bool json_raw_is(struct trust_bytes raw, const char *name)
{
    size_t size = strlen(name);
    if (raw.size <= size)
        return raw.size == size && (size == 0 || memcmp(raw.data, name, size) == 0);
    if (memchr(raw.data, '\\', raw.size) == NULL)
        return false;
    uint32_t character;
    for (size_t i = 0; i < size; i++) {
        if (json_take_character(&raw, &character) != TRUST_OK || character != (uint8_t)name[i])
            return false;
    }
    return raw.size == 0;
}

/* Appends a character; what needs no escape is copied by its caller in runs. */
static bool append(struct trust_writer *writer, uint32_t character)
{
    uint8_t bytes[UTF8_SIZE_MAX];
    size_t size = put_utf8(bytes, character);
    trust_writer_put(writer, (struct trust_bytes){.data = bytes, .size = size});
    return !trust_writer_has_overflowed(writer);
}

enum trust_error json_string_copy(char *out_text, size_t room, size_t *out_size,
                                  struct trust_bytes value)
{
    if (value.size < 2 || value.data[0] != '"' || value.data[value.size - 1] != '"')
        return TRUST_NO_TYPE;
    struct trust_bytes raw = {.data = value.data + 1, .size = value.size - 2};
    struct trust_writer writer = trust_writer_init(out_text, room);
    while (raw.size > 0) {
        const uint8_t *escape = memchr(raw.data, '\\', raw.size);
        size_t plain = escape == NULL ? raw.size : (size_t)(escape - raw.data);
        trust_writer_put(&writer, (struct trust_bytes){.data = raw.data, .size = plain});
        skip(&raw, plain);
        uint32_t character;
        enum trust_error error = json_take_character(&raw, &character);
        if (error != TRUST_OK && error != TRUST_NO_FOUND)
            return error;
        if (error == TRUST_OK && !append(&writer, character))
            return TRUST_NO_ROOM;
    }
    if (trust_writer_has_overflowed(&writer))
        return TRUST_NO_ROOM;
    *out_size = writer.size;
    return TRUST_OK;
}

/* As RFC 8785 writes a character within a string. */
static void put_character(struct trust_writer *writer, uint32_t character)
{
    static const char hex[] = "0123456789abcdef";
    const char *letter = character == 0 || character == '/' || character >= 0x80
                             ? NULL
                             : strchr(meant, (int)character);
    if (letter != NULL) {
        char pair[2] = {'\\', escaped[letter - meant]};
        trust_writer_put(writer,
                         (struct trust_bytes){.data = (uint8_t *)pair, .size = sizeof pair});
    } else if (character < 0x20) {
        char unit[6] = {'\\', 'u', '0', '0', hex[character >> 4], hex[character & 15]};
        trust_writer_put(writer,
                         (struct trust_bytes){.data = (uint8_t *)unit, .size = sizeof unit});
    } else {
        append(writer, character);
    }
}

/* How many bytes at the front stand for themselves inside a string. */
static size_t plain_size(struct trust_bytes text)
{
    size_t size = 0;
    while (size < text.size && text.data[size] >= 0x20 && text.data[size] < 0x80 &&
           text.data[size] != '"' && text.data[size] != '\\')
        size++;
    return size;
}

void json_put_string(struct trust_writer *writer, struct trust_bytes text)
{
    trust_writer_put(writer, trust_bytes_text("\""));
    while (text.size > 0) {
        size_t size = plain_size(text);
        trust_writer_put(writer, (struct trust_bytes){.data = text.data, .size = size});
        skip(&text, size);
        if (text.size == 0)
            break;
        uint8_t first = text.data[0];
        const uint8_t *behind =
            first < 0x80 ? text.data + 1 : scan_multibyte(text.data, text.data + text.size);
        size = behind == NULL ? 1 : (size_t)(behind - text.data);
        put_character(writer, behind == NULL ? 0xfffd : take_utf8(text.data, size));
        skip(&text, size);
    }
    trust_writer_put(writer, trust_bytes_text("\""));
}

enum trust_error json_put_raw(struct trust_writer *writer, struct trust_bytes raw)
{
    for (;;) {
        size_t size = plain_size(raw);
        trust_writer_put(writer, (struct trust_bytes){.data = raw.data, .size = size});
        raw.data = size == 0 ? raw.data : raw.data + size;
        raw.size -= size;
        uint32_t character;
        enum trust_error error = json_take_character(&raw, &character);
        if (error != TRUST_OK)
            return error == TRUST_NO_FOUND ? TRUST_OK : error;
        put_character(writer, character);
    }
}
