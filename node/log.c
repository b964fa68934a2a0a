/*
 * One line is built in one buffer and written by one write, so that lines of several processes on
 * one descriptor do not mix.
 */
#include "node/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/date.h"
#include "base/writer.h"

#define WINDOW_MS 1000u

static const char *const level_names[] = {
    [LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

struct log log_init(int fd, enum log_level level)
{
    return (struct log){.fd = fd, .level = level};
}

struct log_field log_text(const char *key, const char *text)
{
    return (struct log_field){.key = key, .type = LOG_TEXT, .bytes = trust_bytes_text(text)};
}

struct log_field log_bytes(const char *key, struct trust_bytes text)
{
    return (struct log_field){.key = key, .type = LOG_TEXT, .bytes = text};
}

struct log_field log_hex(const char *key, struct trust_bytes bytes)
{
    return (struct log_field){.key = key, .type = LOG_HEX, .bytes = bytes};
}

struct log_field log_number(const char *key, int64_t number)
{
    return (struct log_field){.key = key, .type = LOG_NUMBER, .number = number};
}

struct log_field log_code(const char *key, enum trust_error error)
{
    return log_text(key, trust_error_name(error));
}

static void put_text(struct trust_writer *line, const char *text)
{
    trust_writer_put(line, trust_bytes_text(text));
}

static bool is_plain(uint8_t byte)
{
    return byte > ' ' && byte < 0x7f && byte != '"' && byte != '\\' && byte != '=';
}

static bool is_bare(struct trust_bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_plain(text.data[i]))
            return false;
    }
    return text.size > 0;
}

static void put_escaped(struct trust_writer *line, uint8_t byte)
{
    char escaped[5];
    if (is_plain(byte) || byte == ' ' || byte == '=')
        (void)snprintf(escaped, sizeof escaped, "%c", byte);
    else if (byte == '"' || byte == '\\')
        (void)snprintf(escaped, sizeof escaped, "\\%c", byte);
    else
        (void)snprintf(escaped, sizeof escaped, "\\x%02x", byte);
    put_text(line, escaped);
}

/* Byte by byte, so that a text that is too long is cut where the line ends. */
static void put_text_value(struct trust_writer *line, struct trust_bytes text)
{
    const char *quote = is_bare(text) ? "" : "\"";
    put_text(line, quote);
    for (size_t i = 0; i < text.size && !trust_writer_has_overflowed(line); i++)
        put_escaped(line, text.data[i]);
    put_text(line, quote);
}

static void put_value(struct trust_writer *line, const struct log_field *field)
{
    char digits[24];
    switch (field->type) {
    case LOG_TEXT:
        put_text_value(line, field->bytes);
        return;
    case LOG_HEX:
        for (size_t i = 0; i < field->bytes.size && !trust_writer_has_overflowed(line); i++) {
            (void)snprintf(digits, sizeof digits, "%02x", field->bytes.data[i]);
            put_text(line, digits);
        }
        return;
    case LOG_NUMBER:
        (void)snprintf(digits, sizeof digits, "%" PRId64, field->number);
        put_text(line, digits);
        return;
    }
}

static void put_field(struct trust_writer *line, const struct log_field *field)
{
    put_text(line, " ");
    put_text(line, field->key);
    put_text(line, "=");
    put_value(line, field);
}

/* Kinds beyond the table share its last entry: they are still bounded. */
static struct log_kind *find_kind(struct log *log, const char *name)
{
    for (uint32_t i = 0; i < log->kind_count; i++) {
        if (strcmp(log->kinds[i].name, name) == 0)
            return &log->kinds[i];
    }
    if (log->kind_count == TRUST_LOG_KINDS_MAX)
        return &log->kinds[TRUST_LOG_KINDS_MAX - 1];
    struct log_kind *kind = &log->kinds[log->kind_count++];
    *kind = (struct log_kind){.name = name, .window_ms = log->now.mono.ms};
    return kind;
}

static bool may_write(struct log_kind *kind, struct trust_mono now)
{
    if (now.ms - kind->window_ms >= WINDOW_MS) {
        kind->window_ms = now.ms;
        kind->written = 0;
    }
    if (kind->written == TRUST_LOG_LINES_A_SECOND) {
        kind->dropped++;
        return false;
    }
    kind->written++;
    return true;
}

void log_write(struct log *log, enum log_level level, const char *kind,
               const struct log_field *fields, uint32_t field_count)
{
    assert(kind != NULL);
    assert(field_count == 0 || fields != NULL);
    if (level > log->level)
        return;
    struct log_kind *allowance = find_kind(log, kind);
    if (!may_write(allowance, log->now.mono))
        return;
    static const char cut[] = "...\n";
    uint8_t buffer[TRUST_LOG_LINE_SIZE + sizeof cut];
    struct trust_writer line = trust_writer_init(buffer, TRUST_LOG_LINE_SIZE);
    char date[TRUST_DATE_SIZE];
    trust_date_encode(date, log->now.wall.ms / 1000);
    put_text(&line, date);
    put_text(&line, " ");
    put_text(&line, level_names[level]);
    put_text(&line, " ");
    put_text(&line, kind);
    for (uint32_t i = 0; i < field_count; i++)
        put_field(&line, &fields[i]);
    if (allowance->dropped > 0) {
        struct log_field dropped = log_number("dropped", allowance->dropped);
        put_field(&line, &dropped);
    }
    allowance->dropped = 0;
    const char *end = trust_writer_has_overflowed(&line) ? cut : "\n";
    memcpy(buffer + line.size, end, strlen(end));
    ssize_t written = write(log->fd, buffer, line.size + strlen(end));
    /* A log that cannot be written has nowhere to say so. */
    (void)written;
}
