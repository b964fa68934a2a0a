/* See shelf.h. */
#include "repute/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "host/files.h"

#define PATH_SIZE (TRUST_HOME_PATH_SIZE + DRAFT_ID_SIZE + 1)
#define NEXT_LIST "`repute drafts list` shows them"

static bool is_id(const char *name)
{
    return strlen(name) == DRAFT_ID_SIZE - 1 &&
           strspn(name, "0123456789abcdef") == DRAFT_ID_SIZE - 1;
}

static void path_of(char out_path[PATH_SIZE], const struct context *context, const char *id)
{
    char directory[TRUST_HOME_PATH_SIZE];
    trust_home_path(directory, &context->home, TRUST_HOME_DRAFTS);
    (void)snprintf(out_path, PATH_SIZE, "%s/%.8s", directory, id);
}

static enum trust_error check_id(struct context *context, const char *id)
{
    if (is_id(id))
        return TRUST_OK;
    return context_misuse(context, TRUST_NO_SYNTAX, NEXT_LIST,
                          "\"%.64s\" is no id of a draft: it has eight hex digits", id);
}

static enum trust_error read_draft(struct context *context, struct draft *out_draft, const char *id)
{
    uint8_t text[DRAFT_SIZE_MAX];
    char path[PATH_SIZE];
    char next[64];
    size_t size = 0;
    path_of(path, context, id);
    enum trust_error error = trust_file_read(path, text, &size, sizeof text);
    if (error == TRUST_NO_FOUND)
        return context_refuse(context, error, NEXT_LIST, "there is no draft %s", id);
    if (error < TRUST_OK || error == TRUST_NO_PERMISSION || error == TRUST_NO_FILE)
        return context_refuse(context, error, "check its owner and mode", "%s: %s", path,
                              trust_error_text(error));
    if (error == TRUST_OK)
        error = draft_decode(out_draft, (struct trust_bytes){.data = text, .size = size});
    if (error == TRUST_OK)
        return TRUST_OK;
    (void)snprintf(next, sizeof next, "`repute drafts drop %s` removes it", id);
    return context_refuse(context, error, next, "%s is not a draft: %s", path,
                          trust_error_text(error));
}

static enum trust_error check_place(struct context *context, bool *out_replaced, const char *id,
                                    const struct draft *draft)
{
    char path[PATH_SIZE];
    struct draft there;
    path_of(path, context, id);
    *out_replaced = false;
    if (access(path, F_OK) != 0)
        return TRUST_OK;
    enum trust_error error = read_draft(context, &there, id);
    if (error != TRUST_OK)
        return error;
    *out_replaced = true;
    if (draft_is_same_place(&there, draft))
        return TRUST_OK;
    return context_refuse(context, TRUST_NO_CONFLICT, "publish or drop that one first",
                          "the draft %s is about something else and has the same id", id);
}

/* Held while a draft is compared and then replaced or removed: nothing may come between. */
static enum trust_error lock(struct context *context, int *out_fd)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &context->home, TRUST_HOME_DRAFTS);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        int cause = errno;
        if (fd >= 0)
            (void)close(fd);
        return context_refuse(context, trust_file_error(cause), "check its owner and mode",
                              "%s: %s", path, strerror(cause));
    }
    *out_fd = fd;
    return TRUST_OK;
}

