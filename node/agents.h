/*
 * Who an agent is to the shared breakers: a number, which nobody else can guess.
 *
 * Users cannot be invented, so where several users call, an agent is its user. On a host where one
 * user runs everything an agent is its connection: who stands for several agents uses one for each.
 * What an agent calls itself plays no part, or one connection could be as many as it has names.
 */
#ifndef AGENTS_H
#define AGENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/time.h"

#include "base/siphash.h"

struct agents {
    struct trust_siphash_key key;    /* numbers of one process mean nothing to another */
    struct trust_mono last;          /* when somebody last called */
    struct trust_mono several_until; /* two users called shortly after each other */
    uint32_t uid;                    /* who that was */
    bool has_called;
};

struct agents_caller {
    uint32_t uid;        /* of the process, as the kernel says */
    uint64_t connection; /* no other connection had this number; 0: it is its user in any case */
};

void agents_init(struct agents *agents, struct trust_siphash_key key);

/* The caller's number. To be asked for calls that count: outcomes and leases. */
uint64_t agents_number(struct agents *agents, const struct agents_caller *caller,
                       struct trust_mono now);

#endif
