/*
 * record: decoding beside msgpack-c's unpacker, verifying, signing and ids beside the raw libsodium
 * calls under them. The record is a rating of a registry name with version and manifest; the
 * longest has a subject of 200 bytes.
 */
#include <msgpack.h>
#include <sodium.h>
#include <stdio.h>

#include "trust/subject.h"

#include "base/assert.h"
#include "bench.h"
#include "record/sign.h"
#include "record/sodium.h"
#include "record/verify.h"

#define SEQ UINT64_C(1795132800000)
#define LIFE_S 31536000u
#define DECODE_NS_MAX 60.0

struct fixture {
    struct trust_secret *secret;
    struct trust_network network;
    struct trust_key key;
    struct trust_record rating;
    struct trust_signed signed_rating;
    struct trust_signed signed_long_rating;
    struct trust_signed signed_flag;
    struct trust_signed signed_vouch;
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
    uint8_t manifest[32];
};

static struct trust_bytes bytes_of(const struct trust_signed *signed_record)
{
    return (struct trust_bytes){.data = signed_record->data, .size = signed_record->size};
}

static void decode(const struct trust_signed *signed_record, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        struct trust_record record;
        enum trust_error error = trust_record_decode(&record, bytes_of(signed_record));
        bench_keep(&error);
        bench_keep(&record);
    }
}

static void decode_rating(void *context, uint64_t count)
{
    decode(&((struct fixture *)context)->signed_rating, count);
}

static void decode_long_rating(void *context, uint64_t count)
{
    decode(&((struct fixture *)context)->signed_long_rating, count);
}

static void decode_flag(void *context, uint64_t count)
{
    decode(&((struct fixture *)context)->signed_flag, count);
}

static void decode_vouch(void *context, uint64_t count)
{
    decode(&((struct fixture *)context)->signed_vouch, count);
}

static void unpack_rating(void *context, uint64_t count)
{
    const struct trust_signed *rating = &((struct fixture *)context)->signed_rating;
    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    for (uint64_t i = 0; i < count; i++) {
        size_t offset = 0;
        msgpack_unpack_return result = msgpack_unpack_next(
            &unpacked, (const char *)rating->data, rating->size - TRUST_SIGNATURE_SIZE, &offset);
        assert(result == MSGPACK_UNPACK_SUCCESS);
        bench_keep(&unpacked);
    }
    msgpack_unpacked_destroy(&unpacked);
}

static void verify_ours(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_verified verified;
        enum trust_error error =
            trust_record_verify(&verified, bytes_of(&f->signed_rating), &f->network);
        assert(error == TRUST_OK);
        bench_keep(&verified);
    }
}

static void verify_raw(void *context, uint64_t count)
{
    struct fixture *f = context;
    uint8_t preimage[TRUST_PREIMAGE_SIZE_MAX];
    struct trust_bytes bytes = bytes_of(&f->signed_rating);
    struct trust_bytes body = {.data = bytes.data, .size = bytes.size - TRUST_SIGNATURE_SIZE};
    size_t size = trust_record_preimage(preimage, body, &f->network);
    for (uint64_t i = 0; i < count; i++) {
        int failed = crypto_sign_verify_detached(trust_record_signature(bytes), preimage, size,
                                                 f->key.bytes);
        assert(failed == 0);
        bench_keep(preimage);
    }
}

static void check_key(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        bool is_prime = trust_key_is_prime_order(&f->key);
        assert(is_prime);
        bench_keep(&is_prime);
    }
}

static void sign_ours(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_signed out;
        enum trust_error error = trust_record_sign(&out, &f->rating, f->secret, &f->network);
        assert(error == TRUST_OK);
        bench_keep(&out);
    }
}

static void sign_raw(void *context, uint64_t count)
{
    struct fixture *f = context;
    size_t size = f->signed_rating.size - TRUST_SIGNATURE_SIZE + 25;
    for (uint64_t i = 0; i < count; i++) {
        uint8_t signature[crypto_sign_BYTES];
        crypto_sign_detached(signature, NULL, f->signed_rating.data, size, f->secret_key);
        bench_keep(signature);
    }
}

static void id_ours(void *context, uint64_t count)
{
    struct fixture *f = context;
    for (uint64_t i = 0; i < count; i++) {
        struct trust_id id;
        trust_record_id(&id, bytes_of(&f->signed_rating), &f->network);
        bench_keep(&id);
    }
}

static void id_raw(void *context, uint64_t count)
{
    struct fixture *f = context;
    size_t size = f->signed_rating.size - TRUST_SIGNATURE_SIZE + 25;
    for (uint64_t i = 0; i < count; i++) {
        uint8_t id[32];
        crypto_generichash(id, sizeof id, f->signed_rating.data, size, NULL, 0);
        bench_keep(id);
    }
}

