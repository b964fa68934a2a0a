/*
 * Where the guard listens for HTTP, and the names under which it may be asked for there. Loopback
 * alone: whoever reaches the port uses the group's servers with the rights of the user who started
 * the guard, and nothing on the way is encrypted.
 */
#ifndef GUARD_FACE_ADDRESS_H
#define GUARD_FACE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"

#define FACE_ADDRESS_HOST_SIZE 16

struct face_address {
    char host[FACE_ADDRESS_HOST_SIZE]; /* 127.0.0.1, or ::1 */
    bool is_v6;
    uint16_t port; /* 0: any that is free */
};

/*
 * 127.0.0.1:8080, localhost:8080 or [::1]:8080. TRUST_NO_SYNTAX: not of that form. TRUST_NO_RANGE:
 * no port. TRUST_NO_PERMISSION: an address that others reach, or a name that may become one.
 */
TRUST_MUST_USE enum trust_error face_address_read(struct face_address *out_address,
                                                  const char *text);

/* With brackets and port, as in a URL. */
#define FACE_ADDRESS_TEXT_SIZE (FACE_ADDRESS_HOST_SIZE + 8)
void face_address_text(char out_text[FACE_ADDRESS_TEXT_SIZE], const struct face_address *address);

/* The value of a Host header names this address, or the loopback by one of its usual names; with
 * the port, which only 80 may leave out. A page that was made to resolve to the loopback comes
 * under a name of its own. */
bool face_address_is_named(const struct face_address *address, struct trust_bytes host);

/* scheme://host or scheme://host:port, as browsers write an Origin: not "null", which is many. */
bool face_address_is_origin(const char *text);

#endif
