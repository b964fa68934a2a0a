/* Any text: a book that reads is written and read again as the same book. */
#include "node/keybook.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keybook book;
    struct keybook again;
    uint32_t line = 0;
    if (keybook_open(&book, TRUST_KEY_OPERATOR, 16) != TRUST_OK)
        return 0;
    enum trust_error error =
        keybook_parse(&book, &line, (struct trust_bytes){.data = data, .size = size});
    assert((error == TRUST_OK) == (line == 0));
    char *text = NULL;
    size_t length = 0;
    if (keybook_format(&book, &text, &length) == TRUST_OK) {
        if (keybook_open(&again, TRUST_KEY_OPERATOR, 16) == TRUST_OK) {
            error = keybook_parse(
                &again, &line, (struct trust_bytes){.data = (const uint8_t *)text, .size = length});
            assert(error == TRUST_OK);
            assert(again.count == book.count);
            assert(memcmp(again.entries, book.entries, book.count * sizeof *book.entries) == 0);
            keybook_close(&again);
        }
        free(text);
    }
    keybook_close(&book);
    return 0;
}
