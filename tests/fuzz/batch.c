/* The records of an import file: counted in pieces as they would be in one, and never past the end
 * that they really have. */
#include "engine/batch.h"

#include "base/assert.h"
#include "fuzz.h"

/* The same by walking the whole: records, and true if the last one is whole. */
static bool walk(const uint8_t *data, size_t size, uint32_t *out_count)
{
    size_t at = 0;
    *out_count = 0;
    while (size - at >= 2) {
        size_t length = (size_t)(data[at] << 8 | data[at + 1]);
        ++*out_count;
        if (size - at - 2 < length)
            return false;
        at += 2 + length;
    }
    return at == size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t wanted = 0;
    bool is_whole = walk(data, size, &wanted);
    for (size_t piece = 1; piece <= 9; piece += 4) {
        struct trust_batch_counter counter = {0};
        for (size_t at = 0; at < size; at += piece) {
            size_t length = size - at < piece ? size - at : piece;
            trust_batch_counter_take(&counter, (struct trust_bytes){data + at, length});
        }
        assert(counter.count == wanted);
        assert(trust_batch_counter_is_whole(&counter) == is_whole);
    }
    return 0;
}
