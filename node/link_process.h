/*
 * The link process: `reputed` executed anew with one end of a socketpair, the only process with
 * ZeroMQ sockets. See link.h for the other end.
 */
#ifndef LINK_PROCESS_H
#define LINK_PROCESS_H

/* The descriptor that our own core passes as `reputed --link-process FD`; -1: we are not the link.
 */
int link_process_fd(int argc, char **argv);

/* Runs until the core is gone (end of file). Returns the exit code. */
int link_process_run(int fd);

#endif
