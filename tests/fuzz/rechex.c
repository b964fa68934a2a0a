/* A pasted record in hex: what is read is as long as its digits, and is read again from the digits
 * that it is written as. */
#include "record/rechex.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
    size_t bytes_size;
    struct trust_bytes text = {.data = data, .size = size};
    if (trust_rechex_read(bytes, &bytes_size, text) != TRUST_OK)
        return 0;
    assert(bytes_size >= TRUST_RECORD_SIZE_MIN);
    assert(bytes_size <= TRUST_RECORD_SIZE_MAX);
    assert(bytes_size <= size / 2);
    char again[2 * TRUST_RECORD_SIZE_MAX + 1];
    for (size_t i = 0; i < bytes_size; i++)
        (void)snprintf(again + 2 * i, 3, "%02X", bytes[i]);
    uint8_t bytes_again[TRUST_RECORD_SIZE_MAX];
    size_t size_again;
    text = (struct trust_bytes){.data = (const uint8_t *)again, .size = 2 * bytes_size};
    enum trust_error error = trust_rechex_read(bytes_again, &size_again, text);
    assert(error == TRUST_OK);
    assert(size_again == bytes_size);
    assert(memcmp(bytes, bytes_again, bytes_size) == 0);
    return 0;
}
