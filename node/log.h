/*
 * The node's log: lines `date level kind key=value...` on standard error, the date in UTC as
 * everywhere. Text is escaped, so that nothing foreign can forge a line or move a terminal's
 * cursor; a kind may write 10 lines a second, so that nothing foreign can fill a disk. Used by one
 * thread.
 */
#ifndef LOG_H
#define LOG_H

#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/time.h"

#include "base/limits.h"

enum log_level {
    LOG_ERROR,
    LOG_WARN,
    LOG_INFO,
    LOG_DEBUG,
};

enum log_type {
    LOG_TEXT,   /* text, escaped */
    LOG_NUMBER, /* number */
    LOG_HEX,    /* bytes in hexadecimal */
};

struct log_field {
    const char *key; /* [a-z_]+ */
    enum log_type type;
    struct trust_bytes bytes;
    int64_t number;
};

struct log_kind {
    const char *name;
    uint64_t window_ms;
    uint32_t written; /* in this window */
    uint32_t dropped; /* since the last line that was written */
};

struct log {
    int fd;
    enum log_level level; /* the most detailed that is written */
    struct trust_now now; /* the loop moves it at each turn */
    uint32_t kind_count;
    struct log_kind kinds[TRUST_LOG_KINDS_MAX];
};

struct log log_init(int fd, enum log_level level);

struct log_field log_text(const char *key, const char *text);
struct log_field log_bytes(const char *key, struct trust_bytes text);
struct log_field log_hex(const char *key, struct trust_bytes bytes);
struct log_field log_number(const char *key, int64_t number);
struct log_field log_code(const char *key, enum trust_error error);

/* Writes one line, or counts it as dropped; the kind's next line then says dropped=N. kind is
 * static text, [a-z_]+. field_count may be 0. */
void log_write(struct log *log, enum log_level level, const char *kind,
               const struct log_field *fields, uint32_t field_count);

/* LOG_FIELDS(log_text(...), log_number(...)) gives the last two arguments of log_write. */
#define LOG_FIELDS(...)                                                                            \
    (const struct log_field[]){__VA_ARGS__},                                                       \
        (uint32_t)(sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))

#endif
