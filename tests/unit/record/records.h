/* Valid records to start from, and what the tests of all bodies ask of encoding and decoding. */
#ifndef TESTS_UNIT_RECORD_RECORDS_H
#define TESTS_UNIT_RECORD_RECORDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "record/encode.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SEQ UINT64_C(1795132800123)
#define YEAR_S 31536000u

static const uint8_t some_bytes[64] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

static inline struct trust_bytes digest_of(size_t size)
{
    return (struct trust_bytes){.data = some_bytes, .size = size};
}

static inline struct trust_record envelope_of(enum trust_kind kind)
{
    return (struct trust_record){.kind = kind,
                                 .author = {{0xaa}},
                                 .seq = SEQ,
                                 .expires =
                                     kind == TRUST_KIND_REVOCATION ? 0 : SEQ / 1000 + YEAR_S};
}

static inline struct trust_record some_vouch(void)
{
    struct trust_record record = envelope_of(TRUST_KIND_VOUCH);
    record.vouch = (struct trust_vouch){.subject = {{9}}, .scopes = 7, .strength = -800};
    return record;
}

static inline struct trust_record some_rating(void)
{
    struct trust_record record = envelope_of(TRUST_KIND_RATING);
    record.rating = (struct trust_rating){.subject = trust_bytes_text("mcp:a/b@1.0"),
                                          .manifest = digest_of(32),
                                          .category = TRUST_CATEGORY_PERFORMANCE,
                                          .value = 900,
                                          .calls = 12,
                                          .origin = TRUST_ORIGIN_AGENT};
    return record;
}

static inline struct trust_record some_flag(void)
{
    struct trust_record record = envelope_of(TRUST_KIND_FLAG);
    record.flag = (struct trust_flag){.subject = trust_bytes_text("https://a.b/mcp"),
                                      .manifest = digest_of(0),
                                      .severity = TRUST_SEVERITY_CRITICAL,
                                      .class_ = TRUST_CLASS_OTHER,
                                      .rule = trust_bytes_text("rule-1"),
                                      .output_digest = {7}};
    return record;
}

static inline struct trust_record some_alias(void)
{
    struct trust_record record = envelope_of(TRUST_KIND_ALIAS);
    record.alias = (struct trust_alias){
        .first = trust_bytes_text("mcp:a/b"), .second = trust_bytes_text("pkg:npm/b"), .state = 1};
    return record;
}

static inline struct trust_record some_revocation(void)
{
    struct trust_record record = envelope_of(TRUST_KIND_REVOCATION);
    record.revocation = (struct trust_revocation){
        .reason = TRUST_REVOKED_SUPERSEDED, .last_seq = SEQ - 1, .successor = digest_of(32)};
    return record;
}

/* Encodes into out_bytes, which gets a signature of zeros, and returns the whole size. */
static inline size_t encode_whole(uint8_t out_bytes[TRUST_RECORD_SIZE_MAX],
                                  const struct trust_record *record)
{
    struct trust_writer writer =
        trust_writer_init(out_bytes, TRUST_RECORD_SIZE_MAX - TRUST_SIGNATURE_SIZE);
    assert_int_equal(trust_record_encode(&writer, record), TRUST_OK);
    memset(out_bytes + writer.size, 0, TRUST_SIGNATURE_SIZE);
    return writer.size + TRUST_SIGNATURE_SIZE;
}

/* Encodes and decodes; the envelope must come back as it went, the body is left to the caller.
 * out_bytes holds what *out_record borrows. */
static inline void decode_back(struct trust_record *out_record,
                               uint8_t out_bytes[TRUST_RECORD_SIZE_MAX],
                               const struct trust_record *record)
{
    struct trust_bytes bytes = {.data = out_bytes, .size = encode_whole(out_bytes, record)};
    assert_int_equal(trust_record_decode(out_record, bytes), TRUST_OK);
    assert_int_equal(out_record->kind, record->kind);
    assert_memory_equal(out_record->author.bytes, record->author.bytes, TRUST_KEY_SIZE);
    assert_true(out_record->seq == record->seq);
    assert_true(out_record->expires == record->expires);
}

/* Encoding answers verdict; what it refuses leaves the writer as it was. */
static inline void assert_encoding(const struct trust_record *record, enum trust_error verdict)
{
    uint8_t buffer[TRUST_RECORD_SIZE_MAX] = {0x55};
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    writer.size = 1;
    assert_int_equal(trust_record_encode(&writer, record), verdict);
    assert_false(trust_writer_has_overflowed(&writer));
    if (verdict == TRUST_OK)
        assert_true(writer.size > 1);
    else
        assert_int_equal(writer.size, 1);
    assert_int_equal(buffer[0], 0x55);
}

#endif
