/* The file of peers and invites: what decodes is written again to the same bytes. */
#include "node/peer_book.h"

#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct peer_book book;
    static uint8_t text[PEER_BOOK_SIZE_MAX];
    uint32_t line = 0;
    if (size > PEER_BOOK_SIZE_MAX ||
        peer_book_decode(&book, &line, (struct trust_bytes){.data = data, .size = size}) !=
            TRUST_OK)
        return 0;
    assert(peer_book_encode(text, &book) == size);
    assert(memcmp(text, data, size) == 0);
    return 0;
}
