/* See own_words.h. */
#include "repute/own_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

#define NAME "repute"

/* The first program of the name in PATH is the one at path. */
static bool leads_to(const char *path)
{
    char candidate[PATH_MAX];
    char real[PATH_MAX];
    const char *at = getenv("PATH");
    while (at != NULL && *at != '\0') {
        size_t size = strcspn(at, ":");
        int written = snprintf(candidate, sizeof candidate, "%.*s/" NAME, (int)size, at);
        bool is_there =
            at[0] == '/' && written > 0 && written < PATH_MAX && access(candidate, X_OK) == 0;
        if (is_there)
            return realpath(candidate, real) != NULL && strcmp(real, path) == 0;
        at += size + (at[size] == ':');
    }
    return false;
}

static bool find_home(char out_home[PATH_MAX], const char *home)
{
    if (realpath(home, out_home) != NULL)
        return true;
    /* It may still have to be made. */
    char here[PATH_MAX] = "";
    if (home[0] != '/' && getcwd(here, sizeof here) == NULL)
        return false;
    int size = snprintf(out_home, PATH_MAX, "%s%s%s", here, here[0] == '\0' ? "" : "/", home);
    return size > 0 && size < PATH_MAX;
}

enum trust_error own_words_init(struct own_words *out_words, struct context *context,
                                const char *const *arguments)
{
    char own[PATH_MAX];
    out_words->count = 0;
    if (realpath("/proc/self/exe", own) == NULL)
        return context_refuse(context, TRUST_FAIL_SYSTEM, "mount /proc",
                              "this program cannot find its own path");
    (void)snprintf(out_words->command, sizeof out_words->command, "%s", leads_to(own) ? NAME : own);
    if (context->is_home_given) {
        if (!find_home(out_words->home, context->home.roots[TRUST_HOME_ROOT_CONFIG]))
            return context_refuse(context, TRUST_FAIL_SYSTEM, "give --home as an absolute path",
                                  "the home's path cannot be made absolute");
        out_words->words[out_words->count++] = "--home";
        out_words->words[out_words->count++] = out_words->home;
    }
    for (; *arguments != NULL; arguments++) {
        assert(out_words->count < OWN_WORDS_MAX);
        out_words->words[out_words->count++] = *arguments;
    }
    return TRUST_OK;
}
