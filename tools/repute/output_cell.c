/*
 * Control characters, C0 and C1 alike, are written as \xNN, and what turns the order of others as a
 * question mark: a text from elsewhere must not move a terminal's cursor, show itself in another
 * order, nor a tab split a column.
 */
#include "repute/output_cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "base/writer.h"

const json_t *output_cell_find(const json_t *object, const char *path)
{
    const json_t *at = object;
    while (at != NULL) {
        const char *dot = strchr(path, '.');
        if (dot == NULL)
            return json_object_get(at, path);
        char name[64];
        size_t size = (size_t)(dot - path);
        if (size >= sizeof name)
            return NULL;
        memcpy(name, path, size);
        name[size] = '\0';
        at = json_object_get(at, name);
        path = dot + 1;
    }
    return NULL;
}

static bool is_control(const uint8_t *at)
{
    return at[0] < 0x20 || at[0] == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0);
}

static void put_escaped(struct trust_writer *writer, const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    while (*at != 0) {
        char escaped[8];
        size_t taken = 1;
        if (is_control(at)) {
            taken = at[0] == 0xc2 ? 2 : 1;
            (void)snprintf(escaped, sizeof escaped, "\\x%02x", at[taken - 1]);
            trust_writer_put(writer, trust_bytes_text(escaped));
        } else {
            /* A code point whole: a cut must not leave half of one. */
            while ((at[taken] & 0xc0) == 0x80)
                taken++;
            const struct trust_bytes one = {.data = at, .size = taken};
            trust_writer_put(writer, trust_utf8_is_turning(one) ? trust_bytes_text("?") : one);
        }
        at += taken;
    }
}

static void put_size(struct trust_writer *writer, double size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    while (size >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        size /= 1024;
        unit++;
    }
    char text[48];
    (void)snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    trust_writer_put(writer, trust_bytes_text(text));
}

static void put_count(struct trust_writer *writer, json_int_t count)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%" PRId64, (int64_t)count);
    size_t size = strlen(digits);
    for (size_t i = 0; i < size; i++) {
        bool parts = i > 0 && digits[i - 1] != '-' && (size - i) % 3 == 0;
        trust_writer_put(writer, trust_bytes_text(parts ? "," : ""));
        trust_writer_put(writer, (struct trust_bytes){(const uint8_t *)digits + i, 1});
    }
}

static void put_number(struct trust_writer *writer, const json_t *value, enum output_style style)
{
    char text[48];
    if (style == OUTPUT_SIZE) {
        put_size(writer, json_number_value(value));
        return;
    }
    if (style == OUTPUT_COUNT && json_is_integer(value)) {
        put_count(writer, json_integer_value(value));
        return;
    }
    if (style == OUTPUT_RATIO)
        (void)snprintf(text, sizeof text, "%.3f", json_number_value(value));
    else if (json_is_integer(value))
        (void)snprintf(text, sizeof text, "%" PRId64, (int64_t)json_integer_value(value));
    else
        (void)snprintf(text, sizeof text, "%.6g", json_real_value(value));
    trust_writer_put(writer, trust_bytes_text(text));
}

static void put_scalar(struct trust_writer *writer, const json_t *value, enum output_style style)
{
    if (json_is_string(value) && json_string_length(value) > 0)
        put_escaped(writer, json_string_value(value));
    else if (json_is_number(value))
        put_number(writer, value, style);
    else if (json_is_boolean(value))
        trust_writer_put(writer, trust_bytes_text(json_is_true(value) ? "yes" : "no"));
    else if (json_is_object(value) || json_is_array(value))
        trust_writer_put(writer, trust_bytes_text("..."));
    else
        trust_writer_put(writer, trust_bytes_text("-"));
}

static size_t width_of(const char *text)
{
    size_t width = 0;
    for (const uint8_t *at = (const uint8_t *)text; *at != 0; at++)
        width += (*at & 0xc0) != 0x80;
    return width;
}

void output_cell_init(struct output_cell *out_cell, const json_t *value, enum output_style style,
                      enum output_form form)
{
    static const char cut[] = "...";
    if (form != OUTPUT_TEXT)
        style = OUTPUT_AS_IT_IS;
    struct trust_writer writer =
        trust_writer_init(out_cell->text, sizeof out_cell->text - sizeof cut);
    size_t count = json_array_size(value);
    if (!json_is_array(value) || count == 0)
        put_scalar(&writer, json_is_array(value) ? NULL : value, style);
    for (size_t i = 0; i < count; i++) {
        trust_writer_put(&writer, trust_bytes_text(i == 0 ? "" : ","));
        put_scalar(&writer, json_array_get(value, i), style);
    }
    size_t size = writer.size;
    if (trust_writer_has_overflowed(&writer)) {
        memcpy(out_cell->text + size, cut, sizeof cut - 1);
        size += sizeof cut - 1;
    }
    out_cell->text[size] = '\0';
    out_cell->width = width_of(out_cell->text);
}
