/* See statement.h. */
#include "record/statement.h"

#include "base/assert.h"
#include "base/writer.h"
#include "record/verify.h"

#define PURPOSE_SIZE_MAX 32u
#define PREIMAGE_SIZE_MAX                                                                          \
    (sizeof "repute-" + PURPOSE_SIZE_MAX + sizeof "-v1" + TRUST_STATEMENT_SIZE_MAX)

/* Writes "repute-<purpose>-v1\0" || message. */
static enum trust_error write_preimage(struct trust_writer *writer, const char *purpose,
                                       struct trust_bytes message)
{
    assert(strlen(purpose) <= PURPOSE_SIZE_MAX);
    if (message.size > TRUST_STATEMENT_SIZE_MAX)
        return TRUST_NO_SIZE;
    static const uint8_t end[] = "-v1";
    trust_writer_put(writer, trust_bytes_text("repute-"));
    trust_writer_put(writer, trust_bytes_text(purpose));
    trust_writer_put(writer, (struct trust_bytes){.data = end, .size = sizeof end});
    trust_writer_put(writer, message);
    assert(!trust_writer_has_overflowed(writer));
    return TRUST_OK;
}

enum trust_error trust_statement_sign(uint8_t out_signature[TRUST_SIGNATURE_SIZE],
                                      const struct trust_secret *secret, const char *purpose,
                                      struct trust_bytes message)
{
    uint8_t preimage[PREIMAGE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(preimage, sizeof preimage);
    enum trust_error error = write_preimage(&writer, purpose, message);
    if (error == TRUST_OK)
        trust_secret_sign(out_signature, secret, trust_writer_bytes(&writer));
    return error;
}

enum trust_error trust_statement_verify(const uint8_t signature[TRUST_SIGNATURE_SIZE],
                                        const struct trust_key *key, const char *purpose,
                                        struct trust_bytes message)
{
    uint8_t preimage[PREIMAGE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(preimage, sizeof preimage);
    enum trust_error error = write_preimage(&writer, purpose, message);
    if (error != TRUST_OK)
        return error;
    if (!trust_key_is_prime_order(key))
        return TRUST_NO_KEY;
    return trust_signature_is_valid(signature, key, trust_writer_bytes(&writer))
               ? TRUST_OK
               : TRUST_NO_SIGNATURE;
}
