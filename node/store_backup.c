/*
 * LMDB copies from a read transaction, page by page and without the free ones. The copy is made
 * under a temporary name in the target's directory, so that the target is never half a backup, and
 * nothing that came to stand there meanwhile is lost.
 */
#include "node/store_backup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "host/files.h"
#include "node/thread.h"

struct store_backup {
    struct store *store;
    pthread_t thread;
    int fd;
    char path[PATH_MAX];
    char temporary[PATH_MAX];
};

static enum trust_error copy(const struct store_backup *backup)
{
    int code = mdb_env_copyfd2(backup->store->env.lmdb, backup->fd, MDB_CP_COMPACT);
    if (code != 0)
        return store_env_error(code);
    if (fsync(backup->fd) != 0)
        return trust_file_error(errno);
    enum trust_error error = trust_file_settle(backup->temporary, backup->path);
    return error == TRUST_OK ? trust_file_sync_parent(backup->path) : error;
}

static void *run(void *context)
{
    struct store_backup *backup = context;
    enum trust_error result = copy(backup);
    if (result != TRUST_OK)
        (void)unlink(backup->temporary);
    struct store *store = backup->store;
    (void)pthread_mutex_lock(&store->mutex);
    store->backup_ended = true;
    store->backup_result = result;
    (void)pthread_mutex_unlock(&store->mutex);
    store_wake(store);
    return NULL;
}

static enum trust_error open_target(struct store_backup *backup, const char *path)
{
    int size = snprintf(backup->path, sizeof backup->path, "%s", path);
    if (size < 0 || (size_t)size >= sizeof backup->path)
        return TRUST_NO_SIZE;
    size = snprintf(backup->temporary, sizeof backup->temporary, "%s.XXXXXX", path);
    if (size < 0 || (size_t)size >= sizeof backup->temporary)
        return TRUST_NO_SIZE;
    /* Made 0600: who may read the records is decided by who is given the file. */
    backup->fd = mkostemp(backup->temporary, O_CLOEXEC);
    return backup->fd >= 0 ? TRUST_OK : trust_file_error(errno);
}

enum trust_error store_backup_start(struct store *store, const char *path)
{
    if (store->backup != NULL)
        return TRUST_NO_BUSY;
    struct store_backup *backup = calloc(1, sizeof *backup);
    if (backup == NULL)
        return TRUST_FAIL_MEMORY;
    backup->store = store;
    enum trust_error error = open_target(backup, path);
    if (error != TRUST_OK) {
        free(backup);
        return error;
    }
    error = thread_start(&backup->thread, "backup", run, backup);
    if (error != TRUST_OK) {
        (void)close(backup->fd);
        (void)unlink(backup->temporary);
        free(backup);
        return error;
    }
    store->backup = backup;
    return TRUST_OK;
}

static void join(struct store *store)
{
    thread_join(store->backup->thread);
    (void)close(store->backup->fd);
    free(store->backup);
    store->backup = NULL;
    store->backup_ended = false;
}

bool store_backup_poll(struct store *store, enum trust_error *out_result)
{
    if (store->backup == NULL)
        return false;
    (void)pthread_mutex_lock(&store->mutex);
    bool ended = store->backup_ended;
    (void)pthread_mutex_unlock(&store->mutex);
    if (!ended)
        return false;
    *out_result = store->backup_result;
    join(store);
    return true;
}

void store_backup_stop(struct store *store)
{
    if (store->backup == NULL)
        return;
    /* LMDB cannot be asked to stop copying, but its next write to a descriptor that only reads
     * fails. */
    int unwritable = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (unwritable >= 0) {
        (void)dup3(unwritable, store->backup->fd, O_CLOEXEC);
        (void)close(unwritable);
    }
    join(store);
}
