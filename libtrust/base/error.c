/* The one table of error names and sentences: logs, metrics, JSON and the command line use it. */
#include "trust/error.h"

#include <stddef.h>

struct row {
    enum trust_error error;
    const char *name;
    const char *text;
};

#define ROW(error, text)                                                                           \
    {                                                                                              \
        error, #error, text                                                                        \
    }

static const struct row rows[] = {
    ROW(TRUST_OK, "done"),
    ROW(TRUST_FAIL_MEMORY, "memory is exhausted"),
    ROW(TRUST_FAIL_IO, "reading or writing failed"),
    ROW(TRUST_FAIL_SYSTEM, "a system call failed"),
    ROW(TRUST_FAIL_CRYPTO, "the cryptographic library failed its self-test"),
    ROW(TRUST_FAIL_CORRUPT, "stored data does not agree with its check"),
    ROW(TRUST_FAIL_LIBRARY, "a library answered outside its contract"),
    ROW(TRUST_NO_SIZE, "the input is shorter or longer than its bounds"),
    ROW(TRUST_NO_CANONICAL, "the bytes are not in canonical form"),
    ROW(TRUST_NO_RANGE, "a field is outside its range"),
    ROW(TRUST_NO_SUBJECT, "this is not the canonical id of a server"),
    ROW(TRUST_NO_KEY, "this is not a valid key"),
    ROW(TRUST_NO_SIGNATURE, "the signature does not verify"),
    ROW(TRUST_NO_TIME, "the record is too far ahead of this clock"),
    ROW(TRUST_NO_NETWORK, "this belongs to another network"),
    ROW(TRUST_NO_REVOKED, "the author's key is revoked as compromised"),
    ROW(TRUST_NO_OLDER, "a newer statement already holds this place"),
    ROW(TRUST_NO_INTEREST, "the author has no weight for this operator"),
    ROW(TRUST_NO_QUOTA, "a quota is used up for now"),
    ROW(TRUST_NO_ROOM, "there is no room for it"),
    ROW(TRUST_NO_DUPLICATE, "this is already known"),
    ROW(TRUST_NO_EXPIRED, "this has expired"),
    ROW(TRUST_NO_FOUND, "there is no such thing"),
    ROW(TRUST_NO_SYNTAX, "the document does not parse"),
    ROW(TRUST_NO_TYPE, "a member of the document is missing or has the wrong type"),
    ROW(TRUST_NO_OPTION, "an option is unknown or contradicts another"),
    ROW(TRUST_NO_METHOD, "this resource does not take this method"),
    ROW(TRUST_NO_PERMISSION, "the caller may not do this"),
    ROW(TRUST_NO_PASSPHRASE, "the passphrase does not open the key"),
    ROW(TRUST_NO_FILE, "the file is missing or not safe to use"),
    ROW(TRUST_NO_NODE, "the node is not reachable"),
    ROW(TRUST_NO_RUNNING, "another instance is already running"),
    ROW(TRUST_NO_CHALLENGE, "the operator key's signature over this order is missing or wrong"),
    ROW(TRUST_NO_PROVIDER, "no candidate can serve"),
    ROW(TRUST_NO_LEASE, "no half-open slot is free"),
    ROW(TRUST_NO_VERSION, "this version is not supported"),
    ROW(TRUST_NO_OPERATOR, "this node has no operator key"),
    ROW(TRUST_NO_PEER, "the peer is unknown or not reachable"),
    ROW(TRUST_NO_BUSY, "too much is under way"),
    ROW(TRUST_NO_CONFLICT, "this contradicts what is already there"),
};

static const struct row *find(enum trust_error error)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].error == error)
            return &rows[i];
    }
    return NULL;
}

const char *trust_error_name(enum trust_error error)
{
    const struct row *row = find(error);
    return row == NULL ? "TRUST_UNKNOWN" : row->name;
}

const char *trust_error_text(enum trust_error error)
{
    const struct row *row = find(error);
    return row == NULL ? "an error without a name" : row->text;
}
