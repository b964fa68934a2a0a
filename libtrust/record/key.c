/* Keys as text. See trust/key.h; docs/reference/protocol.md gives the form. */
#include "trust/key.h"

#include <string.h>

#include "base/assert.h"
#include "record/bech32m.h"

#define PREFIX_SIZE 3u /* "rpt" and "rpn" */

static_assert(TRUST_KEY_TEXT_SIZE == PREFIX_SIZE + TRUST_BECH32M_TAIL_SIZE + 1,
              "a key's text has 62 characters and a NUL");

static const char *prefix_of(enum trust_key_use use)
{
    const char *prefix = NULL;
    switch (use) {
    case TRUST_KEY_OPERATOR:
        prefix = "rpt";
        break;
    case TRUST_KEY_NODE:
        prefix = "rpn";
        break;
    }
    assert(prefix != NULL);
    return prefix;
}

void trust_key_encode(char out_text[TRUST_KEY_TEXT_SIZE], const struct trust_key *key,
                      enum trust_key_use use)
{
    trust_bech32m_encode(out_text, prefix_of(use), key->bytes);
}

enum trust_error trust_key_decode(struct trust_key *out_key, struct trust_bytes text,
                                  enum trust_key_use use)
{
    struct trust_key key;
    if (!trust_bech32m_decode(key.bytes, prefix_of(use), text))
        return TRUST_NO_KEY;
    *out_key = key;
    return TRUST_OK;
}

void trust_key_short(char out_text[TRUST_KEY_SHORT_SIZE], const struct trust_key *key)
{
    char text[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(text, key, TRUST_KEY_OPERATOR);
    memcpy(out_text, text + PREFIX_SIZE + 1, TRUST_KEY_SHORT_SIZE - 1);
    out_text[TRUST_KEY_SHORT_SIZE - 1] = '\0';
}
