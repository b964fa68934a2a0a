/*
 * A rename is atomic for readers, but only durable once its directory is flushed; a file's bytes
 * are only durable once they are. So: write, fsync, rename, fsync of the directory, in that order.
 */
#include "host/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum trust_error trust_file_error(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return TRUST_NO_ROOM;
    case EACCES:
    case EPERM:
    case EROFS:
        return TRUST_NO_PERMISSION;
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case EISDIR:
        return TRUST_NO_FILE;
    case ENAMETOOLONG:
        return TRUST_NO_SIZE;
    case ENOMEM:
        return TRUST_FAIL_MEMORY;
    default:
        return TRUST_FAIL_IO;
    }
}

static enum trust_error write_all(int fd, struct trust_bytes bytes)
{
    size_t done = 0;
    while (done < bytes.size) {
        ssize_t written = write(fd, bytes.data + done, bytes.size - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return trust_file_error(errno);
        done += (size_t)written;
    }
    return fsync(fd) == 0 ? TRUST_OK : trust_file_error(errno);
}

enum trust_error trust_file_sync_parent(const char *path)
{
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path);
    if (size >= sizeof directory)
        return TRUST_NO_SIZE;
    memcpy(directory, path, size);
    directory[size] = '\0';
    const char *name = slash == NULL ? "." : size == 0 ? "/" : directory;
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return trust_file_error(errno);
    enum trust_error error = fsync(fd) == 0 ? TRUST_OK : TRUST_FAIL_IO;
    (void)close(fd);
    return error;
}

/* Writes and flushes a file beside path; its name is in out_temporary. */
static enum trust_error write_beside(char out_temporary[PATH_MAX], const char *path,
                                     struct trust_bytes bytes, mode_t mode)
{
    int size = snprintf(out_temporary, PATH_MAX, "%s.XXXXXX", path);
    if (size < 0 || size >= PATH_MAX)
        return TRUST_NO_SIZE;
    int fd = mkostemp(out_temporary, O_CLOEXEC);
    if (fd < 0)
        return trust_file_error(errno);
    enum trust_error error = fchmod(fd, mode) == 0 ? TRUST_OK : trust_file_error(errno);
    if (error == TRUST_OK)
        error = write_all(fd, bytes);
    if (close(fd) != 0 && error == TRUST_OK)
        error = trust_file_error(errno);
    if (error != TRUST_OK)
        (void)unlink(out_temporary);
    return error;
}

enum trust_error trust_file_write(const char *path, struct trust_bytes bytes, mode_t mode)
{
    char temporary[PATH_MAX];
    enum trust_error error = write_beside(temporary, path, bytes, mode);
    if (error != TRUST_OK)
        return error;
    if (rename(temporary, path) != 0) {
        error = trust_file_error(errno);
        (void)unlink(temporary);
        return error;
    }
    return trust_file_sync_parent(path);
}

enum trust_error trust_file_settle(const char *temporary, const char *path)
{
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return TRUST_OK;
    if (errno != EINVAL && errno != ENOSYS)
        return errno == EEXIST ? TRUST_NO_CONFLICT : trust_file_error(errno);
    /* Not every file system can do that. Unlike a rename, a link never takes the place of what is
     * there either. */
    if (link(temporary, path) != 0)
        return errno == EEXIST ? TRUST_NO_CONFLICT : trust_file_error(errno);
    (void)unlink(temporary);
    return TRUST_OK;
}

enum trust_error trust_file_create(const char *path, struct trust_bytes bytes, mode_t mode)
{
    char temporary[PATH_MAX];
    enum trust_error error = write_beside(temporary, path, bytes, mode);
    if (error != TRUST_OK)
        return error;
    error = trust_file_settle(temporary, path);
    if (error == TRUST_OK)
        return trust_file_sync_parent(path);
    (void)unlink(temporary);
    return error;
}

/* Reads to the end; a file that grew past capacity meanwhile is refused like one that was. */
static enum trust_error read_all(int fd, void *out_bytes, size_t *out_size, size_t capacity)
{
    uint8_t *to = out_bytes;
    size_t done = 0;
    while (done < capacity) {
        ssize_t taken = read(fd, to + done, capacity - done);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0)
            return TRUST_FAIL_IO;
        if (taken == 0)
            break;
        done += (size_t)taken;
    }
    char more;
    if (done == capacity && read(fd, &more, 1) != 0)
        return TRUST_NO_SIZE;
    *out_size = done;
    return TRUST_OK;
}

/* Opens for reading what read_all may take; everything is judged on the descriptor. */
static enum trust_error open_checked(const char *path, int *out_fd, size_t capacity, bool secret)
{
    /* O_NONBLOCK: a planted FIFO must not hang the start. */
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? TRUST_NO_FOUND : trust_file_error(errno);
    struct stat status = {0};
    enum trust_error error = fstat(fd, &status) == 0 ? TRUST_OK : TRUST_FAIL_IO;
    if (error == TRUST_OK && !S_ISREG(status.st_mode))
        error = TRUST_NO_FILE;
    bool exposed = status.st_uid != geteuid() || (status.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    if (error == TRUST_OK && secret && exposed)
        error = TRUST_NO_FILE;
    if (error == TRUST_OK && (uint64_t)status.st_size > capacity)
        error = TRUST_NO_SIZE;
    if (error != TRUST_OK) {
        (void)close(fd);
        return error;
    }
    *out_fd = fd;
    return TRUST_OK;
}

enum trust_error trust_file_read(const char *path, void *out_bytes, size_t *out_size,
                                 size_t capacity)
{
    int fd = -1;
    enum trust_error error = open_checked(path, &fd, capacity, false);
    if (error != TRUST_OK)
        return error;
    error = read_all(fd, out_bytes, out_size, capacity);
    (void)close(fd);
    return error;
}

enum trust_error trust_file_read_secret(const char *path, void *out_bytes, size_t *out_size,
                                        size_t capacity)
{
    int fd = -1;
    enum trust_error error = open_checked(path, &fd, capacity, true);
    if (error != TRUST_OK)
        return error;
    error = read_all(fd, out_bytes, out_size, capacity);
    (void)close(fd);
    return error;
}
