/* Invites: what decodes is written in one form, which decodes to the same. */
#include "host/invite.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_invite invite;
    struct trust_invite again;
    if (trust_invite_decode(&invite, (struct trust_bytes){.data = data, .size = size}) != TRUST_OK)
        return 0;
    char text[TRUST_INVITE_TEXT_SIZE];
    trust_invite_encode(text, &invite);
    enum trust_error error = trust_invite_decode(&again, trust_bytes_text(text));
    assert(error == TRUST_OK);
    assert(strcmp(again.endpoint, invite.endpoint) == 0);
    assert(memcmp(again.key.bytes, invite.key.bytes, sizeof again.key.bytes) == 0);
    assert(memcmp(again.secret, invite.secret, sizeof again.secret) == 0);
    return 0;
}
