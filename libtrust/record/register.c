/* See register.h. */
#include "record/register.h"

#include <sodium.h>
#include <string.h>

#include "base/assert.h"
#include "base/writer.h"

/* The final NUL of the literal is part of the prefix. */
static const uint8_t digest_prefix[] = "repute-register-v1";

static void put_counted(struct trust_writer *writer, struct trust_bytes field)
{
    assert(field.size <= UINT8_MAX);
    trust_writer_put_be(writer, field.size, 1);
    trust_writer_put(writer, field);
}

static void put_fields(struct trust_writer *writer, const struct trust_record *record)
{
    switch (record->kind) {
    case TRUST_KIND_VOUCH:
        trust_writer_put(writer, (struct trust_bytes){.data = record->vouch.subject.bytes,
                                                      .size = sizeof record->vouch.subject.bytes});
        return;
    case TRUST_KIND_RATING:
        put_counted(writer, record->rating.subject);
        put_counted(writer, record->rating.manifest);
        trust_writer_put_be(writer, (uint64_t)record->rating.category, 1);
        return;
    case TRUST_KIND_FLAG:
        put_counted(writer, record->flag.subject);
        put_counted(writer, record->flag.manifest);
        trust_writer_put_be(writer, (uint64_t)record->flag.class_, 1);
        put_counted(writer, record->flag.rule);
        return;
    case TRUST_KIND_ALIAS:
        put_counted(writer, record->alias.first);
        put_counted(writer, record->alias.second);
        return;
    case TRUST_KIND_REVOCATION:
        return;
    }
}

size_t trust_register_bytes(uint8_t out_bytes[TRUST_REGISTER_SIZE_MAX],
                            const struct trust_record *record)
{
    struct trust_writer writer = trust_writer_init(out_bytes, TRUST_REGISTER_SIZE_MAX);
    trust_writer_put(&writer, (struct trust_bytes){.data = record->author.bytes,
                                                   .size = sizeof record->author.bytes});
    trust_writer_put_be(&writer, (uint64_t)record->kind, 1);
    put_fields(&writer, record);
    assert(!trust_writer_has_overflowed(&writer));
    return writer.size;
}

void trust_register_init(struct trust_register *out_register, const struct trust_record *record)
{
    uint8_t bytes[sizeof digest_prefix + TRUST_REGISTER_SIZE_MAX];
    memcpy(bytes, digest_prefix, sizeof digest_prefix);
    size_t size = sizeof digest_prefix + trust_register_bytes(bytes + sizeof digest_prefix, record);
    int status =
        crypto_generichash(out_register->digest, sizeof out_register->digest, bytes, size, NULL, 0);
    assert(status == 0);
}

int trust_register_compare(const struct trust_register *a, const struct trust_register *b)
{
    return memcmp(a->digest, b->digest, sizeof a->digest);
}

enum trust_register_class trust_register_class(enum trust_kind kind)
{
    assert(kind != TRUST_KIND_REVOCATION);
    return kind == TRUST_KIND_VOUCH ? TRUST_REGISTER_VOUCHES : TRUST_REGISTER_OTHERS;
}
