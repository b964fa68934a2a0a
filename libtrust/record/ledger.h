/*
 * The ledger: all registers of all kept authors, as a join. docs/reference/protocol.md, "How
 * records of an author are merged", is the rule; whatever the order, duplication or batching in
 * which the same records come, the ledger ends in the same state.
 *
 * It holds no record bytes, only what merging needs: of each register its digest, seq and the one
 * or two least ids with their signatures. A register held is a *slot*, a u32 that is stable while
 * the register is held. The ledger knows no interest, weight or signature: the engine asks `judge`
 * before the signature check, `apply` after it, and carries the effects to store and scorer.
 *
 * Slots and authors that leave in a call stay readable until the next changing call (apply, sweep,
 * drop, forget), so that the scorer can let go of them: see trust_ledger_next_left.
 *
 * Memory: a register costs 159 to 170 bytes when the ledger is full, a void pair 96 more, an author
 * 140 and each index of trust_keys 4; all of it lazily touched in the arena.
 */
#ifndef TRUST_RECORD_LEDGER_H
#define TRUST_RECORD_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/time.h"

#include "base/arena.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/table.h"
#include "record/claim.h"
#include "record/effect.h"
#include "record/head.h"
#include "record/keys.h"

/* Of the slots one in 64 is kept back for revocations, which travel when nothing else has room, and
 * one for a register that comes before the one it pushes out has left. */
struct trust_ledger_limits {
    uint32_t authors;        /* kept authors; TRUST_AUTHORS_MAX at most */
    uint32_t registers;      /* slots of all authors: every slot is below it */
    uint32_t author_vouches; /* TRUST_AUTHOR_VOUCHES_MAX but in tests */
    uint32_t author_others;  /* TRUST_AUTHOR_OTHERS_MAX but in tests */
};

struct trust_ledger_slot;
struct trust_ledger_pair;
struct trust_ledger_author;

struct trust_ledger {
    struct trust_keys *keys;
    struct trust_ledger_slot *slots;
    struct trust_ledger_pair *pairs; /* by slot: the second record of a void register */
    struct trust_ledger_author *authors;
    uint32_t *author_of_key; /* by key index: author + 1; 0: not kept */
    struct trust_pool slot_pool;
    struct trust_pool author_pool;
    struct trust_table registers;
    struct trust_ledger_limits limits;
    struct trust_siphash_key seed;
    uint32_t first_left; /* slot + 1: the chain of slots that left in the last call */
    uint32_t left_count;
    uint32_t first_left_author; /* author + 1: likewise */
    uint32_t left_author_count;
    uint32_t sweep_author; /* where the sweep goes on */
};

/* A register as it stands. Pointers last until the next changing call. */
struct trust_ledger_view {
    uint32_t author; /* index in trust_keys */
    enum trust_kind kind;
    struct trust_register place;
    uint64_t seq;
    uint64_t expires;  /* of its record; of no meaning when void */
    bool is_void;      /* two records of the greatest seq: the proof of equivocation */
    bool is_silent;    /* above last_seq of its author's revocation */
    uint32_t id_count; /* 1, or 2 when void; the least id first */
    const struct trust_id *ids[2];
    const struct trust_signature *signatures[2];
};

/* What an author's revocation says. */
struct trust_ledger_revocation {
    uint32_t slot;
    enum trust_revocation_reason reason;
    uint64_t last_seq;
};

/* The least (seq, digest) that a new register may have; all zeros: no floor yet. */
struct trust_ledger_floor {
    uint64_t seq;
    struct trust_register place;
};

/* Cuts the ledger from zeroed memory; measures only if the arena does. keys is held by the caller,
 * initialised before, and outlives the ledger. */
void trust_ledger_init(struct trust_ledger *ledger, struct trust_arena *arena,
                       struct trust_keys *keys, const struct trust_ledger_limits *limits,
                       struct trust_siphash_key seed);

/*
 * The cheap verdict before the signature check; changes nothing.
 * TRUST_NO_TIME: more than 600 s ahead. TRUST_NO_OLDER: its register or floor holds a greater one,
 * a third id of a void seq, a losing revocation, or its place has ended. TRUST_NO_DUPLICATE: its id
 * is held with this or a lesser signature. TRUST_NO_REVOKED: its author is compromised.
 * TRUST_NO_ROOM: it would need an author, key or slot more than there are.
 */
