/* A listening socket on the loopback. */
#ifndef GUARD_PORT_H
#define GUARD_PORT_H

#include "guard/face/face_address.h"

/*
 * Port 0 becomes the one that the system chose. TRUST_NO_RUNNING: somebody else listens there;
 * TRUST_NO_PERMISSION: the port is not for everybody; TRUST_NO_FOUND: this machine has no such
 * address; TRUST_FAIL_SYSTEM.
 */
TRUST_MUST_USE enum trust_error port_open(int *out_fd, struct face_address *inout_address);

#endif
