/* Keys and records for the tests of the engine, signed for real. */
#ifndef TESTS_UNIT_ENGINE_RECORDS_H
#define TESTS_UNIT_ENGINE_RECORDS_H

#include "rig.h"

static inline struct trust_secret *rig_secret(uint8_t number)
{
    uint8_t seed[TRUST_SEED_SIZE];
    memset(seed, number, sizeof seed);
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    struct trust_secret *secret = NULL;
    assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
    return secret;
}

/* Signs a record with the rig's network; author is the secret's. */
static inline struct trust_signed rig_sign(const struct rig *rig, const struct trust_secret *secret,
                                           struct trust_record record)
{
    trust_secret_key(&record.author, secret);
    if (record.expires == 0 && record.kind != TRUST_KIND_REVOCATION)
        record.expires = record.seq / 1000 + 86400;
    struct trust_signed signed_record;
    enum trust_error error = trust_record_sign(&signed_record, &record, secret, &rig->network);
    assert_string_equal(trust_error_name(error), "TRUST_OK");
    return signed_record;
}

static inline struct trust_bytes rig_bytes(const struct trust_signed *signed_record)
{
    return (struct trust_bytes){.data = signed_record->data, .size = signed_record->size};
}

static inline struct trust_record rig_rating(const char *subject, uint16_t value, uint64_t seq)
{
    return (struct trust_record){.kind = TRUST_KIND_RATING,
                                 .seq = seq,
                                 .rating = {.subject = trust_bytes_text(subject),
                                            .category = TRUST_CATEGORY_OVERALL,
                                            .value = value,
                                            .origin = TRUST_ORIGIN_HUMAN}};
}

static inline struct trust_record rig_vouch(const struct trust_secret *subject, int16_t strength,
                                            uint64_t seq)
{
    struct trust_record record = {.kind = TRUST_KIND_VOUCH,
                                  .seq = seq,
                                  .vouch = {.scopes = TRUST_SCOPE_ALL, .strength = strength}};
    trust_secret_key(&record.vouch.subject, subject);
    return record;
}

/* Publishes and returns the verdict that came at once or after the commit; TRUST_NO_BUSY: none. */
static inline enum trust_error rig_publish(struct rig *rig, const struct trust_signed *record)
{
    static uint64_t ticket = 100;
    rig->verdict_count = 0;
    trust_engine_publish(rig->engine, ++ticket, rig_bytes(record), rig->now);
    rig_run(rig);
    if (rig->verdict_count == 0)
        return TRUST_NO_BUSY;
    assert_int_equal(rig->verdict_count, 1);
    assert_int_equal(rig->verdicts[0].ticket, ticket);
    return rig->verdicts[0].error;
}

#endif
