/*
 * An invite: one line that carries all that a node needs to become a peer of the inviter, once.
 *
 *   HOST:PORT/rpn1.../SECRET
 *
 * With an IPv4 address or a short name it has at most 106 bytes, so that its QR code fits a
 * terminal. The secret seeds a one-time client key; it gives a link, never trust.
 */
#ifndef TRUST_HOST_INVITE_H
#define TRUST_HOST_INVITE_H

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"

#include "host/endpoint.h"

#define TRUST_INVITE_SECRET_SIZE 13
/* 104 bits in characters of 5, and a zero bit. */
#define TRUST_INVITE_SECRET_TEXT_SIZE 21
/* Host and port, two slashes, key, secret, NUL. */
#define TRUST_INVITE_TEXT_SIZE                                                                     \
    (TRUST_ENDPOINT_SIZE_MAX - 6 + 2 + (TRUST_KEY_TEXT_SIZE - 1) + TRUST_INVITE_SECRET_TEXT_SIZE + \
     1)

struct trust_invite {
    char endpoint[TRUST_ENDPOINT_SIZE_MAX + 1]; /* tcp://host:port, where the inviter is reached */
    struct trust_key key;                       /* the inviter's transport key */
    uint8_t secret[TRUST_INVITE_SECRET_SIZE];
};

/* Writes the line, NUL-terminated. The endpoint is a good one. */
void trust_invite_encode(char out_text[TRUST_INVITE_TEXT_SIZE], const struct trust_invite *invite);

/* Reads a line, in lower or upper case (as QR codes prefer), with blanks around it. TRUST_NO_SIZE;
 * TRUST_NO_SYNTAX: not three parts, or no secret; TRUST_NO_KEY; TRUST_NO_RANGE: a bad port. */
TRUST_MUST_USE enum trust_error trust_invite_decode(struct trust_invite *out_invite,
                                                    struct trust_bytes text);

#endif
