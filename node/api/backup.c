/*
 * See backup.h. One at a time; the store copies on a thread of its own. The path is absolute, since
 * the node's working directory is nobody's business, and what stands there is not overwritten.
 */
#include "node/api/backup.h"

#include <stdio.h>
#include <sys/stat.h>

#include "node/api/api.h"
#include "node/api/body.h"
#include "node/core.h"

#define PATH_SIZE_MAX 1024

/* The next backup may have begun before the connection of this one is done with its answer. */
static void release(struct api_call *call)
{
    if (call->api->backup.call == call)
        call->api->backup.call = NULL;
}

static bool is_free(struct api_call *call, const char *path)
{
    struct stat status;
    if (path[0] != '/') {
        api_refuse(call, TRUST_NO_RANGE, "give an absolute path", "/path: not absolute");
        return false;
    }
    if (lstat(path, &status) == 0) {
        api_refuse(call, TRUST_NO_CONFLICT, "give a path where nothing stands",
                   "/path: something is there already");
        return false;
    }
    return true;
}

static void refuse_start(struct api_call *call, enum trust_error error)
{
    if (error == TRUST_NO_BUSY)
        api_refuse(call, error, NULL, "a backup is being made");
    else if (error == TRUST_NO_FILE)
        api_refuse(call, TRUST_NO_FOUND, "make the folder first", "/path: its folder is not there");
    else if (error == TRUST_NO_PERMISSION)
        api_refuse(call, error, "give a folder that the node's user may write to",
                   "/path: the node may not write there");
    else
        api_refuse(call, error, NULL, "the backup could not begin");
}

void backup_make(struct api_call *call)
{
    struct core *core = call->core;
    struct api_body body = api_body_open(call);
    const char *path = api_body_text(&body, "path", PATH_SIZE_MAX);
    if (!api_body_end(&body) || !is_free(call, path) || !api_hold(call))
        return;
    enum trust_error error = store_backup_start(core->store, path);
    if (error != TRUST_OK) {
        refuse_start(call, error);
    } else {
        struct store_stats stats;
        store_stats(core->store, &stats);
        call->api->backup =
            (struct backup){.call = call, .path = path, .records = stats.record_count};
        call->release = release;
    }
}

void backup_turn(struct core *core)
{
    struct backup *backup = &core->api->backup;
    enum trust_error error = TRUST_OK;
    if (!store_backup_poll(core->store, &error) || backup->call == NULL ||
        api_is_answered(backup->call))
        return;
    struct api_call *call = backup->call;
    if (error != TRUST_OK) {
        api_refuse(call, error, NULL, "the backup failed: nothing of it is left");
    } else {
        struct api_doc doc = api_doc_init();
        api_doc_open_object(&doc, NULL);
        api_doc_text(&doc, "path", backup->path);
        api_doc_count(&doc, "records", backup->records);
        api_doc_close_object(&doc);
        api_answer(call, &doc);
    }
    api_wake(call);
}
