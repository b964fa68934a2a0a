/* Kind 2: a rating of a server in one category. */
#include "trust/rating.h"

#include "record/body.h"
#include "record/msgpack.h"

enum trust_error trust_rating_read(struct trust_record *out_record, struct trust_reader *reader,
                                   const struct trust_envelope *envelope)
{
    struct trust_bytes subject = trust_msgpack_take_str(reader);
    struct trust_bytes manifest = trust_msgpack_take_bin(reader);
    uint64_t category = trust_msgpack_take_uint(reader);
    uint64_t value = trust_msgpack_take_uint(reader);
    uint64_t calls = trust_msgpack_take_uint(reader);
    uint64_t origin = trust_msgpack_take_uint(reader);
    enum trust_error error = trust_body_end(reader, envelope);
    if (error != TRUST_OK)
        return error;
    error = trust_body_check_subject(subject);
    if (error != TRUST_OK)
        return error;
    if (!trust_body_is_optional(manifest))
        return TRUST_NO_RANGE;
    if (category < TRUST_CATEGORY_PERFORMANCE || category > TRUST_CATEGORY_OVERALL)
        return TRUST_NO_RANGE;
    if (value > TRUST_RATING_WITHDRAWN || calls > TRUST_RATING_CALLS_MAX)
        return TRUST_NO_RANGE;
    if (category == TRUST_CATEGORY_PERFORMANCE && calls < 1)
        return TRUST_NO_RANGE;
    if (origin < TRUST_ORIGIN_HUMAN || origin > TRUST_ORIGIN_AGENT)
        return TRUST_NO_RANGE;
    out_record->rating = (struct trust_rating){.subject = subject,
                                               .manifest = manifest,
                                               .category = (enum trust_category)category,
                                               .value = (uint16_t)value,
                                               .calls = (uint32_t)calls,
                                               .origin = (enum trust_origin)origin};
    return TRUST_OK;
}

void trust_rating_write(struct trust_writer *writer, const struct trust_rating *rating)
{
    trust_msgpack_put_str(writer, rating->subject);
    trust_msgpack_put_bin(writer, rating->manifest);
    trust_msgpack_put_uint(writer, rating->category);
    trust_msgpack_put_uint(writer, rating->value);
    trust_msgpack_put_uint(writer, rating->calls);
    trust_msgpack_put_uint(writer, rating->origin);
}
