/*
 * What a legacy backend wants to know while it works on a call of a modern client: its requests,
 * and what becomes of the call while the client is away. See holds.h.
 */
#ifndef GUARD_HOLD_H
#define GUARD_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/outcome.h"

#include "base/limits.h"
#include "guard/router/text.h"
#include "wire/message_method.h"

struct hold_item {
    uint32_t key; /* "rKEY" at the client */
    enum message_method method;
    char *raw_id; /* of the backend's request */
    char *params; /* JSON; NULL: none */
    bool is_told;
};

struct hold {
    struct hold_item items[TRUST_GUARD_INPUTS_MAX];
    uint32_t item_count;
    uint32_t next_key;
    uint32_t rounds; /* how often the client was told */
    bool is_of_many; /* on a stream of its own */

    struct text answer; /* the backend's, that came meanwhile; empty: none */
    bool is_lost;       /* the attempt ended without one: */
    bool is_sent;
    enum trust_outcome_class class_;
    uint64_t retry_after_ms;
};

void hold_remove(struct hold *hold, uint32_t index);

/* NULL does nothing. */
void hold_free(struct hold *hold);

#endif
