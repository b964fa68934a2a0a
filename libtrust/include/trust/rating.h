/* A rating: what an operator makes of a server in one category. */
#ifndef TRUST_RATING_H
#define TRUST_RATING_H

#include <stdint.h>

#include "trust/bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

enum trust_category {
    TRUST_CATEGORY_PERFORMANCE = 1,
    TRUST_CATEGORY_SECURITY = 2,
    TRUST_CATEGORY_OVERALL = 3,
};

/* Where a rating came from: shown and filterable, without effect on its weight. */
enum trust_origin {
    TRUST_ORIGIN_HUMAN = 1,
    TRUST_ORIGIN_MEASURED = 2,
    TRUST_ORIGIN_SCANNER = 3,
    TRUST_ORIGIN_AGENT = 4,
};

#define TRUST_RATING_WITHDRAWN 1001
#define TRUST_RATING_CALLS_MAX 1000000

struct trust_rating {
    struct trust_bytes subject;  /* canonical, signable */
    struct trust_bytes manifest; /* SHA-256 of the tools the author saw; size 0 or 32 */
    enum trust_category category;
    uint16_t value; /* permille, 0..1000, or TRUST_RATING_WITHDRAWN */
    uint32_t calls; /* 0..10^6; at least 1 for performance */
    enum trust_origin origin;
};

#ifdef __cplusplus
}
#endif

#endif
