/*
 * Tells whether a file that somebody replaces by renaming has changed since it was last read: two
 * system calls a second at most, and no descriptor kept.
 */
#ifndef TRUST_CLIENT_FILE_MARK_H
#define TRUST_CLIENT_FILE_MARK_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/time.h"

struct trust_client_file_mark {
    struct trust_mono looked; /* 0: never */
    uint64_t device, inode, size;
    uint64_t changed_ns;
    bool is_there;
};

/* True if the file differs from what it was at the last true, or appeared, or went; false too while
 * the last look is less than TRUST_CLIENT_LOOK_MS ago. The first look is always true. */
bool trust_client_file_mark_is_new(struct trust_client_file_mark *mark, const char *path,
                                   struct trust_mono now);

#endif
