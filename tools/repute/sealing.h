/* The bytes of a key file under a new passphrase: for the key that is made, and for one that is
 * sealed anew. */
#ifndef REPUTE_SEALING_H
#define REPUTE_SEALING_H

#include "record/keyfile.h"
#include "repute/context.h"

struct sealing {
    uint8_t bytes[TRUST_KEYFILE_SIZE_MAX];
    size_t size;
};

struct sealing_wish {
    bool is_plain;               /* no passphrase at all */
    const char *passphrase_file; /* NULL: the terminal is asked, twice */
};

/* Asks for the new passphrase and seals. The bytes of an unsealed file are secret: wipe them with
 * sealing_close. */
TRUST_MUST_USE enum trust_error sealing_make(struct context *context, struct sealing *out_sealing,
                                             const struct trust_keyfile_content *content,
                                             const struct sealing_wish *wish);
void sealing_close(struct sealing *sealing);

#endif
