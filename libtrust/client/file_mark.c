/* See file_mark.h. */
#include "client/file_mark.h"

#include <sys/stat.h>

#include "base/limits.h"

static bool is_same(const struct trust_client_file_mark *a, const struct trust_client_file_mark *b)
{
    return a->is_there == b->is_there && a->device == b->device && a->inode == b->inode &&
           a->size == b->size && a->changed_ns == b->changed_ns;
}

bool trust_client_file_mark_is_new(struct trust_client_file_mark *mark, const char *path,
                                   struct trust_mono now)
{
    bool is_first = mark->looked.ms == 0;
    if (!is_first && now.ms - mark->looked.ms < TRUST_CLIENT_LOOK_MS)
        return false;
    struct trust_client_file_mark seen = {.looked = {.ms = now.ms > 0 ? now.ms : 1}};
    struct stat status;
    if (stat(path, &status) == 0) {
        seen.is_there = true;
        seen.device = (uint64_t)status.st_dev;
        seen.inode = (uint64_t)status.st_ino;
        seen.size = (uint64_t)status.st_size;
        seen.changed_ns =
            (uint64_t)status.st_ctim.tv_sec * 1000000000 + (uint64_t)status.st_ctim.tv_nsec;
    }
    bool is_new = is_first || !is_same(mark, &seen);
    *mark = seen;
    return is_new;
}
