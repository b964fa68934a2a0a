/*
 * `repute export`: the records that this node keeps, as a record file or as JSON lines. A file is
 * there whole or not at all, and one that was there stays unless --force says otherwise. What is no
 * file (a pipe, a device) is written to like standard output.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/files.h"
#include "repute/commands.h"
#include "repute/context.h"
#include "repute/ids.h"
#include "repute/input.h"

#define PATH_SIZE 4096

enum { FORMAT, AUTHOR, OUTPUT, FORCE };

static const char *const formats[] = {"records", "ndjson", NULL};

static const struct command_option options[] = {
    [FORMAT] = {.name = "format",
                .kind = COMMAND_CHOICE,
                .shown = "F",
                .about = "records (the default: what `import` reads) or ndjson",
                .choices = formats},
    [AUTHOR] = {.name = "author",
                .kind = COMMAND_TEXT,
                .shown = "KEY",
                .about = "this author's records alone"},
    [OUTPUT] = {.name = "output",
                .kind = COMMAND_TEXT,
                .shown = "FILE",
                .about = "write here, not to standard output: a new file, a pipe or a device",
                .most = PATH_SIZE - 32},
    [FORCE] = {.name = "force", .about = "replace the file that is there"},
    [FORCE + 1] = {0},
};

static const struct output_field fields[] = {
    {"file", "file", OUTPUT_AS_IT_IS},
    {"size", "bytes", OUTPUT_SIZE},
    {0},
};

/* Where the pieces go: a stream, or a file beside the one that it will replace. */
struct target {
    FILE *stream;
    uint64_t size;
    int error; /* errno of the write that failed; 0: none */
};

static bool take_piece(void *context, struct trust_bytes piece)
{
    struct target *target = context;
    target->size += piece.size;
    if (fwrite(piece.data, 1, piece.size, target->stream) == piece.size)
        return true;
    target->error = errno;
    return false;
}

static enum trust_error stream(struct context *context, struct target *target, const char *path)
{
    const struct trust_http_request request = {
        .method = TRUST_REQUEST_GET, .path = path, .sink = take_piece, .context = target};
    struct trust_reply reply = {0};
    return context_send(context, &reply, &request);
}

/* Fills what is open as the target's stream, named path for people, and closes it. */
static enum trust_error fill(struct context *context, struct target *target, const char *request,
                             const char *path)
{
    struct stat about;
    enum trust_error error = stream(context, target, request);
    int code = fflush(target->stream) == 0 ? 0 : errno;
    int fd = fileno(target->stream);
    bool is_file = fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
    if (code == 0 && is_file && fsync(fd) != 0)
        code = errno;
    if (fclose(target->stream) != 0 && code == 0)
        code = errno;
    code = target->error != 0 ? target->error : code;
    if (code == 0)
        return error;
    /* The disk's word is the better one: the request ended because of it. */
    context->failure = (struct failure){0};
    return input_refuse(context, path, code);
}

static enum trust_error refuse_taken(struct context *context, const char *path)
{
    return context_refuse(context, TRUST_NO_CONFLICT,
                          "name a file that is not there yet, or add --force",
                          "%s is there already", path);
}

/* Opens path, which may not stand for a new file unless flags say so, and fills it. */
static enum trust_error write_to(struct context *context, struct target *target,
                                 const char *request, const char *path, int flags)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0600);
    if (fd < 0)
        return input_refuse(context, path, errno);
    *target = (struct target){.stream = fdopen(fd, "wb")};
    if (target->stream != NULL)
        return fill(context, target, request, path);
    (void)close(fd);
    return TRUST_FAIL_MEMORY;
}

