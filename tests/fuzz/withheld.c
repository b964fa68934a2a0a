/* A line of the withheld file: refused, or it comes back as the same bytes. */
#include "board/withheld.h"

#include "base/assert.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes line = {.data = data, .size = size};
    struct trust_withheld withheld;
    if (trust_withheld_decode(&withheld, line) != TRUST_OK)
        return 0;
    assert(trust_quarantine_is_withheld(withheld.state));
    uint8_t buffer[TRUST_WITHHELD_LINE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_withheld_encode(&writer, &withheld);
    assert(!trust_writer_has_overflowed(&writer));
    struct trust_bytes written = trust_writer_bytes(&writer);
    written.size--; /* the line feed */
    assert(trust_bytes_equal(written, line));
    return 0;
}
