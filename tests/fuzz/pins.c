/* Files of pins. Whatever the bytes: a refusal has its place, and what is read is written and read
 * again to the same text. */
#include <stdlib.h>

#include "base/assert.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "guard/offer/pins_text.h"

static void check_again(const struct pins_book *book)
{
    struct pins_book again = {0};
    struct pins_place place = {{0}};
    char *first = NULL, *second = NULL;
    size_t first_size = 0, second_size = 0;
    enum trust_error error = pins_text_write(&first, &first_size, book);
    assert(error == TRUST_OK);
    struct trust_bytes text = {.data = (const uint8_t *)first, .size = first_size};
    error = pins_text_read(&again, &place, text);
    assert(error == TRUST_OK);
    error = pins_text_write(&second, &second_size, &again);
    assert(error == TRUST_OK);
    assert(first_size == second_size);
    assert(memcmp(first, second, first_size) == 0);
    free(first);
    free(second);
    pins_book_close(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pins_book book = {0};
    struct pins_place place = {{0}};
    enum trust_error error =
        pins_text_read(&book, &place, (struct trust_bytes){.data = data, .size = size});
    if (error != TRUST_OK) {
        struct trust_bytes text = trust_bytes_text(place.text);
        assert(text.size > 0);
        assert(trust_utf8_span(text) == text.size);
        return 0;
    }
    for (size_t i = 0; i < book.count; i++)
        for (size_t j = 0; j < book.entries[i].count; j++)
            assert(pins_tool_state(&book.entries[i].tools[j]) < PIN_STATES);
    check_again(&book);
    pins_book_close(&book);
    return 0;
}
