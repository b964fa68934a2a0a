/* See head.h. */
#include "record/head.h"

#include "base/assert.h"
#include "record/id.h"

/* The final carry is dropped: the sum is modulo 2^256. */
static void add(uint8_t sum[32], const uint8_t term[32])
{
    uint32_t carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (uint32_t)sum[i] + term[i];
        sum[i] = (uint8_t)carry;
        carry >>= 8;
    }
}

static void subtract(uint8_t sum[32], const uint8_t term[32])
{
    uint32_t borrow = 0;
    for (size_t i = 0; i < 32; i++) {
        uint32_t difference = (uint32_t)sum[i] - term[i] - borrow;
        sum[i] = (uint8_t)difference;
        borrow = difference >> 31;
    }
}

void trust_head_add(struct trust_head *head, const struct trust_id *id,
                    const struct trust_signature *signature)
{
    struct trust_id digest;
    trust_record_digest(&digest, id, signature->bytes);
    assert(head->count < UINT32_MAX);
    head->count++;
    add(head->digest, digest.bytes);
}

void trust_head_remove(struct trust_head *head, const struct trust_id *id,
                       const struct trust_signature *signature)
{
    struct trust_id digest;
    trust_record_digest(&digest, id, signature->bytes);
    assert(head->count > 0);
    head->count--;
    subtract(head->digest, digest.bytes);
}
