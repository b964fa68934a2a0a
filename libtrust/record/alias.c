/* Kind 4: two subjects that the author says are one server. */
#include "base/limits.h"
#include "record/body.h"
#include "record/msgpack.h"

static enum trust_error check_subject(struct trust_bytes subject)
{
    enum trust_error error = trust_body_check_subject(subject);
    if (error != TRUST_OK)
        return error;
    return subject.size > TRUST_ALIAS_SUBJECT_SIZE_MAX ? TRUST_NO_RANGE : TRUST_OK;
}

enum trust_error trust_alias_read(struct trust_record *out_record, struct trust_reader *reader,
                                  const struct trust_envelope *envelope)
{
    struct trust_bytes first = trust_msgpack_take_str(reader);
    struct trust_bytes second = trust_msgpack_take_str(reader);
    uint64_t state = trust_msgpack_take_uint(reader);
    enum trust_error error = trust_body_end(reader, envelope);
    if (error != TRUST_OK)
        return error;
    error = check_subject(first);
    if (error == TRUST_OK)
        error = check_subject(second);
    if (error != TRUST_OK)
        return error;
    if (trust_bytes_compare(first, second) >= 0 || state > 1)
        return TRUST_NO_RANGE;
    out_record->alias =
        (struct trust_alias){.first = first, .second = second, .state = (uint8_t)state};
    return TRUST_OK;
}

void trust_alias_write(struct trust_writer *writer, const struct trust_alias *alias)
{
    trust_msgpack_put_str(writer, alias->first);
    trust_msgpack_put_str(writer, alias->second);
    trust_msgpack_put_uint(writer, alias->state);
}
