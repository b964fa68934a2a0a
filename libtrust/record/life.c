/* See life.h. */
#include "record/life.h"

#include "base/limits.h"

#define DAY_S 86400u

uint64_t trust_record_time_s(const struct trust_record *record)
{
    return record->seq / 1000;
}

bool trust_record_is_expired(const struct trust_record *record, struct trust_wall now)
{
    return record->kind != TRUST_KIND_REVOCATION && record->expires <= now.ms / 1000;
}

bool trust_record_is_ahead(const struct trust_record *record, struct trust_wall now)
{
    return record->seq > now.ms && record->seq - now.ms > TRUST_SKEW_S * UINT64_C(1000);
}

uint64_t trust_record_place_end_s(const struct trust_record *record)
{
    if (record->kind == TRUST_KIND_REVOCATION)
        return UINT64_MAX;
    uint64_t end = trust_record_time_s(record) + TRUST_LIFE_S_MAX + TRUST_PLACE_EXTRA_S;
    return (end + DAY_S - 1) / DAY_S * DAY_S;
}

bool trust_record_is_past_place(const struct trust_record *record, struct trust_wall now)
{
    return now.ms / 1000 >= trust_record_place_end_s(record);
}
