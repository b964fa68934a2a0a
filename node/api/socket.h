/*
 * The listening Unix sockets of the API. Who may connect is the file's mode, from its first moment
 * on; who connected is what the kernel says of the connection.
 */
#ifndef API_SOCKET_H
#define API_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "trust/error.h"

/*
 * Listens at path, not blocking. What a dead process left there is replaced: the caller holds the
 * instance lock, so nobody alive listens on it. TRUST_NO_SIZE: the path is too long for a socket;
 * TRUST_NO_CONFLICT: something else stands there; TRUST_NO_PERMISSION, TRUST_NO_FILE,
 * TRUST_NO_ROOM, TRUST_FAIL_SYSTEM.
 */
TRUST_MUST_USE enum trust_error socket_listen(int *out_fd, const char *path, mode_t mode);

/* The user who connected; false: the kernel does not say. */
bool socket_peer(int fd, uint32_t *out_uid);

#endif
