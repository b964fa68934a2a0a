/* See sealing.h. */
#include "repute/sealing.h"

#include <sodium.h>

#include "repute/passphrase.h"

enum trust_error sealing_make(struct context *context, struct sealing *out_sealing,
                              const struct trust_keyfile_content *content,
                              const struct sealing_wish *wish)
{
    struct trust_keyfile_form form = {.kdf = TRUST_KEYFILE_PLAIN};
    struct passphrase passphrase = {0};
    if (!wish->is_plain) {
        form = trust_keyfile_form_moderate();
        randombytes_buf(form.salt, sizeof form.salt);
        randombytes_buf(form.nonce, sizeof form.nonce);
        enum trust_error error = passphrase_read(context, &passphrase, wish->passphrase_file, true);
        if (error != TRUST_OK)
            return error;
    }
    enum trust_error error = trust_keyfile_seal(out_sealing->bytes, &out_sealing->size, content,
                                                &form, passphrase_bytes(&passphrase));
    passphrase_close(&passphrase);
    return error;
}

void sealing_close(struct sealing *sealing)
{
    sodium_memzero(sealing, sizeof *sealing);
}
