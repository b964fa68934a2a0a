/*
 * A node for tests: keys, ledger, gossip machine and a store that follows the ledger's effects. It
 * does what the engine and the shell do, at once and without cryptography.
 */
#ifndef NODE_H
#define NODE_H

#include <stdlib.h>

#include "gossip/gossip.h"
#include "record/ledger.h"
#include "record/sodium.h"
#include "record/verify.h"
#include "statements.h"

#define NODE_KEYS 4096u
#define NODE_REGISTERS 4096u
#define NODE_STORED_MAX 4096u

struct stored {
    struct trust_id id;
    struct statement statement;
};

struct node {
    uint8_t *memory;
    struct trust_keys keys;
    struct trust_ledger ledger;
    struct trust_gossip *gossip;
    struct stored *stored; /* ordered by (author, seq, id) */
    uint32_t stored_count;
    uint32_t verified; /* VERIFY actions seen */
    struct trust_network network;
    struct trust_key key;
};

static inline struct trust_gossip *cut_node(struct node *node, struct trust_arena *arena,
                                            uint64_t seed, bool relays, struct trust_now now)
{
    struct trust_siphash_key secret = {.low = seed, .high = 7};
    struct trust_ledger_limits limits = {.authors = 1024,
                                         .registers = NODE_REGISTERS,
                                         .author_vouches = TRUST_AUTHOR_VOUCHES_MAX,
                                         .author_others = TRUST_AUTHOR_OTHERS_MAX};
    struct trust_gossip_config config = {.ledger = &node->ledger,
                                         .network = node->network,
                                         .key = node->key,
                                         .seed = seed,
                                         .relays = relays,
                                         .interest_max = 8192};
    trust_keys_init(&node->keys, arena, NODE_KEYS, secret);
    trust_ledger_init(&node->ledger, arena, &node->keys, &limits, secret);
    return trust_gossip_init(arena, &config, now);
}

static inline void open_node(struct node *node, uint64_t number, uint64_t seed, bool relays,
                             struct trust_now now)
{
    *node = (struct node){.network = {{'t', 'e', 's', 't'}}, .key = key_of(1000000 + number)};
    struct trust_arena arena = {0};
    assert_null(cut_node(node, &arena, seed, relays, now));
    size_t size = arena.size;
    node->memory = calloc(1, size);
    assert_non_null(node->memory);
    arena = (struct trust_arena){.memory = node->memory, .capacity = size};
    node->gossip = cut_node(node, &arena, seed, relays, now);
    assert_int_equal(arena.size, size);
    node->stored = calloc(NODE_STORED_MAX, sizeof *node->stored);
    assert_non_null(node->stored);
}

static inline void close_node(struct node *node)
{
    free(node->stored);
    free(node->memory);
    *node = (struct node){0};
}

static inline int compare_stored(const struct stored *a, const struct trust_key *author,
                                 uint64_t seq, const struct trust_id *id)
{
    int order = memcmp(&a->statement.author, author, sizeof *author);
    if (order != 0)
        return order;
    if (a->statement.seq != seq)
        return a->statement.seq < seq ? -1 : 1;
    return memcmp(&a->id, id, sizeof *id);
}

