/* reputed-link: the link process, the program that reputed starts for everything of ZeroMQ. */
#include <stdio.h>

#include "node/link_process.h"

int main(int argc, char **argv)
{
    int fd = link_process_fd(argc, argv);
    if (fd >= 0)
        return link_process_run(fd);
    (void)fputs("reputed-link: only reputed starts this program\n", stderr);
    return 2;
}
