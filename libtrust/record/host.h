/*
 * The host and port of a URL or of an image registry, in the one form that a server's text may
 * have: lower case, no final dot, no port that is the scheme's own, addresses in dotted decimals.
 */
#ifndef TRUST_RECORD_HOST_H
#define TRUST_RECORD_HOST_H

#include "base/writer.h"

/* From where a host name means the same server. */
enum trust_host_reach {
    TRUST_HOST_PUBLIC,   /* everywhere */
    TRUST_HOST_PRIVATE,  /* in one network: reserved addresses, one label, .local, .internal */
    TRUST_HOST_LOOPBACK, /* on one host: 127.0.0.0/8, [::1], localhost */
};

/* Checks authority ("host" or "host:port") for canonical form; port_default may not be written.
 * Writes its reach and returns true, or returns false. */
bool trust_host_parse(enum trust_host_reach *out_reach, struct trust_bytes authority,
                      unsigned port_default);

/* Appends a canonical form of authority where only case, a final dot or the default port stand
 * between; the result is still to be parsed. */
bool trust_host_canonical(struct trust_writer *writer, struct trust_bytes authority,
                          unsigned port_default);

#endif
