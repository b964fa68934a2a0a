/*
 * Messages between core and link: one SEQPACKET packet each, a fixed header and a body. Both ends
 * are our own programs, but the link talks to strangers: the core reads it like one.
 */
#ifndef LINK_WIRE_H
#define LINK_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"

#include "base/limits.h"
#include "host/endpoint.h"

#define LINK_WIRE_VERSION 1
#define LINK_WIRE_HEADER_SIZE 12
#define LINK_WIRE_SIZE_MAX (LINK_WIRE_HEADER_SIZE + TRUST_FRAME_SIZE_MAX)

enum link_wire_type {
    /* core to link */
    LINK_WIRE_CONFIG = 1, /* struct link_wire_config: always the first */
    LINK_WIRE_ALLOW = 2,  /* key, then an endpoint's text or nothing */
    LINK_WIRE_FORGET = 3, /* key */
    LINK_WIRE_HOLD = 4,   /* key, milliseconds (8), banned (1) */
    LINK_WIRE_SEND = 5,   /* handle; a frame */
    LINK_WIRE_DROP = 6,   /* handle */
    LINK_WIRE_JOIN = 7,   /* key of the inviter, one-time secret (32), endpoint's text: as ALLOW,
                             dialled with this secret and our own in turn until ours is let in */
    /* link to core */
    LINK_WIRE_STARTED = 32, /* it listens; body: bit 1 seccomp, bit 2 landlock */
    LINK_WIRE_FAILED = 33,  /* it could not start; body: errno (4) */
    LINK_WIRE_UP = 34,      /* handle; key, enum link_wire_way (1) */
    LINK_WIRE_DOWN = 35,    /* handle */
    LINK_WIRE_BYTES = 36,   /* handle; a frame */
    LINK_WIRE_REFUSED = 37, /* key of a caller that was not let in */
};

/* How a connection came to be. */
enum link_wire_way {
    LINK_WIRE_INBOUND = 0,
    LINK_WIRE_DIALLED = 1,
    LINK_WIRE_INVITED = 2, /* dialled with the one-time key of an invite */
};

/* A message; body borrows. */
struct link_wire {
    enum link_wire_type type;
    uint32_t handle;
    struct trust_bytes body;
};

/* Header: version (1), type (1), zeros (2), handle (4), body's length (4); big-endian.
 * TRUST_NO_SIZE, TRUST_NO_VERSION; TRUST_NO_TYPE: no such type; TRUST_NO_CANONICAL: zeros that are
 * none, or a length that is not the packet's. */
TRUST_MUST_USE enum trust_error link_wire_decode(struct link_wire *out_message,
                                                 struct trust_bytes packet);

/* Writes the header of a message. */
void link_wire_header(uint8_t out_header[LINK_WIRE_HEADER_SIZE], const struct link_wire *message);

enum link_wire_sent {
    LINK_WIRE_SENT,
    LINK_WIRE_FULL, /* the other end is behind */
    LINK_WIRE_GONE, /* there is no other end any more */
};

/* Sends without waiting. */
enum link_wire_sent link_wire_send(int fd, const struct link_wire *message);

/* Receives without waiting into buffer of LINK_WIRE_SIZE_MAX. TRUST_NO_FOUND: nothing there;
 * TRUST_NO_NODE: the other end is gone; else the verdict of link_wire_decode. */
TRUST_MUST_USE enum trust_error link_wire_receive(int fd, struct link_wire *out_message,
                                                  uint8_t *buffer);

/* Bodies. */
struct link_wire_config {
    uint8_t secret[32];
    struct trust_key key;
    bool newcomers;
    char listen[TRUST_ENDPOINT_SIZE_MAX + 1]; /* empty: none */
};
#define LINK_WIRE_CONFIG_SIZE_MAX (32 + 32 + 1 + TRUST_ENDPOINT_SIZE_MAX)

size_t link_wire_encode_config(uint8_t out_body[LINK_WIRE_CONFIG_SIZE_MAX],
                               const struct link_wire_config *config);
TRUST_MUST_USE enum trust_error link_wire_decode_config(struct link_wire_config *out_config,
                                                        struct trust_bytes body);

#endif
