/*
 * Vectors of the accept rule: signatures that other verifiers accept and we do not. The secret
 * scalar and the nonces are ours to choose here, so each is made from the equation S = r + h a.
 */
#include <stdbool.h>
#include <string.h>

#include "base/assert.h"
#include "make.h"

/* The points of small order that are used, and the order of the group. */
static const uint8_t identity[32] = {1};
static const uint8_t order_2[32] = {
    0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
static const uint8_t group_order[32] = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* What one signature is made of. */
struct equation {
    const uint8_t *author; /* A, 32 bytes */
    const uint8_t *addend; /* a point added to R, or NULL */
    uint8_t nonce;         /* different nonces, different signatures */
    bool is_r_identity;    /* r = 0 */
};

static void scalar_of(uint8_t out_scalar[32], const struct maker *maker)
{
    uint8_t hash[64];
    uint8_t wide[64] = {0};
    crypto_hash_sha512(hash, maker->seed, sizeof maker->seed);
    hash[0] &= 248;
    hash[31] &= 127;
    hash[31] |= 64;
    memcpy(wide, hash, 32);
    crypto_core_ed25519_scalar_reduce(out_scalar, wide);
}

/* Makes R || S; *out_challenge is h. */
static void solve(uint8_t out_signature[64], uint8_t out_challenge[32], const struct maker *maker,
                  const struct blob *preimage, const struct equation *equation)
{
    uint8_t nonce[32] = {0};
    uint8_t a[32];
    uint8_t product[32];
    memset(nonce, equation->is_r_identity ? 0 : equation->nonce, 16);
    memcpy(out_signature, identity, 32);
    if (!equation->is_r_identity) {
        int failed = crypto_scalarmult_ed25519_base_noclamp(out_signature, nonce);
        assert(failed == 0);
    }
    if (equation->addend != NULL) {
        int failed = crypto_core_ed25519_add(out_signature, out_signature, equation->addend);
        assert(failed == 0);
    }
    crypto_hash_sha512_state state;
    uint8_t hash[64];
    crypto_hash_sha512_init(&state);
    crypto_hash_sha512_update(&state, out_signature, 32);
    crypto_hash_sha512_update(&state, equation->author, 32);
    crypto_hash_sha512_update(&state, preimage->data, preimage->size);
    crypto_hash_sha512_final(&state, hash);
    crypto_core_ed25519_scalar_reduce(out_challenge, hash);
    scalar_of(a, maker);
    crypto_core_ed25519_scalar_mul(product, out_challenge, a);
    crypto_core_ed25519_scalar_add(out_signature + 32, product, nonce);
}

static struct draft revocation(const struct maker *maker)
{
    struct draft draft = make_draft(maker, TRUST_KIND_REVOCATION);
    make_add(&draft, make_uint(TRUST_REVOKED_RETIRED));
    make_add(&draft, make_uint(SEQ));
    make_add(&draft, make_bin(0, 0));
    return draft;
}

static struct vector vector_of(const struct draft *draft, const char *name,
                               enum trust_error verdict)
{
    return (struct vector){
        .name = name, .body = make_body(draft, draft->count), .verdict = verdict};
}

static void make_plain(struct maker *maker, const struct draft *draft)
{
    struct vector vector = vector_of(draft, "signature-by-another-key", TRUST_NO_SIGNATURE);
    struct blob preimage = make_preimage(&vector.body, NETWORK);
    uint8_t seed[32];
    uint8_t other[32];
    uint8_t secret[64];
    memset(seed, 2, sizeof seed);
    crypto_sign_seed_keypair(other, secret, seed);
    crypto_sign_detached(vector.signature, NULL, preimage.data, preimage.size, secret);
    make_print(maker, &vector);
    vector.name = "signature-of-zeros";
    memset(vector.signature, 0, sizeof vector.signature);
    make_print(maker, &vector);
    vector.name = "signature-for-network-test";
    struct blob elsewhere = make_preimage(&vector.body, "test");
    crypto_sign_detached(vector.signature, NULL, elsewhere.data, elsewhere.size, maker->secret);
    make_print(maker, &vector);
    vector.name = "signature-over-the-bare-body";
    crypto_sign_detached(vector.signature, NULL, vector.body.data, vector.body.size, maker->secret);
    make_print(maker, &vector);
    vector.name = "signature-with-S-plus-L";
    crypto_sign_detached(vector.signature, NULL, preimage.data, preimage.size, maker->secret);
    sodium_add(vector.signature + 32, group_order, sizeof group_order);
    make_print(maker, &vector);
}

static void make_nonces(struct maker *maker, const struct draft *draft)
{
    const struct {
        const char *name;
        struct equation equation;
        enum trust_error verdict;
    } rows[] = {
        {"signature-with-nonce-1", {maker->key.bytes, NULL, 1, false}, TRUST_OK},
        {"signature-with-nonce-2", {maker->key.bytes, NULL, 2, false}, TRUST_OK},
        {"signature-R-of-order-1", {maker->key.bytes, NULL, 0, true}, TRUST_NO_SIGNATURE},
        {"signature-R-of-order-2", {maker->key.bytes, order_2, 0, true}, TRUST_NO_SIGNATURE},
        {"signature-R-of-order-2L", {maker->key.bytes, order_2, 1, false}, TRUST_NO_SIGNATURE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vector vector = vector_of(draft, rows[i].name, rows[i].verdict);
        struct blob preimage = make_preimage(&vector.body, NETWORK);
        uint8_t challenge[32];
        solve(vector.signature, challenge, maker, &preimage, &rows[i].equation);
        make_print(maker, &vector);
    }
}

/* A key A + T with T of order 2: where h is even, the signature by a verifies under it. */
static void make_mixed_author(struct maker *maker)
{
    struct trust_key mixed;
    int failed = crypto_core_ed25519_add(mixed.bytes, maker->key.bytes, order_2);
    assert(failed == 0);
    struct draft draft = revocation(maker);
    draft.items[2] = make_key(&mixed);
    struct vector vector = vector_of(&draft, "author-of-order-2L", TRUST_NO_KEY);
    struct blob preimage = make_preimage(&vector.body, NETWORK);
    uint8_t challenge[32] = {1};
    for (uint8_t nonce = 1; (challenge[0] & 1) != 0; nonce++) {
        assert(nonce < 255);
        struct equation equation = {.author = mixed.bytes, .nonce = nonce};
        solve(vector.signature, challenge, maker, &preimage, &equation);
    }
    failed =
        crypto_sign_verify_detached(vector.signature, preimage.data, preimage.size, mixed.bytes);
    assert(failed == 0);
    make_print(maker, &vector);
}

static void make_author(struct maker *maker, const char *name, const uint8_t author[32])
{
    struct trust_key key;
    memcpy(key.bytes, author, sizeof key.bytes);
    struct draft draft = revocation(maker);
    draft.items[2] = make_key(&key);
    make_signed(maker, name, make_body(&draft, draft.count), TRUST_NO_KEY);
}

void make_signatures(struct maker *maker)
{
    const struct draft draft = revocation(maker);
    make_plain(maker, &draft);
    make_nonces(maker, &draft);
    make_mixed_author(maker);
    make_author(maker, "author-of-order-1", identity);
    make_author(maker, "author-of-order-2", order_2);
    uint8_t zeros[32] = {0};
    make_author(maker, "author-of-order-4", zeros);
    uint8_t off_curve[32] = {2};
    make_author(maker, "author-off-the-curve", off_curve);
    /* y = p + 3, which stands for y = 3. */
    uint8_t beyond[32];
    memset(beyond, 0xff, sizeof beyond);
    beyond[0] = 0xf0;
    beyond[31] = 0x7f;
    make_author(maker, "author-not-reduced", beyond);
}
