/*
 * The system calls of the link process: what libzmq's threads and a resolver need, and nothing
 * else. Whatever is not on the list kills the process.
 */
#ifndef LINK_CALLS_H
#define LINK_CALLS_H

#include <stdbool.h>

/* False in builds whose own calls are not known, those with a sanitizer: meson says so. */
#ifndef LINK_CALLS_ARE_KNOWN
#define LINK_CALLS_ARE_KNOWN 1
#endif

/* Puts the list in force for all threads of the process, for good. False: the kernel cannot. */
bool link_calls_hold(void);

#endif
