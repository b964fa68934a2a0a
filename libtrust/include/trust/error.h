/*
 * Every error of the project, in one enum and one table of names.
 *
 * 0 is done. A negative TRUST_FAIL_* says that our own side broke: pass it up unchanged. A positive
 * TRUST_NO_* is a verdict about the input or the world, documented by the function that returns it
 * and handled by its caller. The names feed logs, metrics, JSON and the command line alike.
 */
#ifndef TRUST_ERROR_H
#define TRUST_ERROR_H

#include "trust/export.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trust_error {
    TRUST_OK = 0,

    TRUST_FAIL_MEMORY = -1,  /* an allocation or a reserved table was exhausted on our side */
    TRUST_FAIL_IO = -2,      /* a read, write, sync or rename failed */
    TRUST_FAIL_SYSTEM = -3,  /* another system call failed */
    TRUST_FAIL_CRYPTO = -4,  /* libsodium refused to start, or its self-test failed */
    TRUST_FAIL_CORRUPT = -5, /* our own stored bytes do not agree with their check */
    TRUST_FAIL_LIBRARY = -6, /* a library answered outside its contract */

    /* Verdicts on a record; docs/reference/protocol.md gives each rule. */
    TRUST_NO_SIZE = 1,       /* under 65 or over 512 bytes; an input over its bound */
    TRUST_NO_CANONICAL = 2,  /* not a canonical array of a known version, kind and types */
    TRUST_NO_RANGE = 3,      /* a field outside its range, length or alphabet */
    TRUST_NO_SUBJECT = 4,    /* a subject's alphabet, length or form */
    TRUST_NO_KEY = 5,        /* not a key: typing error, wrong prefix or not a prime-order point */
    TRUST_NO_SIGNATURE = 6,  /* the signature does not verify */
    TRUST_NO_TIME = 7,       /* too far ahead of our clock */
    TRUST_NO_NETWORK = 8,    /* another network */
    TRUST_NO_REVOKED = 9,    /* its author is revoked as compromised */
    TRUST_NO_OLDER = 10,     /* its register or floor holds a greater one */
    TRUST_NO_INTEREST = 11,  /* its author has no weight here */
    TRUST_NO_QUOTA = 12,     /* over a quota: delayed, not refused for good */
    TRUST_NO_ROOM = 13,      /* a table, queue or the store is full */
    TRUST_NO_DUPLICATE = 14, /* already held, byte for byte */
    TRUST_NO_EXPIRED = 15,   /* past its expiry */

    /* Verdicts on other input and on the world. */
    TRUST_NO_FOUND = 32,      /* no such thing */
    TRUST_NO_SYNTAX = 33,     /* a document does not parse */
    TRUST_NO_TYPE = 34,       /* a member of a document has the wrong type or is missing */
    TRUST_NO_OPTION = 35,     /* an unknown or contradictory option, key or parameter */
    TRUST_NO_METHOD = 36,     /* the resource does not take this method */
    TRUST_NO_PERMISSION = 37, /* the caller may not do this */
    TRUST_NO_PASSPHRASE = 38, /* the passphrase does not open the key */
    TRUST_NO_FILE = 39,       /* a file that is not there, not regular, or readable by others */
    TRUST_NO_NODE = 40,       /* the node is not reachable */
    TRUST_NO_RUNNING = 41,    /* another one is already running */
    TRUST_NO_CHALLENGE = 42,  /* the operator key's signature over this order is missing or wrong */
    TRUST_NO_PROVIDER = 43,   /* no candidate can serve */
    TRUST_NO_LEASE = 44,      /* no half-open slot is free */
    TRUST_NO_VERSION = 45,    /* a file, frame or schema of a version we do not speak */
    TRUST_NO_OPERATOR = 46,   /* this node has no operator key configured */
    TRUST_NO_PEER = 47,       /* unknown, refused or unreachable peer */
    TRUST_NO_BUSY = 48,       /* too much at once: try again */
    TRUST_NO_CONFLICT = 49,   /* it contradicts what is already there */
};

/* The constant's own name, "TRUST_NO_SIZE"; "TRUST_UNKNOWN" for a value outside the enum. Static.
 */
TRUST_API const char *trust_error_name(enum trust_error error);

/* One plain English sentence for people, without a full stop. Static, never NULL. */
TRUST_API const char *trust_error_text(enum trust_error error);

#ifdef __cplusplus
}
#endif

#endif
