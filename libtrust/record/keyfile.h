/*
 * The operator's key file as bytes: parse, open, seal. No input or output here: the command line
 * tool reads the file with its checks of owner and mode.
 *
 *   magic "RPTKEYF\n" (8)   version (1) = 1   kdf (1): 0 none, 1 Argon2id
 *   ops (4, big-endian)   memory in KiB (4, big-endian)   salt (16)   nonce (24)
 *   public key (32)   box: secretbox of seed (32), created (8), label size (1), label
 *
 * With kdf 0, the form that --no-passphrase asks for, ops, memory, salt and nonce are 0 and the box
 * is the plain bytes. The public key stands outside so that it can be shown without a passphrase;
 * it is derived again from the seed and compared when the file is opened.
 */
#ifndef TRUST_RECORD_KEYFILE_H
#define TRUST_RECORD_KEYFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/key.h"

#include "base/limits.h"
#include "record/sign.h"

#define TRUST_KEYFILE_SALT_SIZE 16
#define TRUST_KEYFILE_NONCE_SIZE 24
#define TRUST_KEYFILE_HEADER_SIZE 90
#define TRUST_KEYFILE_SIZE_MAX                                                                     \
    (TRUST_KEYFILE_HEADER_SIZE + 32 + 16 + 8 + 1 + TRUST_KEYFILE_LABEL_SIZE_MAX)

enum trust_keyfile_kdf {
    TRUST_KEYFILE_PLAIN = 0,
    TRUST_KEYFILE_ARGON2ID = 1,
};

/* What the file says without its passphrase; borrows the bytes it was parsed from. */
struct trust_keyfile {
    enum trust_keyfile_kdf kdf;
    uint32_t ops;
    uint32_t memory_kib;
    struct trust_key public_key; /* not proved before the file was opened */
    struct trust_bytes salt;
    struct trust_bytes nonce;
    struct trust_bytes box;
};

/* What was sealed beside the seed. */
struct trust_keyfile_note {
    uint64_t created_s; /* unix seconds */
    char label[TRUST_KEYFILE_LABEL_SIZE_MAX + 1];
};

/* How to seal. */
struct trust_keyfile_form {
    enum trust_keyfile_kdf kdf;
    uint32_t ops; /* 0 with TRUST_KEYFILE_PLAIN */
    uint32_t memory_kib;
    uint8_t salt[TRUST_KEYFILE_SALT_SIZE]; /* fresh random bytes of the caller */
    uint8_t nonce[TRUST_KEYFILE_NONCE_SIZE];
};

/*
 * Reads the outer form; derives nothing. TRUST_NO_SYNTAX: not a key file, cut off or padded.
 * TRUST_NO_VERSION: a version or KDF of another time. TRUST_NO_RANGE: KDF costs above the caps of
 * base/limits.h, which no file may make us pay.
 */
TRUST_MUST_USE enum trust_error trust_keyfile_parse(struct trust_keyfile *out_file,
                                                    struct trust_bytes bytes);

/*
 * Opens the box: derives the key (about a second and the file's memory limit), unseals, derives the
 * public half again and compares. The passphrase is ignored with TRUST_KEYFILE_PLAIN.
 * TRUST_NO_PASSPHRASE: it does not open. TRUST_NO_SYNTAX: what was inside is malformed.
 * TRUST_NO_KEY: the public half is not the seed's. TRUST_FAIL_MEMORY.
 * On success the caller closes *out_secret with trust_secret_close.
 */
TRUST_MUST_USE enum trust_error trust_keyfile_open(struct trust_secret **out_secret,
                                                   struct trust_keyfile_note *out_note,
                                                   const struct trust_keyfile *file,
                                                   struct trust_bytes passphrase);

/* What is sealed; the secret is borrowed. */
struct trust_keyfile_content {
    const struct trust_secret *secret;
    struct trust_keyfile_note note;
};

/*
 * Writes the file's bytes. TRUST_NO_RANGE: costs outside the caps (with TRUST_KEYFILE_PLAIN all of
 * the form must be 0), or a label that is longer than TRUST_KEYFILE_LABEL_SIZE_MAX or not printable
 * ASCII. TRUST_FAIL_MEMORY. The bytes of an unsealed file are secret: the caller wipes them.
 */
TRUST_MUST_USE enum trust_error trust_keyfile_seal(uint8_t out_bytes[TRUST_KEYFILE_SIZE_MAX],
                                                   size_t *out_size,
                                                   const struct trust_keyfile_content *content,
                                                   const struct trust_keyfile_form *form,
                                                   struct trust_bytes passphrase);

/* The costs for new files: libsodium's MODERATE (3 passes over 256 MiB); salt and nonce are left
 * to the caller. */
struct trust_keyfile_form trust_keyfile_form_moderate(void);

#endif
