/*
 * Records for tests of gossip: canonical bodies with made-up signatures, since signatures are
 * checked outside. A signature that begins with FORGED_BYTE is one that a test calls bad.
 */
#ifndef STATEMENTS_H
#define STATEMENTS_H

#include <stdio.h>

#include "base/limits.h"
#include "base/random.h"
#include "base/writer.h"
#include "record/encode.h"

#define FORGED_BYTE 0xff
#define START_WALL_MS UINT64_C(1790000000000)

struct statement {
    uint8_t data[TRUST_RECORD_SIZE_MAX];
    size_t size;
    struct trust_key author;
    uint64_t seq;
};

static inline struct trust_key key_of(uint64_t n)
{
    struct trust_key key;
    for (uint32_t i = 0; i < 32; i += 8) {
        uint64_t word = trust_random_mix(n * 4 + i / 8 + 1000);
        memcpy(key.bytes + i, &word, 8);
    }
    return key;
}

static inline struct trust_bytes bytes_of(const struct statement *statement)
{
    return (struct trust_bytes){.data = statement->data, .size = statement->size};
}

static inline struct statement sign(const struct trust_record *record)
{
    struct statement made = {.author = record->author, .seq = record->seq};
    struct trust_writer writer = trust_writer_init(made.data, sizeof made.data);
    assert_int_equal(trust_record_encode(&writer, record), TRUST_OK);
    uint64_t mix = record->seq;
    for (size_t i = 0; i < writer.size; i++)
        mix = trust_random_mix(mix ^ made.data[i]);
    for (int i = 0; i < 8; i++) {
        trust_writer_put_be(&writer, mix & ~(UINT64_C(0x80) << 56), 8);
        mix = trust_random_mix(mix);
    }
    made.size = writer.size;
    assert_false(trust_writer_has_overflowed(&writer));
    return made;
}

/* value tells apart two ratings of one register and seq. */
static inline struct statement rate(uint64_t author, uint64_t server, uint64_t seq, uint16_t value)
{
    char subject[TRUST_SUBJECT_SIZE_MAX];
    int size =
        snprintf(subject, sizeof subject, "mcp:io.example/server-%llu", (unsigned long long)server);
    struct trust_record record = {.kind = TRUST_KIND_RATING,
                                  .author = key_of(author),
                                  .seq = seq,
                                  .expires = seq / 1000 + 86400};
    record.rating =
        (struct trust_rating){.subject = {.data = (const uint8_t *)subject, .size = (size_t)size},
                              .category = TRUST_CATEGORY_OVERALL,
                              .value = value,
                              .origin = TRUST_ORIGIN_HUMAN};
    return sign(&record);
}

static inline struct statement revoke(uint64_t author, uint64_t seq)
{
    struct trust_record record = {
        .kind = TRUST_KIND_REVOCATION, .author = key_of(author), .seq = seq};
    record.revocation = (struct trust_revocation){.reason = TRUST_REVOKED_COMPROMISED};
    return sign(&record);
}

static inline struct statement forge(struct statement statement)
{
    statement.data[statement.size - TRUST_SIGNATURE_SIZE] = FORGED_BYTE;
    return statement;
}

static inline bool is_forged(struct trust_bytes record)
{
    return record.data[record.size - TRUST_SIGNATURE_SIZE] == FORGED_BYTE;
}

#endif
