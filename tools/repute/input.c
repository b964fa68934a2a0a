/* See input.h. */
#include "repute/input.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "host/files.h"

enum trust_error input_refuse(struct context *context, const char *path, int code)
{
    enum trust_error error = code == ENOENT ? TRUST_NO_FOUND : trust_file_error(code);
    return context_refuse(context, error, NULL, "%s: %s", path, strerror(code));
}

enum trust_error input_open(struct context *context, FILE **out_file, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    if (file == NULL)
        return input_refuse(context, path, errno);
    *out_file = file;
    return TRUST_OK;
}

enum trust_error input_open_regular(struct context *context, FILE **out_file, uint64_t *out_size,
                                    const char *path)
{
    struct stat about;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return input_refuse(context, path, errno);
    if (fstat(fileno(file), &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)fclose(file);
        return context_refuse(context, TRUST_NO_FILE, "write it to a file first",
                              "%s: not a regular file", path);
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
