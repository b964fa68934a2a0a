/* The node's transport key: X25519, made at the first start, the only key a daemon owns. */
#ifndef NODE_KEY_H
#define NODE_KEY_H

#include "trust/error.h"
#include "trust/export.h"
#include "trust/key.h"

struct node_key {
    uint8_t secret[32];
    struct trust_key key; /* derived from the secret at every load */
};

/*
 * Reads the key file, or makes it (0600) when there is none. The file is one line of 64 hex digits.
 * TRUST_NO_FILE: readable by others, a link, another user's; TRUST_NO_SYNTAX: no key in it;
 * TRUST_NO_PERMISSION, TRUST_NO_ROOM, TRUST_FAIL_IO, TRUST_FAIL_CRYPTO. Wipe it with
 * node_key_close.
 */
TRUST_MUST_USE enum trust_error node_key_open(struct node_key *out_key, const char *path);
void node_key_close(struct node_key *key);

#endif