/* The first stored record that is not less. */
static inline uint32_t find_stored(const struct node *node, const struct trust_key *author,
                                   uint64_t seq, const struct trust_id *id)
{
    uint32_t low = 0;
    uint32_t high = node->stored_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (compare_stored(&node->stored[middle], author, seq, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static inline void erase_at(struct node *node, uint32_t at)
{
    assert_true(at < node->stored_count);
    memmove(&node->stored[at], &node->stored[at + 1],
            (node->stored_count - at - 1) * sizeof *node->stored);
    node->stored_count--;
}

static inline void store(struct node *node, const struct trust_id *id,
                         const struct statement *statement)
{
    uint32_t at = find_stored(node, &statement->author, statement->seq, id);
    bool is_there = at < node->stored_count &&
                    compare_stored(&node->stored[at], &statement->author, statement->seq, id) == 0;
    if (!is_there) {
        assert_true(node->stored_count < NODE_STORED_MAX);
        memmove(&node->stored[at + 1], &node->stored[at],
                (node->stored_count - at) * sizeof *node->stored);
        node->stored_count++;
    }
    node->stored[at] = (struct stored){.id = *id, .statement = *statement};
}

static inline void erase_author(struct node *node, const struct trust_key *author,
                                const struct trust_id *spared)
{
    for (uint32_t i = node->stored_count; i-- > 0;)
        if (memcmp(&node->stored[i].statement.author, author, sizeof *author) == 0 &&
            memcmp(&node->stored[i].id, spared, sizeof *spared) != 0)
            erase_at(node, i);
}

static inline void follow(struct node *node, const struct trust_effect *effect,
                          const struct statement *applied)
{
    struct trust_key author = *trust_keys_at(&node->keys, effect->author);
    if (effect->kind == TRUST_EFFECT_STORE)
        store(node, &effect->id, applied);
    if (effect->kind == TRUST_EFFECT_ERASE)
        erase_at(node, find_stored(node, &author, effect->seq, &effect->id));
    if (effect->kind == TRUST_EFFECT_ERASE_AUTHOR)
        erase_author(node, &author, &effect->id);
}

/* The other half of the void pair that a record made; size 0: none. */
static inline struct trust_bytes rival_of(const struct node *node,
                                          const struct trust_effects *effects,
                                          const struct trust_claim *claim)
{
    for (uint32_t i = 0; i < effects->count; i++) {
        if (effects->items[i].kind != TRUST_EFFECT_VOID)
            continue;
        struct trust_ledger_view view = trust_ledger_view(&node->ledger, effects->items[i].slot);
        bool is_first = memcmp(view.ids[0], &claim->id, sizeof claim->id) == 0;
        const struct trust_id *other = view.ids[is_first ? 1 : 0];
        uint32_t at = find_stored(node, &claim->author, claim->seq, other);
        return bytes_of(&node->stored[at].statement);
    }
    return (struct trust_bytes){0};
}

/* The one door behind the signature: applies, stores, and tells whether it was new. */
static inline enum trust_error apply(struct node *node, struct trust_accepted *out_accepted,
                                     const struct trust_claim *claim,
                                     const struct statement *statement)
{
    static struct trust_effects effects;
    enum trust_error verdict = trust_ledger_apply(&node->ledger, &effects, claim);
    if (verdict != TRUST_OK)
        return verdict;
    for (uint32_t i = 0; i < effects.count; i++)
        follow(node, &effects.items[i], statement);
    *out_accepted = (struct trust_accepted){.bytes = bytes_of(statement),
                                            .author = claim->author,
                                            .kind = claim->kind,
                                            .place = claim->place,
                                            .rival = rival_of(node, &effects, claim)};
    return TRUST_OK;
}

/* Answers a READ from the store into buffer. */
static inline struct trust_loaded
load(const struct node *node, const struct trust_gossip_read *read, struct trust_writer *buffer)
{
    const struct trust_pull_range *range = &read->range;
    struct trust_id from = {{0}};
    if (range->has_after)
        from = range->after;
    struct trust_loaded loaded = {.ticket = read->ticket};
    uint32_t at = find_stored(node, &range->author, range->from_seq, &from);
    for (; at < node->stored_count; at++) {
        const struct stored *stored = &node->stored[at];
        if (memcmp(&stored->statement.author, &range->author, 32) != 0 ||
            stored->statement.seq > range->to_seq)
            break;
        if (range->has_after && stored->statement.seq == range->from_seq &&
            memcmp(&stored->id, &range->after, 32) == 0)
            continue;
        if (buffer->size + 2 + stored->statement.size > read->size_max) {
            loaded.more = true;
            break;
        }
        trust_writer_put_be(buffer, stored->statement.size, 2);
        trust_writer_put(buffer, bytes_of(&stored->statement));
    }
    loaded.records = trust_writer_bytes(buffer);
    return loaded;
}

#endif
