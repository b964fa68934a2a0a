/* Looking through the ledger in order: trust_ledger_next_slot, next_author and next_left of
 * ledger.h. */
#include <string.h>

#include "base/assert.h"
#include "record/ledger_author.h"
#include "record/ledger_order.h"

/* Ranks of equal seqs: the revocation, then the classes. */
#define RANK_REVOCATION 1
#define RANK_CLASS(class_) ((uint8_t)(2 + (class_)))

struct trust_ledger_walk trust_ledger_walk_init(uint32_t author, uint64_t from_seq, uint64_t to_seq)
{
    return (struct trust_ledger_walk){
        .author = author,
        .to_seq = to_seq,
        .last = {.seq = from_seq},
    };
}

/* Writes the least position of this rank that the walk has not passed; false: there is none. */
static bool next_position(const struct trust_ledger_walk *walk,
                          struct trust_ledger_floor *out_position, uint8_t rank)
{
    *out_position = (struct trust_ledger_floor){.seq = walk->last.seq};
    if (rank > walk->last_rank)
        return true;
    if (rank == walk->last_rank)
        out_position->place = walk->last.place;
    if (rank == walk->last_rank && rank != RANK_REVOCATION) {
        /* The digest above the one shown, as a big-endian number. */
        for (size_t i = sizeof out_position->place.digest; i-- > 0;) {
            if (++out_position->place.digest[i] != 0)
                return true;
        }
    }
    out_position->place = (struct trust_register){0};
    return ++out_position->seq != 0;
}

/* Writes the next slot of this rank. */
static bool find_of_rank(const struct trust_ledger *ledger, uint32_t *out_slot,
                         const struct trust_ledger_author *author,
                         const struct trust_ledger_walk *walk, uint8_t rank)
{
    struct trust_ledger_floor position;
    if (!next_position(walk, &position, rank))
        return false;
    if (rank != RANK_REVOCATION)
        return trust_order_find(ledger, out_slot, author->roots[rank - RANK_CLASS(0)], &position);
    if (author->revocation == 0 || ledger->slots[author->revocation - 1].seq < position.seq)
        return false;
    *out_slot = author->revocation - 1;
    return true;
}

bool trust_ledger_next_slot(const struct trust_ledger *ledger, struct trust_ledger_walk *walk,
                            uint32_t *out_slot)
{
    const struct trust_ledger_author *author = trust_ledger_author_at(ledger, walk->author);
    if (author == NULL)
        return false;
    uint8_t best_rank = 0;
    uint32_t best = 0;
    for (uint8_t rank = RANK_REVOCATION; rank < RANK_CLASS(TRUST_REGISTER_CLASSES); rank++) {
        uint32_t slot;
        if (!find_of_rank(ledger, &slot, author, walk, rank))
            continue;
        if (best_rank != 0 && ledger->slots[slot].seq >= ledger->slots[best].seq)
            continue;
        best_rank = rank;
        best = slot;
    }
    if (best_rank == 0 || ledger->slots[best].seq > walk->to_seq)
        return false;
    walk->last = (struct trust_ledger_floor){.seq = ledger->slots[best].seq,
                                             .place = ledger->slots[best].place};
    walk->last_rank = best_rank;
    *out_slot = best;
    return true;
}

bool trust_ledger_next_author(const struct trust_ledger *ledger, uint32_t *cursor,
                              uint32_t *out_author)
{
    while (*cursor < ledger->author_pool.fresh) {
        const struct trust_ledger_author *author = &ledger->authors[(*cursor)++];
        if (author->head.count == 0)
            continue;
        *out_author = author->key;
        return true;
    }
    return false;
}

bool trust_ledger_next_left(const struct trust_ledger *ledger, uint32_t *cursor, uint32_t *out_slot)
{
    uint32_t next = *cursor == 0 ? ledger->first_left : ledger->slots[*cursor - 1].left;
    if (next == 0)
        return false;
    *cursor = next;
    *out_slot = next - 1;
    return true;
}
