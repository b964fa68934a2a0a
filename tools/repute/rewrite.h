/*
 * A file of somebody else's, changed as a whole: what was read is what is replaced, or nothing is.
 * Links are followed to the file itself; its mode and owner stay; what was there before is kept
 * beside it.
 */
#ifndef REPUTE_REWRITE_H
#define REPUTE_REWRITE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "trust/bytes.h"
#include "trust/error.h"

struct rewrite {
    char path[PATH_MAX]; /* of the file itself */
    bool is_there;
    mode_t mode; /* permissions; of a file that is not there yet: 0600 */
    uid_t owner;
    gid_t group;
    uint8_t *text; /* as read */
    size_t size;
};

/*
 * Reads the file, of at most `most` bytes; one that is not there is empty. TRUST_NO_FILE: no
 * regular file, or a link that leads nowhere; TRUST_NO_SIZE, TRUST_NO_PERMISSION, TRUST_FAIL_IO,
 * TRUST_FAIL_MEMORY.
 */
TRUST_MUST_USE enum trust_error rewrite_open(struct rewrite *out_rewrite, const char *path,
                                             size_t most);

/* What was read is wiped: it may hold secrets. */
void rewrite_close(struct rewrite *rewrite);

/* TRUST_NO_CONFLICT: the file is not what was read any more. */
TRUST_MUST_USE enum trust_error rewrite_check(const struct rewrite *rewrite);

/*
 * Puts text in the place of what was read, with rewrite->mode: written beside it, flushed, renamed.
 * out_backup names the copy of what was there, not readable for everybody; "" if nothing was.
 * Folders that are missing are made, for their user only. TRUST_NO_CONFLICT: the file is not what
 * was read any more; TRUST_NO_ROOM, TRUST_NO_PERMISSION (also: its owner cannot be kept),
 * TRUST_FAIL_IO. On any error the file stands.
 */
TRUST_MUST_USE enum trust_error rewrite_save(const struct rewrite *rewrite,
                                             char out_backup[PATH_MAX], struct trust_bytes text);

#endif
