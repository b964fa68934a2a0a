/*
 * Ratings and flags as the scorer keeps them, and what each ledger slot stands for here.
 *
 * A rating costs 32 bytes with its share of the slot table; no record bytes are kept. The facts of
 * a server form a list over slots, so that whoever walks it knows the slot of each.
 */
#ifndef TRUST_SCORE_FACTS_H
#define TRUST_SCORE_FACTS_H

#include "trust/record.h"
#include "trust/score.h"

#include "score/servers.h"

enum trust_fact_kind {
    TRUST_FACT_NONE = 0,
    TRUST_FACT_VOUCH = 1,
    TRUST_FACT_RATING = 2,
    TRUST_FACT_FLAG = 3,
    TRUST_FACT_ALIAS = 4,
    TRUST_FACT_CUT = 5, /* a revocation of a compromised key: the index is the key's */
};

/* Of a seq in milliseconds: enough until the year 2248. */
#define TRUST_FACT_SEQ_BITS 43u

/* Calls behind which more say nothing: c = min(1, calls / 20). */
#define TRUST_CALLS_FULL 20u

struct trust_rating_fact {
    uint32_t author;
    uint32_t next; /* slot + 1 of the server's list; of a free fact: index + 1 */
    uint32_t previous;
    uint32_t target;
    uint32_t expires_s; /* saturated */
    uint32_t seq_low;
    uint32_t bits; /* from the least: 12 of seq, 10 of value, 5 of calls, 2 category, 2 silence */
};

struct trust_flag_fact {
    uint32_t author;
    uint32_t next;
    uint32_t previous;
    uint32_t target;
    uint32_t expires_s;
    uint32_t rule; /* text */
    uint64_t seq;
    uint8_t severity;
    uint8_t class_;
    uint8_t rule_size;
    uint8_t silence;
    bool is_ignored; /* by the operator */
};

/* Why a silenced fact counts for nothing. */
enum trust_silence {
    TRUST_SILENCE_NONE = 0,
    TRUST_SILENCE_VOID = 1,
    TRUST_SILENCE_REVOKED = 2,
};

struct trust_facts {
    uint32_t *slots; /* kind << 29 | index */
    struct trust_rating_fact *ratings;
    struct trust_flag_fact *flags;
    struct trust_pool flag_pool;
    uint32_t slot_capacity;
    uint32_t first_free_rating; /* index + 1 */
    uint32_t fresh_ratings;
    uint32_t rating_count;
    uint32_t rating_capacity;
};

/* A rating read out. */
struct trust_rating_view {
    uint32_t author;
    uint32_t target;
    uint32_t expires_s;
    uint32_t calls; /* at most TRUST_CALLS_FULL */
    uint64_t seq;   /* ms */
    uint32_t value; /* permille or TRUST_RATING_WITHDRAWN */
    enum trust_category category;
    enum trust_silence silence;
};

struct trust_facts_limits {
    uint32_t slots;
    uint32_t ratings;
    uint32_t flags;
};

void trust_facts_init(struct trust_facts *facts, struct trust_arena *arena,
                      const struct trust_facts_limits *limits);

static inline enum trust_fact_kind trust_fact_kind(const struct trust_facts *facts, uint32_t slot)
{
    return (enum trust_fact_kind)(facts->slots[slot] >> 29);
}

static inline uint32_t trust_fact_index(const struct trust_facts *facts, uint32_t slot)
{
    return facts->slots[slot] & 0x1fffffffu;
}

void trust_facts_set(struct trust_facts *facts, uint32_t slot, enum trust_fact_kind kind,
                     uint32_t index);

/* Puts a fact into an empty slot and its server's list. TRUST_NO_ROOM. */
TRUST_MUST_USE enum trust_error trust_facts_add_rating(struct trust_facts *facts,
                                                       struct trust_servers *servers, uint32_t slot,
                                                       const struct trust_record *record,
                                                       uint32_t author);
TRUST_MUST_USE enum trust_error trust_facts_add_flag(struct trust_facts *facts,
                                                     struct trust_servers *servers, uint32_t slot,
                                                     const struct trust_record *record,
                                                     uint32_t author);

/* Takes the rating or flag of a slot out again; the slot is empty then. */
void trust_facts_remove(struct trust_facts *facts, struct trust_servers *servers, uint32_t slot);

void trust_facts_silence(struct trust_facts *facts, uint32_t slot, enum trust_silence silence);

/* The operator ignores the flag of a slot, or no longer does. */
void trust_facts_ignore(struct trust_facts *facts, uint32_t slot, bool is_ignored);

struct trust_rating_view trust_facts_rating(const struct trust_facts *facts, uint32_t slot);
const struct trust_flag_fact *trust_facts_flag(const struct trust_facts *facts, uint32_t slot);

/* The server that a slot's rating or flag speaks about. */
uint32_t trust_facts_server(const struct trust_facts *facts, const struct trust_servers *servers,
                            uint32_t slot);

/* The slot + 1 behind this one in its server's list; 0: none. */
uint32_t trust_facts_next_rating(const struct trust_facts *facts, uint32_t slot);
uint32_t trust_facts_next_flag(const struct trust_facts *facts, uint32_t slot);

/* Seconds that fit 32 bits; what lies behind (the year 2106) never comes. */
static inline uint32_t trust_seconds(uint64_t seconds)
{
    return seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
}

#endif
