/* See operator.h. */
#include "repute/operator.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "host/files.h"
#include "repute/passphrase.h"

#define NEXT_INIT "`repute init` makes one"

void operator_guard_process(void)
{
    const struct rlimit none = {0};
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
}

/* Why a file was refused, for people: the verdict was made on the descriptor. */
static enum trust_error refuse_unsafe(struct context *context, const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return context_refuse(context, TRUST_NO_FILE, NULL, "%s is not safe to use", path);
    if (S_ISLNK(status.st_mode))
        return context_refuse(context, TRUST_NO_FILE, "put the file itself there",
                              "%s is a symbolic link", path);
    if (!S_ISREG(status.st_mode))
        return context_refuse(context, TRUST_NO_FILE, "put the key file there",
                              "%s is no regular file", path);
    if (status.st_uid != geteuid())
        return context_refuse(context, TRUST_NO_FILE, "run this as its owner",
                              "%s belongs to another user", path);
    char next[TRUST_HOME_PATH_SIZE + 64];
    (void)snprintf(next, sizeof next,
                   "chmod 600 %s; if somebody may have read it, `repute key revoke`", path);
    return context_refuse(context, TRUST_NO_FILE, next, "%s can be read by others (mode %04o)",
                          path, (unsigned)status.st_mode & 07777u);
}

static enum trust_error refuse_file(struct context *context, enum trust_error error,
                                    const char *path)
{
    if (error == TRUST_NO_FOUND)
        return context_refuse(context, error, NEXT_INIT, "there is no operator key at %s", path);
    if (error == TRUST_NO_FILE)
        return refuse_unsafe(context, path);
    if (error < TRUST_OK || error == TRUST_NO_PERMISSION)
        return context_refuse(context, error, "check its owner and mode", "%s: %s", path,
                              trust_error_text(error));
    (void)context_refuse(context, error, "restore it from a copy", "%s is not a key file: %s", path,
                         trust_error_text(error));
    context->failure.exit = FAILURE_EXIT_LOCKED;
    return error;
}

enum trust_error operator_file_read(struct context *context, struct operator_file *out_file)
{
    trust_home_path(out_file->path, &context->home, TRUST_HOME_OPERATOR_KEY);
    enum trust_error error = trust_file_read_secret(out_file->path, out_file->bytes,
                                                    &out_file->size, sizeof out_file->bytes);
    if (error == TRUST_OK)
        error = trust_keyfile_parse(
            &out_file->file, (struct trust_bytes){.data = out_file->bytes, .size = out_file->size});
    if (error == TRUST_OK)
        return TRUST_OK;
    operator_file_close(out_file);
    return refuse_file(context, error, out_file->path);
}

void operator_file_close(struct operator_file *file)
{
    sodium_memzero(file->bytes, sizeof file->bytes);
}

static enum trust_error refuse_unlock(struct context *context, enum trust_error error,
                                      const char *path)
{
    if (error < TRUST_OK)
        return error;
    if (error == TRUST_NO_PASSPHRASE)
        return context_refuse(context, error, "try again", "the passphrase does not open %s", path);
    (void)context_refuse(context, error, "restore it from a copy", "%s is damaged: %s", path,
                         trust_error_text(error));
    context->failure.exit = FAILURE_EXIT_LOCKED;
    return error;
}

enum trust_error operator_unlock(struct context *context, struct trust_secret **out_secret,
                                 struct trust_keyfile_note *out_note,
                                 const struct operator_file *file, const char *passphrase_file)
{
    struct passphrase passphrase = {0};
    operator_guard_process();
    if (file->file.kdf != TRUST_KEYFILE_PLAIN) {
        enum trust_error error = passphrase_read(context, &passphrase, passphrase_file, false);
        if (error != TRUST_OK)
            return error;
    }
    enum trust_error error =
        trust_keyfile_open(out_secret, out_note, &file->file, passphrase_bytes(&passphrase));
    passphrase_close(&passphrase);
    return error == TRUST_OK ? TRUST_OK : refuse_unlock(context, error, file->path);
}

enum trust_error operator_open(struct context *context, struct trust_secret **out_secret,
                               const char *passphrase_file)
{
    struct operator_file file;
    struct trust_keyfile_note note;
    enum trust_error error = operator_file_read(context, &file);
    if (error != TRUST_OK)
        return error;
    error = operator_unlock(context, out_secret, &note, &file, passphrase_file);
    operator_file_close(&file);
    return error;
}

enum trust_error operator_public(struct context *context, struct trust_key *out_key)
{
    char path[TRUST_HOME_PATH_SIZE];
    char text[128];
    size_t size = 0;
    trust_home_path(path, &context->home, TRUST_HOME_OPERATOR_PUB);
    enum trust_error error = trust_file_read(path, text, &size, sizeof text);
    if (error == TRUST_OK) {
        while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r'))
            size--;
        error = trust_key_decode(out_key,
                                 (struct trust_bytes){.data = (const uint8_t *)text, .size = size},
                                 TRUST_KEY_OPERATOR);
    }
    if (error == TRUST_OK)
        return TRUST_OK;
    if (error != TRUST_NO_FOUND && error != TRUST_NO_FILE)
        return context_refuse(context, error, "`repute init` writes it again if you remove it",
                              "%s: %s", path, trust_error_text(error));
    struct operator_file file;
    error = operator_file_read(context, &file);
    if (error != TRUST_OK)
        return error;
    *out_key = file.file.public_key;
    operator_file_close(&file);
    return TRUST_OK;
}
