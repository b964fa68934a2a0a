/* Servers as they show themselves, and an operator who signs. */
#ifndef TESTS_TOOLS_GUARD_PINNING_H
#define TESTS_TOOLS_GUARD_PINNING_H

#include "guard/offer/pins_book.h"
#include "manifests.h"
#include "record/sodium.h"
#include "record/statement.h"

#define PINNING_SUBJECT "pkg:npm/search-mcp@1.0.0"
#define PINNING_NOW UINT64_C(1800000000)
#define PINNING_A "{'name':'a','description':'A.'}"
#define PINNING_A_OTHER "{'name':'a','description':'A!'}"
#define PINNING_B "{'name':'b'}"

static const uint8_t pinning_capabilities[DIGEST_SIZE] = {7};

static inline struct pins_sight pinning_sight(const struct manifest *manifest)
{
    return (struct pins_sight){.subject = PINNING_SUBJECT,
                               .capabilities = pinning_capabilities,
                               .manifest = manifest,
                               .now_s = PINNING_NOW};
}

static inline struct trust_secret *pinning_operator(struct trust_key *out_key)
{
    uint8_t seed[TRUST_SEED_SIZE] = {6};
    struct trust_secret *secret = NULL;
    assert_int_equal(trust_sodium_start(), TRUST_OK);
    assert_int_equal(trust_secret_open(&secret, seed), TRUST_OK);
    trust_secret_key(out_key, secret);
    return secret;
}

static inline void pinning_sign(struct pins_entry *entry, const struct trust_secret *secret)
{
    char statement[PINS_STATEMENT_SIZE];
    assert_int_equal(pins_entry_statement(statement, entry), TRUST_OK);
    assert_int_equal(trust_statement_sign(entry->signature, secret, TRUST_PURPOSE_PIN,
                                          trust_bytes_text(statement)),
                     TRUST_OK);
    entry->has_signature = true;
}

#endif