static struct trust_bytes text(const char *characters)
{
    return (struct trust_bytes){.data = (const uint8_t *)characters, .size = strlen(characters)};
}

static void sign(struct fixture *f, struct trust_signed *out_signed, struct trust_record record)
{
    record.author = f->key;
    record.seq = SEQ;
    record.expires = SEQ / 1000 + LIFE_S;
    enum trust_error error = trust_record_sign(out_signed, &record, f->secret, &f->network);
    assert(error == TRUST_OK);
}

static void init(struct fixture *f)
{
    static char long_subject[201];
    memset(long_subject, 'a', 200);
    memcpy(long_subject, "mcp:io.github.acme/", 19);
    uint8_t seed[TRUST_SEED_SIZE] = {7};
    enum trust_error error = trust_sodium_start();
    assert(error == TRUST_OK);
    error = trust_secret_open(&f->secret, seed);
    assert(error == TRUST_OK);
    error = trust_network_init(&f->network, "main");
    assert(error == TRUST_OK);
    trust_secret_key(&f->key, f->secret);
    memcpy(f->secret_key, seed, 32);
    memcpy(f->secret_key + 32, f->key.bytes, 32);
    struct trust_bytes manifest = {.data = f->manifest, .size = 32};
    f->rating = (struct trust_record){.kind = TRUST_KIND_RATING,
                                      .rating = {.subject = text("mcp:io.github.acme/search@1.4.2"),
                                                 .manifest = manifest,
                                                 .category = TRUST_CATEGORY_PERFORMANCE,
                                                 .value = 900,
                                                 .calls = 12000,
                                                 .origin = TRUST_ORIGIN_MEASURED}};
    sign(f, &f->signed_rating, f->rating);
    struct trust_record record = f->rating;
    record.rating.subject = text(long_subject);
    sign(f, &f->signed_long_rating, record);
    f->rating.author = f->key;
    f->rating.seq = SEQ;
    f->rating.expires = SEQ / 1000 + LIFE_S;
    record = (struct trust_record){.kind = TRUST_KIND_FLAG,
                                   .flag = {.subject = text("https://mcp.acme.dev/team/mcp"),
                                            .manifest = manifest,
                                            .severity = TRUST_SEVERITY_HIGH,
                                            .class_ = TRUST_CLASS_POISONING,
                                            .rule = text("tool-poisoning.hidden-text")}};
    sign(f, &f->signed_flag, record);
    record = (struct trust_record){.kind = TRUST_KIND_VOUCH,
                                   .vouch = {.scopes = TRUST_SCOPE_ALL, .strength = -500}};
    sign(f, &f->signed_vouch, record);
}

static void print(const char *name, const struct bench_timing *timing, const char *baseline_name,
                  const struct bench_timing *baseline, double at_most)
{
    bench_print(&(struct bench_line){.name = name,
                                     .value = timing->ns,
                                     .unit = "ns",
                                     .baseline_name = baseline_name,
                                     .baseline = baseline->ns,
                                     .value_at_most = at_most});
}

int main(void)
{
    static struct fixture f;
    init(&f);
    struct bench_timing t[] = {
        {.body = decode_rating, .context = &f}, {.body = decode_long_rating, .context = &f},
        {.body = decode_flag, .context = &f},   {.body = decode_vouch, .context = &f},
        {.body = unpack_rating, .context = &f}, {.body = verify_ours, .context = &f},
        {.body = verify_raw, .context = &f},    {.body = check_key, .context = &f},
        {.body = sign_ours, .context = &f},     {.body = sign_raw, .context = &f},
        {.body = id_ours, .context = &f},       {.body = id_raw, .context = &f},
    };
    bench_time(t, sizeof t / sizeof *t);
    print("record: decode rating", &t[0], "msgpack-c", &t[4], DECODE_NS_MAX);
    print("record: decode longest rating", &t[1], "msgpack-c", &t[4], 0);
    print("record: decode flag of a URL", &t[2], "msgpack-c", &t[4], DECODE_NS_MAX);
    print("record: decode vouch", &t[3], "msgpack-c", &t[4], DECODE_NS_MAX);
    print("record: verify", &t[5], "raw verify", &t[6], 0);
    print("record: check a key's order", &t[7], "raw verify", &t[6], 0);
    print("record: sign", &t[8], "raw sign", &t[9], 0);
    print("record: id", &t[10], "raw BLAKE2b", &t[11], 0);
    trust_secret_close(f.secret);
    return 0;
}