TRUST_MUST_USE enum trust_error trust_ledger_judge(const struct trust_ledger *ledger,
                                                   const struct trust_claim *claim,
                                                   struct trust_wall now);

/*
 * Joins a verified record and writes what follows from it. It takes no clock: a record that was
 * accepted once is loaded again whatever the clock says. Same verdicts as judge but TRUST_NO_TIME
 * and ended places; on any of them nothing changes, and the effects are empty.
 */
TRUST_MUST_USE enum trust_error trust_ledger_apply(struct trust_ledger *ledger,
                                                   struct trust_effects *out_effects,
                                                   const struct trust_claim *claim);

/*
 * Drops registers whose place has ended, looking at up to budget authors from where the last sweep
 * stopped. Returns the number of authors done with; less than budget says that the list is full or
 * the round is over: then *out_is_over is true, and the next call starts from the beginning.
 */
uint32_t trust_ledger_sweep(struct trust_ledger *ledger, struct trust_effects *out_effects,
                            bool *out_is_over, uint32_t budget, struct trust_wall now);

/* Drops an author whole but for its revocation; its floors are forgotten. An author that is not
 * kept is left alone. */
void trust_ledger_drop(struct trust_ledger *ledger, struct trust_effects *out_effects,
                       uint32_t author);

/*
 * Lets go of the register that holds this record, since the store has lost its bytes: whoever still
 * has it can bring it again, which at a floor that never falls is as good as the first time. Of a
 * void pair both go, so that neither counts meanwhile. A revocation is kept: its author must not be
 * believed again; and what is not held is left alone.
 */
void trust_ledger_forget(struct trust_ledger *ledger, struct trust_effects *out_effects,
                         uint32_t author, uint64_t seq, const struct trust_id *id);

/* True if anything of the author is held. author is an index in trust_keys here and below. */
bool trust_ledger_has_author(const struct trust_ledger *ledger, uint32_t author);

/* Iterates the kept authors: start with *cursor = 0, ends with false. */
bool trust_ledger_next_author(const struct trust_ledger *ledger, uint32_t *cursor,
                              uint32_t *out_author);

/* The author's head; all zeros if it is not kept. */
struct trust_head trust_ledger_head(const struct trust_ledger *ledger, uint32_t author);

/* Writes the author's revocation and returns true, or returns false. */
bool trust_ledger_find_revocation(const struct trust_ledger *ledger,
                                  struct trust_ledger_revocation *out_revocation, uint32_t author);

struct trust_ledger_floor trust_ledger_floor(const struct trust_ledger *ledger, uint32_t author,
                                             enum trust_register_class class_);

/* How many registers of the class the author holds. */
uint32_t trust_ledger_count(const struct trust_ledger *ledger, uint32_t author,
                            enum trust_register_class class_);

/* Writes the slot that holds a register and returns true, or returns false. */
bool trust_ledger_find_slot(const struct trust_ledger *ledger, uint32_t *out_slot,
                            const struct trust_register *place);

/* A held slot, or one that left in the last call. */
struct trust_ledger_view trust_ledger_view(const struct trust_ledger *ledger, uint32_t slot);

/*
 * A walk over one author's slots from one seq to another, both included, in ascending order of seq,
 * the revocation among them. It stands on the order, not on links: the ledger may change between
 * two steps.
 */
struct trust_ledger_walk {
    uint32_t author;
    uint64_t to_seq;
    struct trust_ledger_floor last; /* the position shown last */
    uint8_t last_rank;              /* of equal seqs: 1 revocation, 2 vouch, 3 other; 0: none yet */
};

struct trust_ledger_walk trust_ledger_walk_init(uint32_t author, uint64_t from_seq,
                                                uint64_t to_seq);

/* Writes the next slot and returns true, or returns false. O(log n). */
bool trust_ledger_next_slot(const struct trust_ledger *ledger, struct trust_ledger_walk *walk,
                            uint32_t *out_slot);

/* Iterates the slots that left in the last changing call, in no order: start with *cursor = 0. */
bool trust_ledger_next_left(const struct trust_ledger *ledger, uint32_t *cursor,
                            uint32_t *out_slot);

#endif
