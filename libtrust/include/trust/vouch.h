/* A vouch (positive strength), a distrust (negative) or a withdrawal (zero) for another key. */
#ifndef TRUST_VOUCH_H
#define TRUST_VOUCH_H

#include <stdint.h>

#include "trust/key.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Scope bits: what the key is vouched for. At least one is set. */
enum trust_scope {
    TRUST_SCOPE_RATES = 1,      /* its ratings of servers */
    TRUST_SCOPE_INTRODUCES = 2, /* its vouches for others */
    TRUST_SCOPE_SCANS = 4,      /* its flags */
    TRUST_SCOPE_ALL = 7,
};

struct trust_vouch {
    struct trust_key subject; /* never the author's own */
    uint8_t scopes;           /* 1..7, enum trust_scope */
    int16_t strength;         /* permille, -1000..1000 */
};

#ifdef __cplusplus
}
#endif

#endif
