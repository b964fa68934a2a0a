/* An answer is read the same in single bytes and in pieces of the size that its first byte says;
 * what of it is whole has a status of its own and says no more than it was fed. */
#include "client/response.h"

#include "base/assert.h"
#include "base/limits.h"
#include "fuzz.h"

struct heard {
    size_t size;
    uint64_t sum; /* of its bytes and their order */
    const struct trust_response *response;
};

static bool take(void *context, struct trust_bytes piece)
{
    struct heard *heard = context;
    assert(piece.size > 0);
    assert(heard->response->status >= 200);
    for (size_t i = 0; i < piece.size; i++)
        heard->sum = heard->sum * 31 + piece.data[i];
    heard->size += piece.size;
    return true;
}

static enum trust_error hear(struct trust_response *response, struct heard *heard,
                             struct trust_bytes text, size_t step)
{
    enum trust_error error = TRUST_OK;
    *heard = (struct heard){.response = response};
    trust_response_init(response, take, heard);
    for (size_t at = 0; at < text.size && error == TRUST_OK && !response->is_whole; at += step) {
        size_t left = text.size - at;
        error =
            trust_response_feed(response, (struct trust_bytes){.data = text.data + at,
                                                               .size = left < step ? left : step});
    }
    assert(heard->size <= text.size);
    assert(error != TRUST_FAIL_IO);
    assert(error == TRUST_NO_SYNTAX ? response->fault != NULL : response->fault == NULL);
    if (response->is_whole) {
        assert(error == TRUST_OK);
        assert(response->status >= 200);
        assert(response->status <= 599);
    }
    assert(!response->is_reusable || response->is_whole);
    return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct trust_bytes text = {.data = data + 1, .size = size - 1};
    struct trust_response responses[2];
    struct heard heard[2];
    enum trust_error single = hear(&responses[0], &heard[0], text, 1);
    enum trust_error pieces = hear(&responses[1], &heard[1], text, (size_t)data[0] + 2);
    assert(single == pieces);
    assert(responses[0].status == responses[1].status);
    assert(responses[0].is_whole == responses[1].is_whole);
    assert(responses[0].fault == responses[1].fault);
    assert(heard[0].size == heard[1].size);
    assert(heard[0].sum == heard[1].sum);
    /* Bytes behind the end are seen only by who reads that far. */
    assert(responses[0].is_reusable || !responses[1].is_reusable);
    return 0;
}
