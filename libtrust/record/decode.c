/*
 * From bytes to a struct. The order of verdicts is fixed, so that every implementation names the
 * same one: size; canonical form of the whole; the envelope's fields; the body's, in their order.
 */
#include "record/decode.h"

#include "trust/subject.h"

#include "base/limits.h"
#include "record/body.h"
#include "record/msgpack.h"

#define VERSION 1u

struct kind {
    uint32_t count; /* of the whole array */
    enum trust_error (*read)(struct trust_record *out_record, struct trust_reader *reader,
                             const struct trust_envelope *envelope);
};

static const struct kind kinds[] = {
    [TRUST_KIND_VOUCH] = {TRUST_ENVELOPE_COUNT + TRUST_VOUCH_COUNT, trust_vouch_read},
    [TRUST_KIND_RATING] = {TRUST_ENVELOPE_COUNT + TRUST_RATING_COUNT, trust_rating_read},
    [TRUST_KIND_FLAG] = {TRUST_ENVELOPE_COUNT + TRUST_FLAG_COUNT, trust_flag_read},
    [TRUST_KIND_ALIAS] = {TRUST_ENVELOPE_COUNT + TRUST_ALIAS_COUNT, trust_alias_read},
    [TRUST_KIND_REVOCATION] = {TRUST_ENVELOPE_COUNT + TRUST_REVOCATION_COUNT,
                               trust_revocation_read},
};

static bool is_expiry(uint64_t kind, uint64_t seq, uint64_t expires)
{
    if (kind == TRUST_KIND_REVOCATION)
        return expires == 0;
    uint64_t time = seq / 1000;
    return expires > time && expires - time <= TRUST_LIFE_S_MAX;
}

enum trust_error trust_body_decode(struct trust_record *out_record, struct trust_bytes body)
{
    struct trust_reader reader = trust_reader_init(body);
    uint32_t count = trust_msgpack_take_array(&reader);
    uint64_t version = trust_msgpack_take_uint(&reader);
    uint64_t kind = trust_msgpack_take_uint(&reader);
    struct trust_bytes author = trust_msgpack_take_bin(&reader);
    uint64_t seq = trust_msgpack_take_uint(&reader);
    uint64_t expires = trust_msgpack_take_uint(&reader);
    if (reader.failed || version != VERSION || kind < TRUST_KIND_VOUCH ||
        kind > TRUST_KIND_REVOCATION || count != kinds[kind].count)
        return TRUST_NO_CANONICAL;
    /* protocol: A record has one verdict, whoever reads it. */
    struct trust_envelope envelope = {.author = author,
                                      .is_in_range = author.size == TRUST_KEY_SIZE &&
                                                     is_expiry(kind, seq, expires)};
    /* Writes its member only on success, and so no part of out_record is written before. */
    enum trust_error error = kinds[kind].read(out_record, &reader, &envelope);
    if (error != TRUST_OK)
        return error;
    out_record->kind = (enum trust_kind)kind;
    memcpy(out_record->author.bytes, author.data, TRUST_KEY_SIZE);
    out_record->seq = seq;
    out_record->expires = expires;
    return TRUST_OK;
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
