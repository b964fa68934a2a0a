/* A small text file of entries, a line each, that an owner of its own reads and writes: the loop
 * over its lines, and the file around its text. */
#ifndef LINE_FILE_H
#define LINE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

/* One line, without its end. Whatever is not TRUST_OK ends the reading. */
typedef enum trust_error line_file_take(void *context, struct trust_bytes line);

/* Gives each line of a text to take, until one is refused: *out_line is that one, from 1.
 * TRUST_NO_SYNTAX: the last line has no end; else what take said. */
TRUST_MUST_USE enum trust_error line_file_parse(uint32_t *out_line, struct trust_bytes text,
                                                line_file_take *take, void *context);

/* The same for a file of at most capacity bytes; one that is not there has no lines. Also what
 * trust_file_read answers, and TRUST_FAIL_MEMORY; *out_line is 0 then. */
TRUST_MUST_USE enum trust_error line_file_load(uint32_t *out_line, const char *path,
                                               size_t capacity, line_file_take *take,
                                               void *context);

#endif
