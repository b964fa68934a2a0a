/* Any bytes as a record: what decodes encodes to the very same bytes, and its views lie within. */
#include "base/assert.h"
#include "base/limits.h"
#include "fuzz.h"
#include "record/encode.h"

static void check_view(struct trust_bytes view, const uint8_t *data, size_t size)
{
    if (view.size == 0)
        return;
    assert(view.data >= data);
    assert(view.size <= size - (size_t)(view.data - data));
}

static void check_views(const struct trust_record *record, const uint8_t *data, size_t size)
{
    switch (record->kind) {
    case TRUST_KIND_VOUCH:
        break;
    case TRUST_KIND_RATING:
        check_view(record->rating.subject, data, size);
        check_view(record->rating.manifest, data, size);
        break;
    case TRUST_KIND_FLAG:
        check_view(record->flag.subject, data, size);
        check_view(record->flag.manifest, data, size);
        check_view(record->flag.rule, data, size);
        break;
    case TRUST_KIND_ALIAS:
        check_view(record->alias.first, data, size);
        check_view(record->alias.second, data, size);
        break;
    case TRUST_KIND_REVOCATION:
        check_view(record->revocation.successor, data, size);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_record record;
    enum trust_error error =
        trust_record_decode(&record, (struct trust_bytes){.data = data, .size = size});
    if (error != TRUST_OK) {
        assert(error == TRUST_NO_SIZE || error == TRUST_NO_CANONICAL || error == TRUST_NO_RANGE ||
               error == TRUST_NO_SUBJECT);
        return 0;
    }
    check_views(&record, data, size);
    uint8_t body[TRUST_RECORD_SIZE_MAX];
    struct trust_writer writer = trust_writer_init(body, sizeof body);
    error = trust_record_encode(&writer, &record);
    assert(error == TRUST_OK);
    assert(writer.size == size - TRUST_SIGNATURE_SIZE);
    int difference = memcmp(body, data, writer.size);
    assert(difference == 0);
    return 0;
}
