/* See ledger.h. What changes it stands in ledger_apply.c, ledger_revoke.c and ledger_sweep.c. */
#include "record/ledger.h"

#include "base/assert.h"
#include "record/ledger_author.h"
#include "record/ledger_order.h"

static bool is_same(const void *context, uint32_t index, const void *key)
{
    const struct trust_ledger *ledger = context;
    return trust_register_compare(&ledger->slots[index].place, key) == 0;
}

void trust_ledger_init(struct trust_ledger *ledger, struct trust_arena *arena,
                       struct trust_keys *keys, const struct trust_ledger_limits *limits,
                       struct trust_siphash_key seed)
{
    assert(limits->author_vouches > 0);
    assert(limits->author_others > 0);
    *ledger = (struct trust_ledger){.keys = keys, .limits = *limits, .seed = seed};
    uint32_t slots = limits->registers;
    assert(slots >= 2);
    ledger->slots = trust_arena_cut(arena, slots, sizeof *ledger->slots);
    ledger->pairs = trust_arena_cut(arena, slots, sizeof *ledger->pairs);
    ledger->authors = trust_arena_cut(arena, limits->authors, sizeof *ledger->authors);
    ledger->author_of_key =
        trust_arena_cut(arena, keys->pool.capacity, sizeof *ledger->author_of_key);
    trust_pool_init(&ledger->slot_pool, arena, slots);
    trust_pool_init(&ledger->author_pool, arena, limits->authors);
    trust_table_init(&ledger->registers, arena, slots, is_same);
}

bool trust_ledger_has_author(const struct trust_ledger *ledger, uint32_t author)
{
    return trust_ledger_author_at(ledger, author) != NULL;
}

static uint64_t greatest_seq(const struct trust_ledger *ledger,
                             const struct trust_ledger_author *author)
{
    uint64_t seq = author->revocation == 0 ? 0 : ledger->slots[author->revocation - 1].seq;
    for (int class_ = 0; class_ < TRUST_REGISTER_CLASSES; class_++) {
        if (author->roots[class_] == 0)
            continue;
        uint32_t slot = trust_order_greatest(ledger, author->roots[class_]);
        if (ledger->slots[slot].seq > seq)
            seq = ledger->slots[slot].seq;
    }
    return seq;
}

struct trust_head trust_ledger_head(const struct trust_ledger *ledger, uint32_t author)
{
    const struct trust_ledger_author *kept = trust_ledger_author_at(ledger, author);
    if (kept == NULL)
        return (struct trust_head){0};
    struct trust_head head = kept->head;
    head.seq = greatest_seq(ledger, kept);
    return head;
}

bool trust_ledger_find_revocation(const struct trust_ledger *ledger,
                                  struct trust_ledger_revocation *out_revocation, uint32_t author)
{
    const struct trust_ledger_author *kept = trust_ledger_author_at(ledger, author);
    if (kept == NULL || kept->revocation == 0)
        return false;
    *out_revocation = (struct trust_ledger_revocation){
        .slot = kept->revocation - 1,
        .reason = (enum trust_revocation_reason)kept->reason,
        .last_seq = kept->last_seq,
    };
    return true;
}

struct trust_ledger_floor trust_ledger_floor(const struct trust_ledger *ledger, uint32_t author,
                                             enum trust_register_class class_)
{
    const struct trust_ledger_author *kept = trust_ledger_author_at(ledger, author);
    return kept == NULL ? (struct trust_ledger_floor){0} : kept->floors[class_];
}

uint32_t trust_ledger_count(const struct trust_ledger *ledger, uint32_t author,
                            enum trust_register_class class_)
{
    const struct trust_ledger_author *kept = trust_ledger_author_at(ledger, author);
    return kept == NULL ? 0 : kept->counts[class_];
}

struct trust_ledger_view trust_ledger_view(const struct trust_ledger *ledger, uint32_t slot)
{
    assert(slot < ledger->slot_pool.fresh);
    const struct trust_ledger_slot *held = &ledger->slots[slot];
    const struct trust_ledger_author *author = &ledger->authors[held->author];
    bool is_revocation = held->kind == TRUST_KIND_REVOCATION;
    return (struct trust_ledger_view){
        .author = author->key,
        .kind = (enum trust_kind)held->kind,
        .place = held->place,
        .seq = held->seq,
        .expires = held->expires,
        .is_void = held->is_void,
        .is_silent = !is_revocation && trust_ledger_author_silences(author, held->seq),
        .id_count = held->is_void ? 2 : 1,
        .ids = {&held->id, held->is_void ? &ledger->pairs[slot].id : NULL},
        .signatures = {&held->signature, held->is_void ? &ledger->pairs[slot].signature : NULL},
    };
}
