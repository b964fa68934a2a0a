/* See input.h. */
#include "repute/input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "host/files.h"

/* A file of the command line that is none is a no, unlike a key file that is not safe to use. */
static enum trust_error refuse(struct context *context, enum trust_error error, const char *next,
                               const char *path, const char *why)
{
    bool is_first = context->failure.error == TRUST_OK;
    (void)context_refuse(context, error, next, "%s: %s", path, why);
    if (is_first && error == TRUST_NO_FILE)
        context->failure.exit = FAILURE_EXIT_NO;
    return error;
}

enum trust_error input_refuse(struct context *context, const char *path, int code)
{
    enum trust_error error = code == ENOENT ? TRUST_NO_FOUND : trust_file_error(code);
    return refuse(context, error, NULL, path, strerror(code));
}

/* Opens the file and looks at it: a directory opens too, and only its first read fails. */
static enum trust_error open_and_look(struct context *context, FILE **out_file,
                                      struct stat *out_about, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL)
        return input_refuse(context, path, errno);
    int code = fstat(fileno(file), out_about) == 0 ? 0 : errno;
    if (code == 0 && S_ISDIR(out_about->st_mode))
        code = EISDIR;
    if (code != 0) {
        input_close(file);
        return input_refuse(context, path, code);
    }
    *out_file = file;
    return TRUST_OK;
}

enum trust_error input_open(struct context *context, FILE **out_file, const char *path)
{
    struct stat about;
    return open_and_look(context, out_file, &about, path);
}

/* Copies what comes to a file without a name, so that its size is known. */
static enum trust_error spool(struct context *context, FILE **out_file, uint64_t *out_size,
                              FILE *from)
{
    char piece[16384];
    size_t size = 0;
    uint64_t total = 0;
    FILE *file = tmpfile();
    if (file == NULL)
        return input_refuse(context, "a temporary file", errno);
    while ((size = fread(piece, 1, sizeof piece, from)) > 0 && fwrite(piece, 1, size, file) == size)
        total += size;
    if (ferror(from) != 0 || ferror(file) != 0 || fflush(file) != 0) {
        int code = errno;
        (void)fclose(file);
        return input_refuse(context, "standard input", code);
    }
    rewind(file);
    *out_file = file;
    *out_size = total;
    return TRUST_OK;
}

enum trust_error input_open_regular(struct context *context, FILE **out_file, uint64_t *out_size,
                                    const char *path)
{
    struct stat about;
    FILE *file = NULL;
    enum trust_error error = open_and_look(context, &file, &about, path);
    if (error != TRUST_OK)
        return error;
    if (file == stdin)
        return spool(context, out_file, out_size, file);
    if (!S_ISREG(about.st_mode)) {
        input_close(file);
        return refuse(context, TRUST_NO_FILE, "write it to a file first", path,
                      "not a regular file");
    }
    *out_file = file;
    *out_size = (uint64_t)about.st_size;
    return TRUST_OK;
}

void input_close(FILE *file)
{
    if (file != NULL && file != stdin)
        (void)fclose(file);
}
