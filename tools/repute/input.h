/* Files that a command line names: opened, or refused with what is wrong with them. */
#ifndef REPUTE_INPUT_H
#define REPUTE_INPUT_H

#include <stdint.h>
#include <stdio.h>

#include "repute/context.h"

/* Notes that this file could not be read or written, by errno: TRUST_NO_FOUND, TRUST_NO_PERMISSION,
 * TRUST_NO_ROOM, TRUST_NO_FILE (a directory, exit code 1), TRUST_FAIL_IO. */
enum trust_error input_refuse(struct context *context, const char *path, int code);

/* Opens a file for reading; "-" is standard input. A directory is refused. The caller closes it
 * with input_close. */
TRUST_MUST_USE enum trust_error input_open(struct context *context, FILE **out_file,
                                           const char *path);

/* The same for a regular file, whose size is then known. Else refused: TRUST_NO_FILE. Standard
 * input is read to its end first. */
TRUST_MUST_USE enum trust_error input_open_regular(struct context *context, FILE **out_file,
                                                   uint64_t *out_size, const char *path);

/* NULL and standard input stay as they are. */
void input_close(FILE *file);

#endif