static enum trust_error write_file(struct context *context, struct target *target,
                                   const char *request, const char *path, bool replaces)
{
    char beside[PATH_SIZE];
    (void)snprintf(beside, sizeof beside, "%s.%ld.tmp", path, (long)getpid());
    enum trust_error error =
        write_to(context, target, request, beside, O_CREAT | O_EXCL | O_NOFOLLOW);
    if (error == TRUST_OK && replaces && rename(beside, path) != 0)
        error = input_refuse(context, path, errno);
    if (error == TRUST_OK && !replaces)
        error = trust_file_settle(beside, path);
    if (error == TRUST_OK)
        return trust_file_sync_parent(path);
    (void)unlink(beside);
    return error == TRUST_NO_CONFLICT ? refuse_taken(context, path) : error;
}

/* What is there is followed if it is a link: the link stays, and its file is the one meant. */
static enum trust_error write_over(struct context *context, struct target *target,
                                   const char *request, const char *path, bool may_replace)
{
    struct stat about;
    if (stat(path, &about) != 0 || (S_ISREG(about.st_mode) && !may_replace))
        return refuse_taken(context, path);
    if (!S_ISREG(about.st_mode))
        return write_to(context, target, request, path, 0);
    char *real = realpath(path, NULL);
    if (real == NULL || strlen(real) >= PATH_SIZE - 32) {
        int code = real == NULL ? errno : ENAMETOOLONG;
        free(real);
        return input_refuse(context, path, code);
    }
    enum trust_error error = write_file(context, target, request, real, true);
    free(real);
    return error;
}

static enum trust_error export_to(struct context *context, const char *request, const char *path,
                                  bool may_replace)
{
    struct stat about;
    struct target target = {0};
    enum trust_error error = lstat(path, &about) == 0
                                 ? write_over(context, &target, request, path, may_replace)
                                 : write_file(context, &target, request, path, false);
    if (error != TRUST_OK)
        return error;
    json_t *document = json_pack("{s:s,s:I}", "file", path, "bytes", (json_int_t)target.size);
    error = output_object(&context->output, document, fields);
    json_decref(document);
    return error;
}

static enum trust_error make_request(struct context *context, char out_path[CONTEXT_PATH_SIZE],
                                     const struct command_setting *values)
{
    char author[TRUST_KEY_TEXT_SIZE] = "";
    if (values[AUTHOR].is_given) {
        enum trust_error error = ids_key(context, author, values[AUTHOR].text, TRUST_KEY_OPERATOR);
        if (error != TRUST_OK)
            return error;
    }
    (void)snprintf(out_path, CONTEXT_PATH_SIZE, "/v1/records?format=%s%s%s",
                   formats[values[FORMAT].choice], author[0] == '\0' ? "" : "&author=", author);
    return TRUST_OK;
}

static enum trust_error check_output(struct context *context, const struct command_setting *values)
{
    bool is_binary = values[FORMAT].choice == 0;
    if (values[OUTPUT].is_given)
        return TRUST_OK;
    if (context->output.form == OUTPUT_JSON)
        return context_misuse(context, TRUST_NO_OPTION, "give --output FILE too",
                              "without --output the records themselves are the output");
    if (is_binary && isatty(fileno(context->output.out)) == 1)
        return context_misuse(context, TRUST_NO_OPTION,
                              "give --output FILE, or --format ndjson to read them",
                              "record files are no text for a terminal");
    return TRUST_OK;
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    const struct command_setting *values = arguments->values;
    char path[CONTEXT_PATH_SIZE];
    enum trust_error error = check_output(context, values);
    if (error == TRUST_OK)
        error = make_request(context, path, values);
    if (error != TRUST_OK)
        return error;
    if (values[OUTPUT].is_given)
        return export_to(context, path, values[OUTPUT].text, values[FORCE].is_given);
    struct target target = {.stream = context->output.out};
    error = stream(context, &target, path);
    if (target.error == 0)
        return error;
    context->failure = (struct failure){0};
    return context_refuse(context, TRUST_FAIL_IO, NULL, "standard output: %s",
                          strerror(target.error));
}

const struct command export_command = {
    .name = "export",
    .words = "",
    .summary = "write out the records that this node keeps",
    .options = options,
    .run = run,
};
