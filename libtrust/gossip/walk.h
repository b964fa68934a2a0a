/*
 * A walk over what both sides of a reconciliation care about, in order of author keys: the heads
 * that we hold and the peer asks for, page by page.
 *
 * The side that opened lists its heads of a range; the other answers with its own heads in that
 * range that are not the same, and may cut the range short where its answer must end. Equal heads
 * cost an answer nothing. The order is made once, at the start; what appears later waits for the
 * next reconciliation, what vanishes is skipped.
 */
#ifndef TRUST_GOSSIP_WALK_H
#define TRUST_GOSSIP_WALK_H

#include <stdbool.h>

#include "base/arena.h"
#include "gossip/frame.h"
#include "gossip/interest.h"
#include "record/ledger.h"

struct trust_walk_item {
    uint64_t prefix; /* first 8 bytes of the key */
    uint32_t entry;  /* in the interest table */
};

struct trust_walk {
    const struct trust_interest *interest;
    const struct trust_ledger *ledger;
    struct trust_walk_item *items; /* ascending; TRUST_INTEREST_PEER_MAX */
    uint32_t count;
    uint32_t peer;
    bool has_from; /* the next page begins behind from, else at the least key */
    bool is_over;
    struct trust_key from;
};

void trust_walk_init(struct trust_walk *walk, struct trust_arena *arena,
                     const struct trust_interest *interest, const struct trust_ledger *ledger);

/* Collects and sorts what the peer asks for and we hold; the first page begins at the least key. */
void trust_walk_start(struct trust_walk *walk, uint32_t peer);

/* The head of an author as we hold it; count 0: nothing. */
struct trust_head trust_walk_head(const struct trust_walk *walk, const struct trust_key *author);

/* Fills in range and heads of the next page, the heads packed into buffer. */
void trust_walk_page(const struct trust_walk *walk, struct trust_sync *out_page,
                     struct trust_writer *buffer);

/* The same for the answer to a page of the peer; it begins where the page begins. */
void trust_walk_answer(const struct trust_walk *walk, struct trust_sync *out_answer,
                       const struct trust_sync *page, struct trust_writer *buffer);

/* The next page begins behind the end of an answer. */
void trust_walk_advance(struct trust_walk *walk, const struct trust_sync *answer);

#endif
