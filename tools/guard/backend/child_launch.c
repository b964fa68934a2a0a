/*
 * The step between the guard and a server's program: `repute-guard --launch PARENT PROGRAM...`.
 *
 * The signal that ends the program when its parent dies can only be asked for by the process
 * itself, and survives the execution. What fails here is told by descriptor 3, which closes when
 * the program runs.
 */
#include <errno.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "guard/backend/child.h"

#define TOLD_FD 3
/* What shells use for a program that cannot be executed. */
#define EXIT_UNSTARTED 127

int child_launch(int count, char **words)
{
    if (count < 4)
        return EXIT_UNSTARTED;
    pid_t parent = (pid_t)strtol(words[2], NULL, 10);
    /* Whatever a library of ours left open is not for a server. */
    (void)close_range(TOLD_FD, ~0u, CLOSE_RANGE_CLOEXEC);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* It may be dead already: then nobody is left to be told. */
    if (getppid() != parent)
        return EXIT_UNSTARTED;
    (void)execvp(words[3], words + 3);
    uint8_t code = (uint8_t)errno;
    ssize_t told = write(TOLD_FD, &code, sizeof code);
    return told == (ssize_t)sizeof code ? EXIT_UNSTARTED : EXIT_FAILURE;
}
