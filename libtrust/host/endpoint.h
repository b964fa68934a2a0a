/* A TCP endpoint as the configuration, invites and the link write it: tcp://host:port. */
#ifndef TRUST_HOST_ENDPOINT_H
#define TRUST_HOST_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"

/* "tcp://", a DNS name of 253 characters, ":65535". */
#define TRUST_ENDPOINT_SIZE_MAX 265

struct trust_endpoint {
    char host[256]; /* a DNS name, an IPv4 address, or an IPv6 address without brackets */
    uint16_t port;
    bool is_ipv6;
    bool is_loopback; /* 127.0.0.0/8, ::1 or localhost */
};

/* TRUST_NO_SYNTAX: not tcp://host:port, tcp://[ipv6]:port; TRUST_NO_RANGE: port 0 or above 65535.
 */
TRUST_MUST_USE enum trust_error trust_endpoint_parse(struct trust_endpoint *out_endpoint,
                                                     const char *text);

#endif
