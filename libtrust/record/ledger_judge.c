/* See ledger_judge.h, and ledger.h for trust_ledger_judge. */
#include "record/ledger_judge.h"

#include <string.h>

#include "record/ledger_author.h"
#include "record/ledger_order.h"
#include "record/life.h"

/* protocol: Of two valid signatures on one body the lesser bytes are kept; the same or a greater
 * one is `TRUST_NO_DUPLICATE`. */
static enum trust_error judge_signature(const struct trust_signature *held,
                                        const struct trust_claim *claim)
{
    return memcmp(&claim->signature, held, sizeof *held) < 0 ? TRUST_OK : TRUST_NO_DUPLICATE;
}

/* What left in the last call is free as soon as the next one begins. */
static bool has_slot(const struct trust_ledger *ledger, const struct trust_claim *claim)
{
    uint32_t used = ledger->slot_pool.count - ledger->left_count;
    uint32_t kept_back = 1;
    if (claim->kind != TRUST_KIND_REVOCATION)
        kept_back += ledger->limits.registers / 64;
    return used < ledger->limits.registers - kept_back;
}

/* One that erases all of the author makes its own room. */
static enum trust_error judge_first_revocation(const struct trust_ledger *ledger,
                                               const struct trust_claim *claim)
{
    bool has_room = claim->reason == TRUST_REVOKED_COMPROMISED || has_slot(ledger, claim);
    return has_room ? TRUST_OK : TRUST_NO_ROOM;
}

/* protocol: The register of a revocation is held by the least last_seq, then by the least id. */
static enum trust_error judge_revocation(const struct trust_ledger *ledger,
                                         const struct trust_ledger_author *author,
                                         const struct trust_claim *claim)
{
    if (author->revocation == 0)
        return judge_first_revocation(ledger, claim);
    const struct trust_ledger_slot *held = &ledger->slots[author->revocation - 1];
    int order = memcmp(&claim->id, &held->id, sizeof held->id);
    if (order == 0)
        return judge_signature(&held->signature, claim);
    if (claim->last_seq != author->last_seq)
        return claim->last_seq < author->last_seq ? TRUST_OK : TRUST_NO_OLDER;
    return order < 0 ? TRUST_OK : TRUST_NO_OLDER;
}

/* A register that is held, by a record of whatever seq. */
static enum trust_error judge_held(const struct trust_ledger *ledger, uint32_t slot,
                                   const struct trust_claim *claim)
{
    const struct trust_ledger_slot *held = &ledger->slots[slot];
    if (claim->seq != held->seq)
        return claim->seq > held->seq ? TRUST_OK : TRUST_NO_OLDER;
    if (memcmp(&claim->id, &held->id, sizeof held->id) == 0)
        return judge_signature(&held->signature, claim);
    if (!held->is_void)
        return TRUST_OK;
    const struct trust_ledger_pair *pair = &ledger->pairs[slot];
    int order = memcmp(&claim->id, &pair->id, sizeof pair->id);
    if (order == 0)
        return judge_signature(&pair->signature, claim);
    return order < 0 ? TRUST_OK : TRUST_NO_OLDER;
}

static enum trust_error judge_new(const struct trust_ledger *ledger,
                                  const struct trust_ledger_author *author,
                                  const struct trust_claim *claim)
{
    enum trust_register_class class_ = trust_register_class(claim->kind);
    const struct trust_ledger_floor *floor = &author->floors[class_];
    if (claim->seq < floor->seq)
        return TRUST_NO_OLDER;
    if (claim->seq == floor->seq && trust_register_compare(&claim->place, &floor->place) < 0)
        return TRUST_NO_OLDER;
    /* At the limit the least register gives its room. */
    if (author->counts[class_] >= trust_ledger_class_limit(ledger, class_))
        return TRUST_OK;
    return has_slot(ledger, claim) ? TRUST_OK : TRUST_NO_ROOM;
}

/* An author of whom nothing is held needs a key, an author and a slot. */
static enum trust_error judge_stranger(const struct trust_ledger *ledger,
                                       const struct trust_claim *claim)
{
    uint32_t index;
    if (!has_slot(ledger, claim))
        return TRUST_NO_ROOM;
    if (ledger->author_pool.count - ledger->left_author_count >= ledger->limits.authors)
        return TRUST_NO_ROOM;
    bool has_key = !trust_table_is_full(&ledger->keys->table) || ledger->left_author_count > 0 ||
                   trust_keys_find(ledger->keys, &index, &claim->author);
    return has_key ? TRUST_OK : TRUST_NO_ROOM;
}

enum trust_error trust_ledger_judge_join(const struct trust_ledger *ledger,
                                         const struct trust_claim *claim)
{
    const struct trust_ledger_author *author = trust_ledger_author_find(ledger, &claim->author);
    if (author == NULL)
        return judge_stranger(ledger, claim);
    if (claim->kind == TRUST_KIND_REVOCATION)
        return judge_revocation(ledger, author, claim);
    if (trust_ledger_author_is_compromised(author))
        return TRUST_NO_REVOKED;
    uint32_t slot;
    if (trust_ledger_find_or_ready(ledger, &slot, &claim->place))
        return judge_held(ledger, slot, claim);
    return judge_new(ledger, author, claim);
}

enum trust_error trust_ledger_judge(const struct trust_ledger *ledger,
                                    const struct trust_claim *claim, struct trust_wall now)
{
    const struct trust_record record = {.kind = claim->kind, .seq = claim->seq};
    if (trust_record_is_ahead(&record, now))
        return TRUST_NO_TIME;
    if (trust_record_is_past_place(&record, now))
        return TRUST_NO_OLDER;
    return trust_ledger_judge_join(ledger, claim);
}
