/*
 * Files that must be right or not there: whole replacement that survives power loss, and reading of
 * files that hold secrets only when nobody else could read or have planted them.
 */
#ifndef TRUST_HOST_FILES_H
#define TRUST_HOST_FILES_H

#include <sys/types.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

/*
 * Writes the file anew: temporary name beside it, fsync, rename, fsync of the directory. On any
 * error the old file stands. TRUST_NO_ROOM: the disk is full; TRUST_NO_PERMISSION; TRUST_NO_FILE:
 * no such directory; TRUST_FAIL_IO.
 */
TRUST_MUST_USE enum trust_error trust_file_write(const char *path, struct trust_bytes bytes,
                                                 mode_t mode);

/*
 * The same for a file that must not be there yet: TRUST_NO_CONFLICT if anything of that name is,
 * which then stands as it was.
 */
TRUST_MUST_USE enum trust_error trust_file_create(const char *path, struct trust_bytes bytes,
                                                  mode_t mode);

/*
 * Gives a finished file the name that it is for, which nothing may have yet: TRUST_NO_CONFLICT if
 * anything has it. On any error the file keeps its old name. trust_file_sync_parent is the
 * caller's.
 */
TRUST_MUST_USE enum trust_error trust_file_settle(const char *temporary, const char *path);

/*
 * Reads a whole file of at most capacity bytes. TRUST_NO_FOUND: not there; TRUST_NO_FILE: a link or
 * no regular file; TRUST_NO_SIZE: longer; TRUST_NO_PERMISSION; TRUST_FAIL_IO.
 */
TRUST_MUST_USE enum trust_error trust_file_read(const char *path, void *out_bytes, size_t *out_size,
                                                size_t capacity);

/*
 * The same for a secret, judged on the opened descriptor: also TRUST_NO_FILE when it belongs to
 * another user, or its group or others may read or write it.
 */
TRUST_MUST_USE enum trust_error trust_file_read_secret(const char *path, void *out_bytes,
                                                       size_t *out_size, size_t capacity);

/* Flushes the directory that holds path, so that a rename in it is durable. TRUST_FAIL_IO. */
TRUST_MUST_USE enum trust_error trust_file_sync_parent(const char *path);

/* The verdict for an errno of open, write or rename. */
enum trust_error trust_file_error(int error);

#endif
