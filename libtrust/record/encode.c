/* See encode.h. What was written is decoded before it counts: one set of rules, both ways. */
#include "record/encode.h"

#include "base/limits.h"
#include "record/body.h"
#include "record/decode.h"
#include "record/msgpack.h"

#define BODY_SIZE_MAX (TRUST_RECORD_SIZE_MAX - TRUST_SIGNATURE_SIZE)

static void write_envelope(struct trust_writer *writer, const struct trust_record *record,
                           uint32_t count)
{
    trust_msgpack_put_array(writer, TRUST_ENVELOPE_COUNT + count);
    trust_msgpack_put_uint(writer, 1);
    trust_msgpack_put_uint(writer, record->kind);
    trust_msgpack_put_bin(writer, (struct trust_bytes){.data = record->author.bytes,
                                                       .size = sizeof record->author.bytes});
    trust_msgpack_put_uint(writer, record->seq);
    trust_msgpack_put_uint(writer, record->expires);
}

/* Writes nothing for a kind that is none, which then does not decode. */
static void write_record(struct trust_writer *writer, const struct trust_record *record)
{
    switch (record->kind) {
    case TRUST_KIND_VOUCH:
        write_envelope(writer, record, TRUST_VOUCH_COUNT);
        trust_vouch_write(writer, &record->vouch);
        break;
    case TRUST_KIND_RATING:
        write_envelope(writer, record, TRUST_RATING_COUNT);
        trust_rating_write(writer, &record->rating);
        break;
    case TRUST_KIND_FLAG:
        write_envelope(writer, record, TRUST_FLAG_COUNT);
        trust_flag_write(writer, &record->flag);
        break;
    case TRUST_KIND_ALIAS:
        write_envelope(writer, record, TRUST_ALIAS_COUNT);
        trust_alias_write(writer, &record->alias);
        break;
    case TRUST_KIND_REVOCATION:
        write_envelope(writer, record, TRUST_REVOCATION_COUNT);
        trust_revocation_write(writer, &record->revocation);
        break;
    }
}

enum trust_error trust_record_encode(struct trust_writer *writer, const struct trust_record *record)
{
    uint8_t body[BODY_SIZE_MAX];
    struct trust_writer scratch = trust_writer_init(body, sizeof body);
    write_record(&scratch, record);
    if (trust_writer_has_overflowed(&scratch) || trust_writer_has_overflowed(writer) ||
        writer->capacity - writer->size < scratch.size)
        return TRUST_NO_SIZE;
    struct trust_record decoded;
    enum trust_error error = trust_body_decode(&decoded, trust_writer_bytes(&scratch));
    if (error == TRUST_OK)
        trust_writer_put(writer, trust_writer_bytes(&scratch));
    return error;
}
