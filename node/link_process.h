/*
 * The link process: reputed-link, executed with one end of a socketpair, the only process with
 * ZeroMQ sockets. See link.h for the other end.
 */
#ifndef LINK_PROCESS_H
#define LINK_PROCESS_H

/* The descriptor that the core passes as `reputed-link --link-process FD`; -1: none. */
int link_process_fd(int argc, char **argv);

/* Runs until the core is gone (end of file). Returns the exit code. */
int link_process_run(int fd);

#endif
