/* See rewrite.h. Between the last look at the file and the rename lies no work: it is as short as a
 * file system without locks of its own allows. */
#include "repute/rewrite.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "host/files.h"

/* Copies beside one file: somebody who has more wants to look at them first. */
#define BACKUPS_MAX 100

/* ---- reading ---- */

/* The path without links; of a file that is not there, its folder's with its name. */
static enum trust_error resolve(struct rewrite *rewrite, const char *path)
{
    char folder[PATH_MAX];
    char real[PATH_MAX];
    struct stat about;
    rewrite->is_there = realpath(path, rewrite->path) != NULL;
    if (rewrite->is_there)
        return TRUST_OK;
    if (errno != ENOENT)
        return trust_file_error(errno);
    /* A link that leads nowhere: what it was meant to lead to is not ours to make. */
    if (lstat(path, &about) == 0)
        return TRUST_NO_FILE;
    const char *slash = strrchr(path, '/');
    int size = snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
                        slash == NULL ? "." : path);
    if (size < 0 || size >= PATH_MAX)
        return TRUST_NO_SIZE;
    const char *name = slash == NULL ? path : slash + 1;
    /* The folder may be missing as well. */
    bool has_folder = realpath(folder, real) != NULL;
    size = has_folder ? snprintf(rewrite->path, PATH_MAX, "%s/%s", real, name)
                      : snprintf(rewrite->path, PATH_MAX, "%s", path);
    return size > 0 && size < PATH_MAX ? TRUST_OK : TRUST_NO_SIZE;
}

enum trust_error rewrite_open(struct rewrite *out_rewrite, const char *path, size_t most)
{
    struct stat about;
    struct rewrite rewrite = {.mode = 0600, .owner = geteuid(), .group = getegid()};
    enum trust_error error = resolve(&rewrite, path);
    if (error != TRUST_OK)
        return error;
    rewrite.text = malloc(rewrite.is_there ? most : 1);
    if (rewrite.text == NULL)
        return TRUST_FAIL_MEMORY;
    if (rewrite.is_there)
        error = trust_file_read(rewrite.path, rewrite.text, &rewrite.size, most);
    if (error == TRUST_OK && rewrite.is_there && stat(rewrite.path, &about) != 0)
        error = TRUST_FAIL_IO;
    if (error != TRUST_OK) {
        free(rewrite.text);
        return error == TRUST_NO_FOUND ? TRUST_NO_CONFLICT : error;
    }
    if (rewrite.is_there) {
        rewrite.mode = about.st_mode & 07777;
        rewrite.owner = about.st_uid;
        rewrite.group = about.st_gid;
    }
    *out_rewrite = rewrite;
    return TRUST_OK;
}

void rewrite_close(struct rewrite *rewrite)
{
    if (rewrite->text != NULL)
        sodium_memzero(rewrite->text, rewrite->size);
    free(rewrite->text);
    *rewrite = (struct rewrite){0};
}

/* ---- writing ---- */

enum trust_error rewrite_check(const struct rewrite *rewrite)
{
    struct stat about;
    if (!rewrite->is_there)
        return lstat(rewrite->path, &about) == 0 ? TRUST_NO_CONFLICT : TRUST_OK;
    size_t size = 0;
    uint8_t *now = malloc(rewrite->size + 1);
    if (now == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = trust_file_read(rewrite->path, now, &size, rewrite->size + 1);
    bool is_same = error == TRUST_OK && size == rewrite->size &&
                   (size == 0 || memcmp(now, rewrite->text, size) == 0);
    sodium_memzero(now, size);
    free(now);
    return is_same ? TRUST_OK : TRUST_NO_CONFLICT;
}

/* A new file of this name with the mode and owner; nobody else can read it before it has them. */
static enum trust_error make(const struct rewrite *rewrite, const char *path, mode_t mode,
                             struct trust_bytes text)
{
    enum trust_error error = trust_file_create(path, text, 0600);
    if (error != TRUST_OK)
        return error;
    bool is_ours = rewrite->owner == geteuid() && rewrite->group == getegid();
    if (!is_ours && chown(path, rewrite->owner, rewrite->group) != 0)
        error = TRUST_NO_PERMISSION;
    if (error == TRUST_OK && chmod(path, mode) != 0)
        error = trust_file_error(errno);
    if (error != TRUST_OK)
        (void)unlink(path);
    return error;
}

/* Secrets may have moved out of the file, and the copy stays: it is not for everybody. */
static enum trust_error keep(const struct rewrite *rewrite, char out_backup[PATH_MAX])
{
    enum trust_error error = TRUST_NO_CONFLICT;
    for (unsigned i = 1; i <= BACKUPS_MAX && error == TRUST_NO_CONFLICT; i++) {
        int size = i == 1 ? snprintf(out_backup, PATH_MAX, "%s.repute-backup", rewrite->path)
                          : snprintf(out_backup, PATH_MAX, "%s.repute-backup-%u", rewrite->path, i);
        if (size < 0 || size >= PATH_MAX)
            return TRUST_NO_SIZE;
        error = make(rewrite, out_backup, rewrite->mode & ~(mode_t)0007,
                     (struct trust_bytes){.data = rewrite->text, .size = rewrite->size});
    }
    return error == TRUST_NO_CONFLICT ? TRUST_NO_ROOM : error;
}

static enum trust_error make_folders(const char *path)
{
    char folder[PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%s", path);
    for (char *at = strchr(folder + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(folder, 0700) != 0 && errno != EEXIST)
            return trust_file_error(errno);
        *at = '/';
    }
    return TRUST_OK;
}

static enum trust_error replace(const struct rewrite *rewrite, char out_backup[PATH_MAX],
                                const char *temporary)
{
    enum trust_error error = keep(rewrite, out_backup);
    if (error != TRUST_OK)
        return error;
    error = rewrite_check(rewrite);
    if (error == TRUST_OK && rename(temporary, rewrite->path) != 0)
        error = trust_file_error(errno);
    if (error != TRUST_OK)
        (void)unlink(out_backup);
    return error;
}

enum trust_error rewrite_save(const struct rewrite *rewrite, char out_backup[PATH_MAX],
                              struct trust_bytes text)
{
    char temporary[PATH_MAX];
    out_backup[0] = '\0';
    int size =
        snprintf(temporary, sizeof temporary, "%s.repute-%ld", rewrite->path, (long)getpid());
    if (size < 0 || size >= PATH_MAX)
        return TRUST_NO_SIZE;
    enum trust_error error =
        rewrite->is_there ? rewrite_check(rewrite) : make_folders(rewrite->path);
    if (error == TRUST_OK)
        error = make(rewrite, temporary, rewrite->mode, text);
    if (error != TRUST_OK)
        return error;
    error = rewrite->is_there ? replace(rewrite, out_backup, temporary)
                              : trust_file_settle(temporary, rewrite->path);
    if (error == TRUST_OK)
        return trust_file_sync_parent(rewrite->path);
    (void)unlink(temporary);
    out_backup[0] = '\0';
    return error;
}
