/*
 * Draft files, which other programs and people may have written. What decodes can be signed, and is
 * written again as the same bytes.
 */
#include "repute/draft.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[DRAFT_SIZE_MAX];
    char id[DRAFT_ID_SIZE];
    struct draft draft;
    const struct trust_bytes text = {.data = data, .size = size};
    if (draft_decode(&draft, text) != TRUST_OK)
        return 0;
    enum trust_error error = draft_check(&draft);
    assert(error == TRUST_OK);
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    draft_encode(&writer, &draft);
    assert(trust_bytes_equal(trust_writer_bytes(&writer), text));
    draft_id(id, &draft);
    assert(draft_is_same_place(&draft, &draft));
    return 0;
}
