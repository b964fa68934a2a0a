/* See digest.h. */
#include "guard/offer/digest.h"

#include <sodium.h>
#include <stdlib.h>

#include "base/assert.h"
#include "wire/jcs.h"
#include "wire/json.h"

/* Most forms are no longer than their values; 1e20 is the worst, four bytes for twenty-one. */
#define GROWTH_MAX 6
#define ROOM_MIN 32

enum trust_error digest_canonical(uint8_t **out_form, size_t *out_size, struct trust_bytes value)
{
    size_t count = jcs_count_members(value);
    struct jcs_member *members = malloc((count + 1) * sizeof *members);
    uint8_t *form = NULL;
    enum trust_error error = members == NULL ? TRUST_FAIL_MEMORY : TRUST_NO_ROOM;
    for (size_t growth = 1; error == TRUST_NO_ROOM && growth <= GROWTH_MAX; growth += 5) {
        free(form);
        size_t room = growth * value.size + ROOM_MIN;
        form = malloc(room);
        if (form == NULL) {
            error = TRUST_FAIL_MEMORY;
            break;
        }
        struct trust_writer writer = trust_writer_init(form, room);
        error = jcs_write(&writer, members, count, value);
        *out_size = error == TRUST_OK ? writer.size : 0;
    }
    free(members);
    if (error != TRUST_OK) {
        free(form);
        return error == TRUST_NO_ROOM ? TRUST_NO_RANGE : error;
    }
    *out_form = form;
    return TRUST_OK;
}

static void hash(uint8_t out_digest[DIGEST_SIZE], const char *purpose, struct trust_bytes bytes,
                 struct trust_bytes tail)
{
    static_assert(DIGEST_SIZE == crypto_hash_sha256_BYTES, "a digest is a SHA-256");
    crypto_hash_sha256_state state;
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const uint8_t *)purpose, strlen(purpose));
    if (bytes.size > 0)
        (void)crypto_hash_sha256_update(&state, bytes.data, bytes.size);
    if (tail.size > 0)
        (void)crypto_hash_sha256_update(&state, tail.data, tail.size);
    (void)crypto_hash_sha256_final(&state, out_digest);
}

void digest_bytes(uint8_t out_digest[DIGEST_SIZE], const char *purpose, struct trust_bytes bytes)
{
    hash(out_digest, purpose, bytes, (struct trust_bytes){0});
}

enum trust_error digest_json(uint8_t out_digest[DIGEST_SIZE], const char *purpose,
                             struct trust_bytes value)
{
    uint8_t *form = NULL;
    size_t size = 0;
    enum trust_error error = digest_canonical(&form, &size, value);
    if (error == TRUST_OK)
        digest_bytes(out_digest, purpose, (struct trust_bytes){.data = form, .size = size});
    free(form);
    return error;
}

/* Writes the object of the members that are there. */
static enum trust_error pick(struct trust_writer *writer, struct trust_bytes value,
                             const char *const *names)
{
    trust_writer_put(writer, trust_bytes_text("{"));
    for (size_t i = 0; names[i] != NULL; i++) {
        struct trust_bytes member;
        enum trust_error error = json_find(&member, value, names[i]);
        if (error == TRUST_NO_FOUND)
            continue;
        if (error != TRUST_OK)
            return error;
        trust_writer_put(writer, trust_bytes_text(writer->size > 1 ? ",\"" : "\""));
        trust_writer_put(writer, trust_bytes_text(names[i]));
        trust_writer_put(writer, trust_bytes_text("\":"));
        trust_writer_put(writer, member);
    }
    trust_writer_put(writer, trust_bytes_text("}"));
    return TRUST_OK;
}

enum trust_error digest_members(uint8_t out_digest[DIGEST_SIZE], const char *purpose,
                                struct trust_bytes value, const char *const *names)
{
    /* The parts of a value are no longer than it, but for an escaped key that is written plain. */
    size_t room = value.size + ROOM_MIN;
    for (size_t i = 0; names[i] != NULL; i++)
        room += strlen(names[i]) + sizeof ",\"\":";
    uint8_t *object = malloc(room);
    if (object == NULL)
        return TRUST_FAIL_MEMORY;
    struct trust_writer writer = trust_writer_init(object, room);
    enum trust_error error = pick(&writer, value, names);
    assert(!trust_writer_has_overflowed(&writer));
    if (error == TRUST_OK)
        error = digest_json(out_digest, purpose, trust_writer_bytes(&writer));
    free(object);
    return error;
}

static int compare(const void *a, const void *b)
{
    return memcmp(a, b, DIGEST_SIZE);
}

void digest_set(uint8_t out_digest[DIGEST_SIZE], const char *purpose,
                uint8_t (*digests)[DIGEST_SIZE], size_t count, struct trust_bytes tail)
{
    struct trust_bytes bytes = {0};
    if (count > 0) {
        qsort(digests, count, DIGEST_SIZE, compare);
        bytes = (struct trust_bytes){.data = digests[0], .size = count * DIGEST_SIZE};
    }
    hash(out_digest, purpose, bytes, tail);
}

void digest_hex(char out_hex[DIGEST_HEX_SIZE], const uint8_t digest[DIGEST_SIZE])
{
    (void)sodium_bin2hex(out_hex, DIGEST_HEX_SIZE, digest, DIGEST_SIZE);
}
