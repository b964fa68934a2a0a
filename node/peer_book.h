/*
 * What the operator decided about peers while the node ran: peers added, and invites that are still
 * good. A file of canonical lines in the home, next to the configuration's own list. Pure.
 *
 *   repute-peers 1
 *   peer rpn1... tcp://host:port|- [NAME]
 *   invite KEY_IN_HEX EXPIRES_S USES
 */
#ifndef PEER_BOOK_H
#define PEER_BOOK_H

#include <stdbool.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"

#include "base/limits.h"
#include "base/writer.h"
#include "host/config.h"
#include "host/endpoint.h"

#define PEER_BOOK_INVITES_MAX 64
/* 64 lines of each kind at their longest: 401 and 96 bytes. */
#define PEER_BOOK_SIZE_MAX 32768

struct peer_entry {
    struct trust_key key;
    char endpoint[TRUST_ENDPOINT_SIZE_MAX + 1]; /* empty: it dials us */
    char name[TRUST_PETNAME_SIZE_MAX + 1];      /* shown to people; empty: none */
};

struct peer_invite {
    struct trust_key key; /* public half of the one-time client key; its secret is not kept */
    uint64_t expires_s;   /* wall time */
    uint32_t uses;        /* left */
};

struct peer_book {
    struct peer_entry peers[TRUST_CONFIG_PEERS_MAX];
    uint32_t peer_count;
    struct peer_invite invites[PEER_BOOK_INVITES_MAX];
    uint32_t invite_count;
};

/* TRUST_NO_VERSION: another first line; TRUST_NO_SYNTAX: a line that is none, or a key twice;
 * TRUST_NO_ROOM: too many lines. *out_line is the line then, from 1. */
TRUST_MUST_USE enum trust_error peer_book_decode(struct peer_book *out_book, uint32_t *out_line,
                                                 struct trust_bytes text);

/* Into a buffer of PEER_BOOK_SIZE_MAX; returns the size. What decodes is encoded to the same text.
 */
size_t peer_book_encode(uint8_t *out_text, const struct peer_book *book);

/* Text that a name may have: UTF-8 without control characters, and no blank at its ends. */
bool peer_book_is_name(struct trust_bytes name);

/* NULL: no such key. */
const struct peer_entry *peer_book_find(const struct peer_book *book, const struct trust_key *key);

/* Adds, or replaces the entry of the same key. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error peer_book_put(struct peer_book *book,
                                              const struct peer_entry *entry);
/* False: no such key. */
bool peer_book_remove(struct peer_book *book, const struct trust_key *key);

/* ---- invites ---- */

const struct peer_invite *peer_book_find_invite(const struct peer_book *book,
                                                const struct trust_key *key);

/* TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error peer_book_add_invite(struct peer_book *book,
                                                     const struct peer_invite *invite);

/* Takes one use; true: it was the last, and the invite is gone. */
bool peer_book_use_invite(struct peer_book *book, const struct trust_key *key);

/* Removes an invite that expired and says whose key it was; false: none is left. */
bool peer_book_expire_invite(struct peer_book *book, struct trust_key *out_key, uint64_t now_s);

#endif
