/* See become.h. */
#include "guard/become.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SELF "/proc/self/exe"

static enum trust_error error_of(int number)
{
    if (number == ENOENT || number == ENOTDIR)
        return TRUST_NO_FOUND;
    return number == EACCES ? TRUST_NO_PERMISSION : TRUST_FAIL_SYSTEM;
}

enum trust_error become(char out_path[BECOME_PATH_SIZE], const char *name, char **words)
{
    (void)snprintf(out_path, BECOME_PATH_SIZE, "%s", name);
    char folder[BECOME_PATH_SIZE];
    ssize_t size = readlink(SELF, folder, sizeof folder - 1);
    if (size < 0)
        return error_of(errno);
    folder[size] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL || (size_t)(slash - folder) + strlen(name) + 2 > BECOME_PATH_SIZE)
        return TRUST_NO_FOUND;
    strcpy(slash + 1, name);
    memcpy(out_path, folder, strlen(folder) + 1);
    (void)execv(out_path, words);
    return error_of(errno);
}
