/* See program.h. */
#include "guard/program.h"

#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "guard/backend/child.h"
#include "guard/options.h"

/* Bytes of an allocation that is given back to the system by itself. */
#define MAPPED_SIZE_MIN 131072

/*
 * A client has as many guards as groups, idle for most of their lives. Left to itself, glibc keeps
 * up to twice the longest buffer that was ever freed, and a heap for each thread.
 */
static void be_small(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, MAPPED_SIZE_MIN);
    (void)mallopt(M_ARENA_MAX, 1);
}

int program_run(int count, char **words, const struct start_means *means)
{
    struct start_means own = *means;
    own.words = words;
    if (count > 1 && strcmp(words[1], CHILD_LAUNCH) == 0)
        return child_launch(count, words);
    be_small();
    struct options options;
    if (options_read(&options, count, words, stderr) != TRUST_OK)
        return OPTIONS_EXIT_USAGE;
    switch (options.work) {
    case OPTIONS_HELP:
        return fputs(options_usage, stdout) < 0 ? OPTIONS_EXIT_FAILED : OPTIONS_EXIT_YES;
    case OPTIONS_VERSION:
        return printf("repute-guard %s\n", REPUTE_VERSION) < 0 ? OPTIONS_EXIT_FAILED
                                                               : OPTIONS_EXIT_YES;
    case OPTIONS_SERVE:
        return (int)start_run(&options, &own);
    }
    return OPTIONS_EXIT_USAGE;
}
