/* See mapping.h and trust/board.h. */
#include "board/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "board/reader.h"

/* Agents read it through the group of the folder it lies in. */
#define FILE_MODE 0640
#define NEW_SUFFIX ".new"

static bool new_path(char out_path[PATH_MAX], const char *path)
{
    int length = snprintf(out_path, PATH_MAX, "%s%s", path, NEW_SUFFIX);
    return length > 0 && length < PATH_MAX;
}

/* What has no room: a full disk, a quota, the largest size that a file of ours may have. */
static bool is_full(int failure)
{
    return failure == ENOSPC || failure == EDQUOT || failure == EFBIG;
}

/* Allocates and maps the file behind fd, which stays open. */
static enum trust_error map_new(void **out_memory, int fd, size_t size)
{
    if (fchmod(fd, FILE_MODE) != 0)
        return TRUST_FAIL_IO;
    int failure = posix_fallocate(fd, 0, (off_t)size);
    if (failure != 0) {
        errno = failure;
        return is_full(failure) ? TRUST_NO_ROOM : TRUST_FAIL_IO;
    }
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        return TRUST_FAIL_SYSTEM;
    *out_memory = memory;
    return TRUST_OK;
}

enum trust_error trust_board_mapping_open(struct trust_board_writer *writer, const char *path,
                                          const struct trust_board_params *params)
{
    char temporary[PATH_MAX];
    if (!new_path(temporary, path))
        return TRUST_FAIL_IO;
    if (unlink(temporary) != 0 && errno != ENOENT)
        return TRUST_FAIL_IO;
    int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (fd < 0)
        return is_full(errno) ? TRUST_NO_ROOM : TRUST_FAIL_IO;
    void *memory = NULL;
    enum trust_error error = map_new(&memory, fd, trust_board_size(params->capacity));
    int kept = errno;
    close(fd);
    if (error == TRUST_OK)
        trust_board_writer_init(writer, memory, params);
    else
        unlink(temporary);
    errno = kept;
    return error;
}

/* The header of the board that stands at path now; NULL if none does. */
static struct trust_board_header *map_old(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    struct stat status;
    void *memory = MAP_FAILED;
    bool is_usable = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                     status.st_size >= (off_t)sizeof(struct trust_board_header);
    if (is_usable)
        memory = mmap(NULL, sizeof(struct trust_board_header), PROT_READ | PROT_WRITE, MAP_SHARED,
                      fd, 0);
    close(fd);
    return memory == MAP_FAILED ? NULL : memory;
}

enum trust_error trust_board_mapping_publish(const char *path)
{
    char temporary[PATH_MAX];
    if (!new_path(temporary, path))
        return TRUST_FAIL_IO;
    struct trust_board_header *old = map_old(path);
    int failure = rename(temporary, path) == 0 ? 0 : errno;
    if (old != NULL) {
        /* After the rename: whoever sees the mark finds the new file. */
        if (failure == 0 && old->magic == TRUST_BOARD_MAGIC)
            atomic_store_explicit(&old->superseded, 1, memory_order_release);
        munmap(old, sizeof *old);
    }
    errno = failure;
    return failure == 0 ? TRUST_OK : TRUST_FAIL_IO;
}

void trust_board_mapping_close(struct trust_board_writer *writer)
{
    if (writer->header != NULL) {
        int failure = munmap(writer->header, trust_board_size(writer->capacity));
        assert(failure == 0);
    }
    *writer = (struct trust_board_writer){0};
}

/* A file that can be mapped: open, regular, with its size. */
struct opened {
    int fd;
    struct stat status;
};

static enum trust_error open_regular(struct opened *out_opened, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? TRUST_NO_FILE
                                                                     : TRUST_FAIL_SYSTEM;
    *out_opened = (struct opened){.fd = fd};
    if (fstat(fd, &out_opened->status) == 0 && S_ISREG(out_opened->status.st_mode))
        return TRUST_OK;
    close(fd);
    return TRUST_NO_FILE;
}

static bool is_mapped(const struct trust_board *board, const struct stat *status)
{
    return board->data != NULL && board->device == (uint64_t)status->st_dev &&
           board->inode == (uint64_t)status->st_ino;
}

/* Maps what opened is into board, in place of what was mapped. */
static enum trust_error replace(struct trust_board *board, const struct opened *opened)
{
    off_t file_size = opened->status.st_size;
    if (file_size < (off_t)sizeof(struct trust_board_header))
        return TRUST_NO_VERSION;
    if (file_size > (off_t)trust_board_size(TRUST_BOARD_SLOTS_MAX))
        return TRUST_FAIL_CORRUPT;
    size_t size = (size_t)file_size;
    void *memory = mmap(NULL, size, PROT_READ, MAP_SHARED, opened->fd, 0);
    if (memory == MAP_FAILED)
        return TRUST_FAIL_SYSTEM;
    struct trust_board old = *board;
    enum trust_error error = trust_board_reader_init(board, memory, size);
    if (error != TRUST_OK) {
        munmap(memory, size);
        return error;
    }
    board->device = (uint64_t)opened->status.st_dev;
    board->inode = (uint64_t)opened->status.st_ino;
    trust_board_close(&old);
    return TRUST_OK;
}

enum trust_error trust_board_open(struct trust_board *board, const char *path,
                                  struct trust_mono now)
{
    *board = (struct trust_board){.path = path, .tried = now};
    struct opened opened;
    enum trust_error error = open_regular(&opened, path);
    if (error != TRUST_OK)
        return error;
    error = replace(board, &opened);
    close(opened.fd);
    return error;
}

void trust_board_close(struct trust_board *board)
{
    if (board->data != NULL) {
        int failure = munmap((void *)(uintptr_t)board->data, board->size);
        assert(failure == 0);
    }
    *board = (struct trust_board){.path = board->path, .tried = board->tried};
}

static bool is_live(const struct trust_board *board, struct trust_now now)
{
    return board->data != NULL && !trust_board_reader_is_superseded(board) &&
           trust_board_reader_age_ms(board, now) <= TRUST_BOARD_STALE_MS;
}

bool trust_board_refresh(struct trust_board *board, struct trust_now now)
{
    if (is_live(board, now))
        return false;
    bool is_early =
        now.mono.ms >= board->tried.ms && now.mono.ms - board->tried.ms < TRUST_BOARD_RETRY_MS;
    if (is_early)
        return false;
    board->tried = now.mono;
    struct opened opened;
    if (open_regular(&opened, board->path) != TRUST_OK)
        return false;
    bool is_replaced = !is_mapped(board, &opened.status) && replace(board, &opened) == TRUST_OK;
    close(opened.fd);
    return is_replaced;
}
