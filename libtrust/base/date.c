/* See date.h. A year here begins in March, so that the leap day is its last. */
#include "base/date.h"

#include <stdio.h>

#define DAY_S 86400u
#define DAYS_TO_1970 719468u /* from 0000-03-01 */
#define ERA_DAYS 146097u     /* of 400 years */

struct civil {
    uint32_t year, month, day;
};

static struct civil civil_of(uint64_t days_since_1970)
{
    uint32_t days = (uint32_t)days_since_1970 + DAYS_TO_1970;
    uint32_t era = days / ERA_DAYS;
    uint32_t day_of_era = days % ERA_DAYS;
    uint32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t shifted = (5 * day_of_year + 2) / 153;
    uint32_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (struct civil){.year = era * 400 + year_of_era + (month <= 2),
                          .month = month,
                          .day = day_of_year - (153 * shifted + 2) / 5 + 1};
}

static uint64_t days_of(struct civil civil)
{
    uint32_t year = civil.year - (civil.month <= 2);
    uint32_t era = year / 400;
    uint32_t year_of_era = year % 400;
    uint32_t shifted = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    uint32_t day_of_year = (153 * shifted + 2) / 5 + civil.day - 1;
    uint32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (uint64_t)era * ERA_DAYS + day_of_era - DAYS_TO_1970;
}

void trust_date_encode(char out_text[TRUST_DATE_SIZE], uint64_t unix_s)
{
    uint64_t seconds = unix_s < TRUST_DATE_S_MAX ? unix_s : TRUST_DATE_S_MAX;
    struct civil civil = civil_of(seconds / DAY_S);
    uint32_t second = (uint32_t)(seconds % DAY_S);
    snprintf(out_text, TRUST_DATE_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ", civil.year % 10000,
             civil.month % 100, civil.day % 100, second / 3600, second / 60 % 60, second % 60);
}

static uint32_t digits_at(struct trust_bytes text, size_t at, size_t count)
{
    uint32_t number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (uint32_t)(text.data[at + i] & 15);
    return number;
}

bool trust_date_decode(uint64_t *out_unix_s, struct trust_bytes text)
{
    if (text.size != TRUST_DATE_SIZE - 1)
        return false;
    struct civil civil = {.year = digits_at(text, 0, 4),
                          .month = digits_at(text, 5, 2),
                          .day = digits_at(text, 8, 2)};
    if (civil.year < 1970 || civil.month < 1 || civil.month > 12 || civil.day < 1)
        return false;
    uint64_t unix_s = days_of(civil) * DAY_S + digits_at(text, 11, 2) * UINT64_C(3600) +
                      digits_at(text, 14, 2) * UINT64_C(60) + digits_at(text, 17, 2);
    if (unix_s > TRUST_DATE_S_MAX)
        return false;
    /* Whatever was no date, or no digit, does not come back the same. */
    char again[TRUST_DATE_SIZE];
    trust_date_encode(again, unix_s);
    if (!trust_bytes_equal(text, trust_bytes_text(again)))
        return false;
    *out_unix_s = unix_s;
    return true;
}
