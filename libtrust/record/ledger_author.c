/* See ledger_author.h. */
#include "record/ledger_author.h"

#include "base/assert.h"
#include "record/ledger_order.h"

static uint32_t tag_of(const struct trust_ledger *ledger, const struct trust_register *place)
{
    return trust_table_tag(trust_siphash(
        &ledger->seed, (struct trust_bytes){.data = place->digest, .size = sizeof place->digest}));
}

bool trust_ledger_find_slot(const struct trust_ledger *ledger, uint32_t *out_slot,
                            const struct trust_register *place)
{
    return trust_table_find(&ledger->registers, out_slot, tag_of(ledger, place), ledger, place);
}

bool trust_ledger_find_or_ready(const struct trust_ledger *ledger, uint32_t *out_slot,
                                const struct trust_register *place)
{
    return trust_table_find_or_ready(&ledger->registers, out_slot, tag_of(ledger, place), ledger,
                                     place);
}

struct trust_ledger_author *trust_ledger_author_at(const struct trust_ledger *ledger, uint32_t key)
{
    if (key >= ledger->keys->pool.capacity || ledger->author_of_key[key] == 0)
        return NULL;
    return &ledger->authors[ledger->author_of_key[key] - 1];
}

struct trust_ledger_author *trust_ledger_author_find(const struct trust_ledger *ledger,
                                                     const struct trust_key *key)
{
    uint32_t index;
    if (!trust_keys_find(ledger->keys, &index, key))
        return NULL;
    return trust_ledger_author_at(ledger, index);
}

enum trust_error trust_ledger_author_open(struct trust_ledger *ledger,
                                          struct trust_ledger_author **out_author,
                                          const struct trust_key *key)
{
    struct trust_ledger_author *author = trust_ledger_author_find(ledger, key);
    if (author != NULL) {
        *out_author = author;
        return TRUST_OK;
    }
    uint32_t index;
    uint32_t key_index;
    enum trust_error error = trust_keys_hold(ledger->keys, &key_index, key);
    if (error != TRUST_OK)
        return error;
    if (!trust_pool_take(&ledger->author_pool, &index)) {
        trust_keys_release(ledger->keys, key_index);
        return TRUST_NO_ROOM;
    }
    ledger->author_of_key[key_index] = index + 1;
    ledger->authors[index] = (struct trust_ledger_author){.key = key_index};
    *out_author = &ledger->authors[index];
    return TRUST_OK;
}

/* Takes the records of a slot into its author's head. */
static void add_to_head(struct trust_ledger *ledger, uint32_t slot)
{
    const struct trust_ledger_slot *held = &ledger->slots[slot];
    struct trust_head *head = &ledger->authors[held->author].head;
    trust_head_add(head, &held->id, &held->signature);
    if (held->is_void)
        trust_head_add(head, &ledger->pairs[slot].id, &ledger->pairs[slot].signature);
}

static void remove_from_head(struct trust_ledger *ledger, uint32_t slot)
{
    const struct trust_ledger_slot *held = &ledger->slots[slot];
    struct trust_head *head = &ledger->authors[held->author].head;
    trust_head_remove(head, &held->id, &held->signature);
    if (held->is_void)
        trust_head_remove(head, &ledger->pairs[slot].id, &ledger->pairs[slot].signature);
}

/* Links a slot into its author by its kind, seq and place. */
static void enter(struct trust_ledger *ledger, uint32_t slot)
{
    const struct trust_ledger_slot *held = &ledger->slots[slot];
    struct trust_ledger_author *author = &ledger->authors[held->author];
    if (held->kind == TRUST_KIND_REVOCATION) {
        author->revocation = slot + 1;
        return;
    }
    enum trust_register_class class_ = trust_register_class((enum trust_kind)held->kind);
    trust_order_add(ledger, &author->roots[class_], slot);
    author->counts[class_]++;
}

static void withdraw(struct trust_ledger *ledger, uint32_t slot)
{
    const struct trust_ledger_slot *held = &ledger->slots[slot];
    struct trust_ledger_author *author = &ledger->authors[held->author];
    if (held->kind == TRUST_KIND_REVOCATION) {
        author->revocation = 0;
        return;
    }
    enum trust_register_class class_ = trust_register_class((enum trust_kind)held->kind);
    trust_order_remove(ledger, &author->roots[class_], slot);
    author->counts[class_]--;
}

static void fill(struct trust_ledger *ledger, uint32_t slot, const struct trust_claim *claim)
{
    struct trust_ledger_slot *held = &ledger->slots[slot];
    held->id = claim->id;
    held->signature = claim->signature;
    held->seq = claim->seq;
    held->expires = claim->expires;
    held->is_void = false;
    enter(ledger, slot);
    add_to_head(ledger, slot);
    if (claim->kind != TRUST_KIND_REVOCATION)
        return;
    ledger->authors[held->author].last_seq = claim->last_seq;
    ledger->authors[held->author].reason = (uint8_t)claim->reason;
}

