/*
 * What a change of the ledger means to the store and to the scorer: a short list of effects.
 *
 * Together with the slots that left (trust_ledger_next_left) it is complete: a store and a scorer
 * that follow it hold exactly what the ledger holds. One apply writes at most
 * TRUST_EFFECTS_APPLY_MAX of them, in the order in which the store must do them.
 *
 * For the store: STORE, ERASE, ERASE_AUTHOR, and after them the author's new head
 * (trust_ledger_head). For the scorer: drop every slot that left, then COUNT, IGNORE, SILENCE and
 * REVOKE. Expiry is no effect: a slot carries `expires`, and the scorer watches it.
 */
#ifndef TRUST_RECORD_EFFECT_H
#define TRUST_RECORD_EFFECT_H

#include <stdint.h>

#include "trust/record.h"

#include "record/register.h"

enum trust_effect_kind {
    /* Store the applied record under (author, seq, id); it overwrites bytes of the same id whose
     * signature was greater. */
    TRUST_EFFECT_STORE,
    /* Erase the stored record (author, seq, id). */
    TRUST_EFFECT_ERASE,
    /* Erase every stored record of the author, but spare its revocation (seq, id) unless the id is
     * all zeros. Where a new revocation is the cause, its STORE follows. */
    TRUST_EFFECT_ERASE_AUTHOR,
    /* The slot now holds the applied record, which counts, in place of whatever it held. */
    TRUST_EFFECT_COUNT,
    /* The slot counted and counts no longer: it is void, or silent behind a revocation. */
    TRUST_EFFECT_IGNORE,
    /* The slot became void: its two records are a proof of equivocation. */
    TRUST_EFFECT_VOID,
    /* Every slot of the author with seq < its seq <= upto_seq counts no longer; walk them with
     * trust_ledger_next_slot and drop those that are not void. */
    TRUST_EFFECT_SILENCE,
    /* The slot now holds the applied record, the author's revocation. */
    TRUST_EFFECT_REVOKE,
};

struct trust_effect {
    enum trust_effect_kind kind;
    uint32_t author; /* index in trust_keys, held until the next change of the ledger */
    uint32_t slot;   /* of COUNT, IGNORE, VOID, REVOKE; and of STORE and ERASE: where it was held */
    struct trust_register place; /* of STORE and ERASE */
    uint64_t seq;                /* of STORE, ERASE, ERASE_AUTHOR; lower bound of SILENCE */
    uint64_t upto_seq;           /* of SILENCE */
    struct trust_id id;          /* of STORE, ERASE, ERASE_AUTHOR */
};

/* Two erased records, one stored, one slot told; or the same of a revocation. */
#define TRUST_EFFECTS_APPLY_MAX 4
/* One list: enough for a sweep to drop some 30 registers a call; 6 KiB. */
#define TRUST_EFFECTS_MAX 64

struct trust_effects {
    uint32_t count;
    struct trust_effect items[TRUST_EFFECTS_MAX];
};

#endif
