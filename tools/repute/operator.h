/*
 * The operator key as this program finds it: its file, read with the checks that a secret needs,
 * and its secret half for as long as something is being signed.
 */
#ifndef REPUTE_OPERATOR_H
#define REPUTE_OPERATOR_H

#include "record/keyfile.h"
#include "repute/context.h"

struct operator_file {
    char path[TRUST_HOME_PATH_SIZE];
    uint8_t bytes[TRUST_KEYFILE_SIZE_MAX];
    size_t size;
    struct trust_keyfile file; /* borrows bytes: the struct must not be copied */
};

/*
 * Reads keys/operator.key. TRUST_NO_FOUND: there is none (exit code 1). TRUST_NO_FILE: a link, of
 * another user, or readable by others (exit code 4, and it says which). TRUST_NO_SYNTAX,
 * TRUST_NO_VERSION, TRUST_NO_RANGE: it is no key file. Wipe it with operator_file_close.
 */
TRUST_MUST_USE enum trust_error operator_file_read(struct context *context,
                                                   struct operator_file *out_file);
void operator_file_close(struct operator_file *file);

/*
 * Opens the secret half; asks for the passphrase unless the file is unsealed. Core dumps and
 * debuggers are shut out from here on. TRUST_NO_PASSPHRASE: it does not open (exit code 4).
 */
TRUST_MUST_USE enum trust_error operator_unlock(struct context *context,
                                                struct trust_secret **out_secret,
                                                struct trust_keyfile_note *out_note,
                                                const struct operator_file *file,
                                                const char *passphrase_file);

/* Both at once, for commands that only sign. */
TRUST_MUST_USE enum trust_error operator_open(struct context *context,
                                              struct trust_secret **out_secret,
                                              const char *passphrase_file);

/* The public half, without any secret: keys/operator.pub, else what the key file says. */
TRUST_MUST_USE enum trust_error operator_public(struct context *context, struct trust_key *out_key);

/* No core dump, no debugger: to be called before a secret is in memory. */
void operator_guard_process(void);

#endif