uint32_t trust_ledger_slot_open(struct trust_ledger *ledger, struct trust_ledger_author *author,
                                const struct trust_claim *claim)
{
    uint32_t slot;
    bool has_room = trust_pool_take(&ledger->slot_pool, &slot);
    assert(has_room);
    ledger->slots[slot] = (struct trust_ledger_slot){
        .place = claim->place,
        .author = (uint32_t)(author - ledger->authors),
        .kind = (uint8_t)claim->kind,
    };
    trust_table_add(&ledger->registers, tag_of(ledger, &claim->place), slot);
    fill(ledger, slot, claim);
    return slot;
}

void trust_ledger_slot_replace(struct trust_ledger *ledger, uint32_t slot,
                               const struct trust_claim *claim)
{
    assert(trust_register_compare(&ledger->slots[slot].place, &claim->place) == 0);
    remove_from_head(ledger, slot);
    withdraw(ledger, slot);
    fill(ledger, slot, claim);
}

void trust_ledger_slot_join(struct trust_ledger *ledger, uint32_t slot,
                            const struct trust_claim *claim)
{
    struct trust_ledger_slot *held = &ledger->slots[slot];
    struct trust_ledger_pair *pair = &ledger->pairs[slot];
    assert(held->seq == claim->seq);
    remove_from_head(ledger, slot);
    int order = memcmp(&claim->id, &held->id, sizeof claim->id);
    if (order < 0) {
        *pair = (struct trust_ledger_pair){.id = held->id, .signature = held->signature};
        held->id = claim->id;
        held->expires = claim->expires;
        held->is_void = true;
    }
    if (order <= 0)
        held->signature = claim->signature;
    if (order > 0) {
        *pair = (struct trust_ledger_pair){.id = claim->id, .signature = claim->signature};
        held->is_void = true;
    }
    add_to_head(ledger, slot);
}

/* An author without records is no author any more. */
static void leave_author(struct trust_ledger *ledger, uint32_t index)
{
    struct trust_ledger_author *author = &ledger->authors[index];
    ledger->author_of_key[author->key] = 0;
    author->next_left = ledger->first_left_author;
    ledger->first_left_author = index + 1;
    ledger->left_author_count++;
}

void trust_ledger_slot_leave(struct trust_ledger *ledger, uint32_t slot)
{
    struct trust_ledger_slot *held = &ledger->slots[slot];
    trust_table_remove(&ledger->registers, tag_of(ledger, &held->place), slot);
    remove_from_head(ledger, slot);
    withdraw(ledger, slot);
    held->left = ledger->first_left;
    ledger->first_left = slot + 1;
    ledger->left_count++;
    if (ledger->authors[held->author].head.count == 0)
        leave_author(ledger, held->author);
}

void trust_ledger_settle(struct trust_ledger *ledger)
{
    while (ledger->first_left != 0) {
        uint32_t slot = ledger->first_left - 1;
        ledger->first_left = ledger->slots[slot].left;
        trust_pool_give(&ledger->slot_pool, slot);
    }
    while (ledger->first_left_author != 0) {
        uint32_t index = ledger->first_left_author - 1;
        ledger->first_left_author = ledger->authors[index].next_left;
        trust_keys_release(ledger->keys, ledger->authors[index].key);
        trust_pool_give(&ledger->author_pool, index);
    }
    ledger->left_count = 0;
    ledger->left_author_count = 0;
}

bool trust_ledger_slot_counts(const struct trust_ledger *ledger, uint32_t slot)
{
    const struct trust_ledger_slot *held = &ledger->slots[slot];
    return held->kind != TRUST_KIND_REVOCATION && !held->is_void &&
           !trust_ledger_author_silences(&ledger->authors[held->author], held->seq);
}

void trust_ledger_author_raise_floor(const struct trust_ledger *ledger,
                                     struct trust_ledger_author *author,
                                     enum trust_register_class class_)
{
    if (author->counts[class_] < trust_ledger_class_limit(ledger, class_))
        return;
    const struct trust_ledger_slot *least =
        &ledger->slots[trust_order_least(ledger, author->roots[class_])];
    assert(trust_order_compare(least, &author->floors[class_]) >= 0);
    author->floors[class_] = (struct trust_ledger_floor){.seq = least->seq, .place = least->place};
}

uint32_t trust_ledger_class_limit(const struct trust_ledger *ledger,
                                  enum trust_register_class class_)
{
    switch (class_) {
    case TRUST_REGISTER_VOUCHES:
        return ledger->limits.author_vouches;
    case TRUST_REGISTER_OTHERS:
        return ledger->limits.author_others;
    }
    return 0;
}
