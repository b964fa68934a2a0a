/* Lines of the audit log and of saved quarantines: refused, or they come back as the same bytes. */
#include "shield/audit.h"

#include "base/assert.h"
#include "fuzz.h"

static void assert_written(const struct trust_writer *writer, struct trust_bytes line)
{
    assert(!trust_writer_has_overflowed(writer));
    assert(trust_bytes_equal(trust_writer_bytes(writer), line));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes line = {.data = data, .size = size};
    uint8_t buffer[TRUST_AUDIT_LINE_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    struct trust_audit_entry entry;
    if (trust_audit_decode(&entry, line) == TRUST_OK) {
        trust_audit_encode(&writer, &entry);
        assert_written(&writer, line);
    }
    writer = trust_writer_init(buffer, TRUST_QUARANTINE_LINE_SIZE_MAX);
    struct trust_quarantine_saved saved;
    if (trust_quarantine_decode(&saved, line) == TRUST_OK) {
        trust_quarantine_encode(&writer, &saved);
        assert_written(&writer, line);
    }
    return 0;
}
