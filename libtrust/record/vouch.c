/* Kind 1: a vouch, distrust or withdrawal for another key. */
#include "trust/vouch.h"

#include "record/body.h"
#include "record/msgpack.h"

#define STRENGTH_MAX 1000

enum trust_error trust_vouch_read(struct trust_record *out_record, struct trust_reader *reader,
                                  const struct trust_envelope *envelope)
{
    struct trust_bytes subject = trust_msgpack_take_bin(reader);
    uint64_t scopes = trust_msgpack_take_uint(reader);
    int64_t strength = trust_msgpack_take_int(reader);
    enum trust_error error = trust_body_end(reader, envelope);
    if (error != TRUST_OK)
        return error;
    if (subject.size != TRUST_KEY_SIZE ||
        memcmp(subject.data, envelope->author.data, TRUST_KEY_SIZE) == 0)
        return TRUST_NO_RANGE;
    if (scopes < 1 || scopes > TRUST_SCOPE_ALL)
        return TRUST_NO_RANGE;
    if (strength < -STRENGTH_MAX || strength > STRENGTH_MAX)
        return TRUST_NO_RANGE;
    memcpy(out_record->vouch.subject.bytes, subject.data, TRUST_KEY_SIZE);
    out_record->vouch.scopes = (uint8_t)scopes;
    out_record->vouch.strength = (int16_t)strength;
    return TRUST_OK;
}

void trust_vouch_write(struct trust_writer *writer, const struct trust_vouch *vouch)
{
    trust_msgpack_put_bin(writer, (struct trust_bytes){.data = vouch->subject.bytes,
                                                       .size = sizeof vouch->subject.bytes});
    trust_msgpack_put_uint(writer, vouch->scopes);
    trust_msgpack_put_int(writer, vouch->strength);
}
