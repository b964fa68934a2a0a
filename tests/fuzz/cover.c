/*
 * Input schemas, a line each: the fallback's and the contract's. Whatever the bytes: the comparison
 * ends, every no has its reason, and a schema that can be read covers itself.
 */
#include "guard/offer/cover.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "guard/offer/digest.h"

static void check_reason(const struct cover_why *why)
{
    struct trust_bytes text = trust_bytes_text(why->text);
    assert(text.size > 0);
    assert(trust_utf8_span(text) == text.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = size > 0 ? memchr(data, '\n', size) : NULL;
    if (line == NULL)
        return 0;
    struct trust_bytes fallback = {.data = data, .size = (size_t)(line - data)};
    struct trust_bytes contract = {.data = line + 1, .size = size - fallback.size - 1};
    struct cover_why why = {0};
    uint8_t *form = NULL;
    size_t form_size = 0;
    if (!cover_accepts(&why, fallback, contract))
        check_reason(&why);
    if (digest_canonical(&form, &form_size, contract) == TRUST_OK) {
        bool is_itself = cover_accepts(&why, contract, contract);
        assert(is_itself);
        bool is_below_all = cover_accepts(&why, (struct trust_bytes){0}, contract);
        assert(is_below_all);
    }
    free(form);
    return 0;
}
