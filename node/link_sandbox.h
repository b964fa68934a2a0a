/* What the link process gives up once its sockets are made, and how large it may grow. */
#ifndef LINK_SANDBOX_H
#define LINK_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

/* Bits of what link_sandbox_enter could put in force. */
#define LINK_SANDBOX_SECCOMP 1
#define LINK_SANDBOX_LANDLOCK 2

/* Limits of memory and descriptors, no new privileges, no core dump with a key in it. Returns the
 * bits of what the kernel granted; the limits themselves always hold. */
uint8_t link_sandbox_enter(void);

/* True when the resident set passed its bound: libzmq bounds no unfinished multipart message, so
 * the process ends and the core starts a fresh one. */
bool link_sandbox_is_too_large(void);

#endif
