/*
 * Key files from elsewhere. What parses keeps to the caps; what opens, seals again to the same
 * bytes. Costly key derivations are left out: the parser is what strangers reach.
 */
#include "record/keyfile.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"
#include "record/sodium.h"

#define MEMORY_KIB_MAX 64u

static void start_once(void)
{
    static bool is_started;
    if (is_started)
        return;
    enum trust_error error = trust_sodium_start();
    assert(error == TRUST_OK);
    is_started = true;
}

static void seal_again(const struct trust_keyfile *file,
                       const struct trust_keyfile_content *content, struct trust_bytes original)
{
    struct trust_keyfile_form form = {
        .kdf = file->kdf, .ops = file->ops, .memory_kib = file->memory_kib};
    memcpy(form.salt, file->salt.data, sizeof form.salt);
    memcpy(form.nonce, file->nonce.data, sizeof form.nonce);
    uint8_t bytes[TRUST_KEYFILE_SIZE_MAX];
    size_t size;
    enum trust_error error =
        trust_keyfile_seal(bytes, &size, content, &form, trust_bytes_text("passphrase"));
    assert(error == TRUST_OK);
    assert(trust_bytes_equal((struct trust_bytes){.data = bytes, .size = size}, original));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    start_once();
    struct trust_bytes bytes = {.data = data, .size = size};
    struct trust_keyfile file;
    if (trust_keyfile_parse(&file, bytes) != TRUST_OK)
        return 0;
    assert(file.ops <= TRUST_KEYFILE_OPS_MAX);
    assert(file.memory_kib <= TRUST_KEYFILE_MEMORY_KIB_MAX);
    assert(size <= TRUST_KEYFILE_SIZE_MAX);
    if (file.ops > 1 || file.memory_kib > MEMORY_KIB_MAX)
        return 0;
    struct trust_secret *secret;
    struct trust_keyfile_content content;
    if (trust_keyfile_open(&secret, &content.note, &file, trust_bytes_text("passphrase")) !=
        TRUST_OK)
        return 0;
    content.secret = secret;
    seal_again(&file, &content, bytes);
    trust_secret_close(secret);
    return 0;
}
