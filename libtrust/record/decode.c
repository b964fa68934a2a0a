/*
 * From bytes to a struct. The order of verdicts is fixed, so that every implementation names the
 * same one: size; canonical form of the whole; the envelope's fields; the body's, in their order.
 */
#include "record/decode.h"

#include "trust/subject.h"

#include "base/limits.h"
#include "record/body.h"
#include "record/life.h"
#include "record/msgpack.h"

#define VERSION 1u

struct kind {
    uint32_t count; /* of the whole array */
    enum trust_error (*read)(struct trust_reader *reader, struct trust_record *record);
};

static const struct kind kinds[] = {
    [TRUST_KIND_VOUCH] = {TRUST_ENVELOPE_COUNT + TRUST_VOUCH_COUNT, trust_vouch_read},
    [TRUST_KIND_RATING] = {TRUST_ENVELOPE_COUNT + TRUST_RATING_COUNT, trust_rating_read},
    [TRUST_KIND_FLAG] = {TRUST_ENVELOPE_COUNT + TRUST_FLAG_COUNT, trust_flag_read},
    [TRUST_KIND_ALIAS] = {TRUST_ENVELOPE_COUNT + TRUST_ALIAS_COUNT, trust_alias_read},
    [TRUST_KIND_REVOCATION] = {TRUST_ENVELOPE_COUNT + TRUST_REVOCATION_COUNT,
                               trust_revocation_read},
};

static bool is_expiry(const struct trust_record *record)
{
    if (record->kind == TRUST_KIND_REVOCATION)
        return record->expires == 0;
    uint64_t time = trust_record_time_s(record);
    return record->expires > time && record->expires - time <= TRUST_LIFE_S_MAX;
}

enum trust_error trust_body_decode(struct trust_record *out_record, struct trust_bytes body)
{
    struct trust_record record;
    struct trust_reader reader = trust_reader_init(body);
    uint32_t count = trust_msgpack_take_array(&reader);
    uint64_t version = trust_msgpack_take_uint(&reader);
    uint64_t number = trust_msgpack_take_uint(&reader);
    struct trust_bytes author = trust_msgpack_take_bin(&reader);
    record.seq = trust_msgpack_take_uint(&reader);
    record.expires = trust_msgpack_take_uint(&reader);
    if (reader.failed || version != VERSION || number < TRUST_KIND_VOUCH ||
        number > TRUST_KIND_REVOCATION || count != kinds[number].count)
        return TRUST_NO_CANONICAL;
    record.kind = (enum trust_kind)number;
    bool has_author = author.size == sizeof record.author.bytes;
    if (has_author)
        memcpy(record.author.bytes, author.data, sizeof record.author.bytes);
    else
        record.author = (struct trust_key){{0}};
    enum trust_error error = kinds[number].read(&reader, &record);
    if (error != TRUST_NO_CANONICAL && (!has_author || !is_expiry(&record)))
        error = TRUST_NO_RANGE;
    if (error == TRUST_OK)
        *out_record = record;
    return error;
}

enum trust_error trust_record_decode(struct trust_record *out_record, struct trust_bytes bytes)
{
    if (bytes.size < TRUST_RECORD_SIZE_MIN || bytes.size > TRUST_RECORD_SIZE_MAX)
        return TRUST_NO_SIZE;
    struct trust_bytes body = {.data = bytes.data, .size = bytes.size - TRUST_SIGNATURE_SIZE};
    return trust_body_decode(out_record, body);
}

enum trust_error trust_body_check_subject(struct trust_bytes text)
{
    struct trust_subject subject;
    enum trust_error error = trust_subject_parse(&subject, text);
    if (error != TRUST_OK)
        return error;
    return trust_subject_is_signable(&subject) ? TRUST_OK : TRUST_NO_SUBJECT;
}
