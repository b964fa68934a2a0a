/* See program.h. */
#include "repute/program.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

/* Where this program stands, "/" at the end; false: nobody knows. */
static bool find_own_folder(char out_path[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", out_path, PATH_MAX - 1);
    if (size <= 0)
        return false;
    out_path[size] = '\0';
    char *slash = strrchr(out_path, '/');
    if (slash != NULL)
        slash[1] = '\0';
    return slash != NULL;
}

static bool is_there(char out_path[PATH_MAX], const char *before, const char *folder,
                     const char *name)
{
    int size = snprintf(out_path, PATH_MAX, "%s%s%s", before, folder, name);
    return size > 0 && size < PATH_MAX && access(out_path, X_OK) == 0;
}

static void find(char out_path[PATH_MAX], const char *name, const char *folder)
{
    char own[PATH_MAX];
    char next_door[64];
    (void)snprintf(next_door, sizeof next_door, "../%s/", folder);
    bool is_found = find_own_folder(own) &&
                    (is_there(out_path, own, "", name) || is_there(out_path, own, next_door, name));
    if (!is_found)
        (void)snprintf(out_path, PATH_MAX, "%s/%s", REPUTE_LIBEXECDIR, name);
}

/* execv takes pointers to what may be changed, and changes nothing. */
static void put_word(char **words, size_t *count, const char *word)
{
    assert(*count < PROGRAM_WORDS_MAX);
    memcpy(&words[(*count)++], &word, sizeof word);
}

enum trust_error program_become(struct context *context, const char *name, const char *folder,
                                const char *const *arguments)
{
    char path[PATH_MAX];
    char *words[PROGRAM_WORDS_MAX + 1] = {0};
    size_t count = 0;
    find(path, name, folder);
    put_word(words, &count, name);
    for (; *arguments != NULL; arguments++)
        put_word(words, &count, *arguments);
    if (context->is_home_given) {
        put_word(words, &count, "--home");
        put_word(words, &count, context->home.roots[TRUST_HOME_ROOT_CONFIG]);
    }
    (void)execv(path, words);
    return context_refuse(context, errno == ENOENT ? TRUST_NO_FILE : TRUST_FAIL_SYSTEM,
                          "install the whole of repute, or build it", "%s: %s", path,
                          strerror(errno));
}
