/* Any text: a book that reads is written and read again as the same book. */
#include "node/flagbook.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

#define LIMIT 16

static void write_again(const struct flagbook *book)
{
    char *texts[2] = {NULL, NULL};
    size_t sizes[2] = {0, 0};
    struct flagbook again;
    uint32_t line = 0;
    if (flagbook_format(book, &texts[0], &sizes[0]) != TRUST_OK)
        return;
    if (flagbook_open(&again, LIMIT) == TRUST_OK) {
        struct trust_bytes text = {.data = (const uint8_t *)texts[0], .size = sizes[0]};
        enum trust_error error = flagbook_parse(&again, &line, text);
        assert(error == TRUST_OK);
        assert(again.count == book->count);
        error = flagbook_format(&again, &texts[1], &sizes[1]);
        assert(error != TRUST_OK ||
               (sizes[0] == sizes[1] && memcmp(texts[0], texts[1], sizes[0]) == 0));
        flagbook_close(&again);
    }
    free(texts[0]);
    free(texts[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct flagbook book;
    uint32_t line = 0;
    if (flagbook_open(&book, LIMIT) != TRUST_OK)
        return 0;
    enum trust_error error =
        flagbook_parse(&book, &line, (struct trust_bytes){.data = data, .size = size});
    assert((error == TRUST_OK) == (line == 0));
    write_again(&book);
    flagbook_close(&book);
    return 0;
}
