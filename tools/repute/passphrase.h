/*
 * The passphrase of the operator key: from a prompt or a file, never from the command line or the
 * environment, where other processes can read it. It lives in guarded memory and is wiped.
 */
#ifndef REPUTE_PASSPHRASE_H
#define REPUTE_PASSPHRASE_H

#include "trust/bytes.h"

#include "repute/command.h"
#include "repute/context.h"

struct passphrase {
    char *text; /* sodium_malloc'd; NULL: none */
    size_t size;
};

/* The row of a command's table of options. */
#define PASSPHRASE_OPTION                                                                          \
    {                                                                                              \
        .name = "passphrase-file", .kind = COMMAND_TEXT, .shown = "FILE",                          \
        .about = "read the passphrase from FILE (or /dev/fd/N) instead of the terminal"            \
    }

/*
 * Reads it from file's first line, or asks on the terminal (file NULL), twice if it is a new one.
 * Refused: no terminal, an empty one, two that differ (TRUST_NO_PASSPHRASE); a file that others may
 * read (TRUST_NO_FILE) or that is not there (TRUST_NO_FOUND), all with exit code 4.
 */
TRUST_MUST_USE enum trust_error passphrase_read(struct context *context,
                                                struct passphrase *out_passphrase, const char *file,
                                                bool is_new);
void passphrase_close(struct passphrase *passphrase);

static inline struct trust_bytes passphrase_bytes(const struct passphrase *passphrase)
{
    return (struct trust_bytes){.data = (const uint8_t *)passphrase->text,
                                .size = passphrase->size};
}

#endif
