/*
 * `repute guard`: becomes `repute-guard`, which stands beside this program as in a build tree, or
 * in libexec. It is the same process then, so that signals, streams and the exit code are the
 * guard's.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "repute/commands.h"
#include "repute/context.h"

#define PROGRAM "repute-guard"

enum { GROUP };

static const struct command_option options[] = {
    [GROUP] = {.name = "group",
               .kind = COMMAND_TEXT,
               .shown = "G",
               .about = "a group of the configuration",
               .most = 64,
               .is_required = true},
    [GROUP + 1] = {0},
};

/* Beside this program, or next door in a build tree. */
static bool is_beside(char out_path[PATH_MAX], const char *folder)
{
    char own[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", own, sizeof own);
    if (size <= 0 || (size_t)size >= sizeof own)
        return false;
    const char *slash = memrchr(own, '/', (size_t)size);
    if (slash == NULL)
        return false;
    int length = snprintf(out_path, PATH_MAX, "%.*s/%s" PROGRAM, (int)(slash - own), own, folder);
    return length > 0 && length < PATH_MAX && access(out_path, X_OK) == 0;
}

/* posix execv takes pointers to what may be changed, and changes nothing. */
static void put_word(char **at, const char *word)
{
    memcpy(at, &word, sizeof word);
}

static enum trust_error run(struct context *context, const struct command_arguments *arguments)
{
    char path[PATH_MAX];
    char *words[6] = {0};
    size_t count = 0;
    if (!is_beside(path, "") && !is_beside(path, "../guard/"))
        (void)snprintf(path, sizeof path, "%s", REPUTE_LIBEXECDIR "/" PROGRAM);
    put_word(&words[count++], PROGRAM);
    put_word(&words[count++], "--group");
    put_word(&words[count++], arguments->values[GROUP].text);
    if (context->is_home_given) {
        put_word(&words[count++], "--home");
        put_word(&words[count++], context->home.roots[TRUST_HOME_ROOT_CONFIG]);
    }
    (void)execv(path, words);
    return context_refuse(context, errno == ENOENT ? TRUST_NO_FOUND : TRUST_FAIL_SYSTEM,
                          "install repute-guard, or build it", "%s: %s", path, strerror(errno));
}

const struct command guard_command = {
    .name = "guard",
    .words = "",
    .summary = "one MCP server that stands for a group of them; needs no node",
    .more = "An agent's configuration names this as the command of the server.\n",
    .options = options,
    .run = run,
};
