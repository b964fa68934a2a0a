/* Kind 5: the end of a key. */
#include "record/body.h"
#include "record/msgpack.h"

enum trust_error trust_revocation_read(struct trust_record *out_record, struct trust_reader *reader,
                                       const struct trust_envelope *envelope)
{
    uint64_t reason = trust_msgpack_take_uint(reader);
    uint64_t last_seq = trust_msgpack_take_uint(reader);
    struct trust_bytes successor = trust_msgpack_take_bin(reader);
    enum trust_error error = trust_body_end(reader, envelope);
    if (error != TRUST_OK)
        return error;
    if (reason < TRUST_REVOKED_COMPROMISED || reason > TRUST_REVOKED_SUPERSEDED)
        return TRUST_NO_RANGE;
    if ((last_seq == 0) != (reason == TRUST_REVOKED_COMPROMISED))
        return TRUST_NO_RANGE;
    if (!trust_body_is_optional(successor))
        return TRUST_NO_RANGE;
    out_record->revocation =
        (struct trust_revocation){.reason = (enum trust_revocation_reason)reason,
                                  .last_seq = last_seq,
                                  .successor = successor};
    return TRUST_OK;
}

void trust_revocation_write(struct trust_writer *writer, const struct trust_revocation *revocation)
{
    trust_msgpack_put_uint(writer, revocation->reason);
    trust_msgpack_put_uint(writer, revocation->last_seq);
    trust_msgpack_put_bin(writer, revocation->successor);
}
