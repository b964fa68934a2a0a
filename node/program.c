/* See program.h. */
#include "node/program.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Above the descriptors that a child is given by number. */
#define FD_LEAST 16

static int open_in(const char *directory, int size, const char *name)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%.*s/%s", size, directory, name);
    if (length < 0 || (size_t)length >= sizeof path || access(path, X_OK) != 0)
        return -1;
    return open(path, O_PATH | O_CLOEXEC);
}

static int open_beside(const char *name)
{
    char own[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", own, sizeof own);
    if (size <= 0 || (size_t)size >= sizeof own)
        return -1;
    const char *slash = memrchr(own, '/', (size_t)size);
    return slash == NULL ? -1 : open_in(own, (int)(slash - own), name);
}

enum trust_error program_open(struct program *out_program, const char *name)
{
    int fd = open_beside(name);
    if (fd < 0)
        fd = open_in(REPUTE_LIBEXECDIR, sizeof REPUTE_LIBEXECDIR - 1, name);
    if (fd < 0)
        return TRUST_NO_FOUND;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, FD_LEAST);
    (void)close(fd);
    if (high < 0)
        return TRUST_FAIL_SYSTEM;
    out_program->fd = high;
    (void)snprintf(out_program->path, sizeof out_program->path, "/proc/self/fd/%d", high);
    return TRUST_OK;
}

void program_close(struct program *program)
{
    (void)close(program->fd);
}