static enum trust_error write_draft(struct context *context, const char *path,
                                    const struct draft *draft)
{
    uint8_t text[DRAFT_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(text, sizeof text);
    draft_encode(&writer, draft);
    enum trust_error error = trust_file_write(path, trust_writer_bytes(&writer), 0600);
    if (error != TRUST_OK)
        return context_refuse(context, error, "make room, or check the directory's owner", "%s: %s",
                              path, trust_error_text(error));
    return TRUST_OK;
}

enum trust_error shelf_put(struct context *context, bool *out_replaced, char out_id[DRAFT_ID_SIZE],
                           const struct draft *draft)
{
    char id[DRAFT_ID_SIZE];
    char path[PATH_SIZE];
    bool replaced = false;
    int fd = -1;
    enum trust_error error = trust_home_make(&context->home);
    if (error != TRUST_OK)
        return context_refuse(context, error, "choose another --home, or check its owner and mode",
                              "%s: %s", context->home.roots[TRUST_HOME_ROOT_STATE],
                              trust_error_text(error));
    draft_id(id, draft);
    path_of(path, context, id);
    error = lock(context, &fd);
    if (error != TRUST_OK)
        return error;
    error = check_place(context, &replaced, id, draft);
    if (error == TRUST_OK)
        error = write_draft(context, path, draft);
    (void)close(fd);
    if (error != TRUST_OK)
        return error;
    memcpy(out_id, id, sizeof id);
    *out_replaced = replaced;
    return TRUST_OK;
}

/* ---- many ---- */

static int compare(const void *a, const void *b)
{
    const struct shelf_draft *first = a;
    const struct shelf_draft *second = b;
    if (first->draft.created_s != second->draft.created_s)
        return first->draft.created_s < second->draft.created_s ? -1 : 1;
    return strcmp(first->id, second->id);
}

static enum trust_error read_all(struct context *context, struct shelf *shelf, DIR *directory)
{
    const struct dirent *entry = NULL;
    while ((entry = readdir(directory)) != NULL) {
        if (!is_id(entry->d_name))
            continue;
        if (shelf->count == SHELF_DRAFTS_MAX)
            return context_refuse(context, TRUST_NO_ROOM, "publish or drop some by their ids",
                                  "there are more than %d drafts", SHELF_DRAFTS_MAX);
        struct shelf_draft *draft = &shelf->drafts[shelf->count];
        (void)snprintf(draft->id, sizeof draft->id, "%.8s", entry->d_name);
        enum trust_error error = read_draft(context, &draft->draft, draft->id);
        if (error != TRUST_OK)
            return error;
        shelf->count++;
    }
    qsort(shelf->drafts, shelf->count, sizeof *shelf->drafts, compare);
    return TRUST_OK;
}

enum trust_error shelf_open(struct context *context, struct shelf *out_shelf)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &context->home, TRUST_HOME_DRAFTS);
    /* Lazily touched: memory is used as far as there are drafts. */
    struct shelf shelf = {.drafts = calloc(SHELF_DRAFTS_MAX, sizeof *shelf.drafts)};
    if (shelf.drafts == NULL)
        return TRUST_FAIL_MEMORY;
    DIR *directory = opendir(path);
    enum trust_error error = TRUST_OK;
    if (directory == NULL && errno != ENOENT) {
        error = trust_file_error(errno);
        (void)context_refuse(context, error, "check its owner and mode", "%s: %s", path,
                             strerror(errno));
    } else if (directory != NULL) {
        error = read_all(context, &shelf, directory);
        (void)closedir(directory);
    }
    if (error != TRUST_OK) {
        shelf_close(&shelf);
        return error;
    }
    *out_shelf = shelf;
    return TRUST_OK;
}

void shelf_close(struct shelf *shelf)
{
    free(shelf->drafts);
    *shelf = (struct shelf){0};
}

static bool has(const struct shelf *shelf, const char *id)
{
    for (size_t i = 0; i < shelf->count; i++) {
        if (strcmp(shelf->drafts[i].id, id) == 0)
            return true;
    }
    return false;
}

enum trust_error shelf_pick(struct context *context, struct shelf *out_shelf,
                            const char *const *ids, size_t count)
{
    struct shelf shelf = {.drafts = calloc(count + 1, sizeof *shelf.drafts)};
    if (shelf.drafts == NULL)
        return TRUST_FAIL_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct shelf_draft *draft = &shelf.drafts[shelf.count];
        enum trust_error error = check_id(context, ids[i]);
        if (error == TRUST_OK && has(&shelf, ids[i]))
            continue;
        if (error == TRUST_OK)
            error = read_draft(context, &draft->draft, ids[i]);
        if (error != TRUST_OK) {
            shelf_close(&shelf);
            return error;
        }
        (void)snprintf(draft->id, sizeof draft->id, "%.8s", ids[i]);
        shelf.count++;
    }
    *out_shelf = shelf;
    return TRUST_OK;
}

enum trust_error shelf_drop(struct context *context, const char *id)
{
    char path[PATH_SIZE];
    enum trust_error error = check_id(context, id);
    if (error != TRUST_OK)
        return error;
    path_of(path, context, id);
    if (unlink(path) == 0)
        return trust_file_sync_parent(path);
    if (errno == ENOENT)
        return context_refuse(context, TRUST_NO_FOUND, NEXT_LIST, "there is no draft %s", id);
    error = trust_file_error(errno);
    return context_refuse(context, error, "check its owner and mode", "%s: %s", path,
                          strerror(errno));
}

/* ---- what was published ---- */

enum trust_error shelf_check(struct context *context, const struct shelf_draft *draft)
{
    uint8_t there[DRAFT_SIZE_MAX];
    uint8_t text[DRAFT_SIZE_MAX];
    char path[PATH_SIZE];
    size_t size = 0;
    path_of(path, context, draft->id);
    enum trust_error error = trust_file_read(path, there, &size, sizeof there);
    if (error == TRUST_NO_SIZE)
        return TRUST_NO_CONFLICT;
    if (error == TRUST_NO_FOUND)
        return error;
    if (error != TRUST_OK)
        return context_refuse(context, error, "check its owner and mode", "%s: %s", path,
                              trust_error_text(error));
    struct trust_writer writer = trust_writer_init(text, sizeof text);
    draft_encode(&writer, &draft->draft);
    struct trust_bytes read = trust_writer_bytes(&writer);
    return size == read.size && memcmp(there, read.data, size) == 0 ? TRUST_OK : TRUST_NO_CONFLICT;
}

enum trust_error shelf_settle(struct context *context, const struct shelf_draft *draft)
{
    int fd = -1;
    enum trust_error error = lock(context, &fd);
    if (error != TRUST_OK)
        return error;
    error = shelf_check(context, draft);
    if (error == TRUST_OK)
        error = shelf_drop(context, draft->id);
    (void)close(fd);
    return error;
}
