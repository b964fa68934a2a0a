/* See claim.h. */
#include "record/claim.h"

#include <string.h>

void trust_claim_init(struct trust_claim *out_claim, const struct trust_record *record,
                      const struct trust_id *id, const uint8_t signature[TRUST_SIGNATURE_SIZE])
{
    *out_claim = (struct trust_claim){
        .author = record->author,
        .id = *id,
        .seq = record->seq,
        .expires = record->expires,
        .kind = record->kind,
    };
    trust_register_init(&out_claim->place, record);
    memcpy(out_claim->signature.bytes, signature, sizeof out_claim->signature.bytes);
    if (record->kind != TRUST_KIND_REVOCATION)
        return;
    out_claim->last_seq = record->revocation.last_seq;
    out_claim->reason = record->revocation.reason;
}
