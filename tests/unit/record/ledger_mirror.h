/* A store and a scorer that know nothing but the effects: they must hold what the ledger holds. */
#ifndef LEDGER_MIRROR_H
#define LEDGER_MIRROR_H

#include "ledger_state.h"

#define SLOTS_MAX 80u

struct mirror {
    uint32_t stored_count;
    struct trust_claim stored[ENTRIES_MAX * 2];
    bool counts[SLOTS_MAX];
    struct trust_id counted[SLOTS_MAX]; /* the record that counts in a slot */
};

static inline uint32_t find_stored(const struct mirror *mirror, const struct trust_effect *effect)
{
    uint32_t at = 0;
    while (at < mirror->stored_count &&
           (mirror->stored[at].seq != effect->seq ||
            memcmp(&mirror->stored[at].id, &effect->id, sizeof effect->id) != 0))
        at++;
    return at;
}

static inline void erase_stored(struct mirror *mirror, uint32_t at)
{
    assert_true(at < mirror->stored_count);
    mirror->stored[at] = mirror->stored[--mirror->stored_count];
}

static inline void erase_author(struct mirror *mirror, const struct fixture *fixture,
                                const struct trust_effect *effect)
{
    const struct trust_key *key = trust_keys_at(&fixture->keys, effect->author);
    for (uint32_t i = mirror->stored_count; i-- > 0;) {
        const struct trust_claim *claim = &mirror->stored[i];
        if (memcmp(&claim->author, key, sizeof *key) == 0 &&
            memcmp(&claim->id, &effect->id, sizeof effect->id) != 0)
            erase_stored(mirror, i);
    }
}

static inline void silence(struct mirror *mirror, const struct fixture *fixture,
                           const struct trust_effect *effect)
{
    struct trust_ledger_walk walk =
        trust_ledger_walk_init(effect->author, effect->seq + 1, effect->upto_seq);
    uint32_t slot;
    while (trust_ledger_next_slot(&fixture->ledger, &walk, &slot))
        mirror->counts[slot] = false;
}

static inline void follow(struct mirror *mirror, const struct fixture *fixture,
                          const struct trust_effect *effect, const struct trust_claim *claim)
{
    uint32_t at = find_stored(mirror, effect);
    switch (effect->kind) {
    case TRUST_EFFECT_STORE:
        mirror->stored[at] = *claim;
        mirror->stored_count += at == mirror->stored_count ? 1 : 0;
        return;
    case TRUST_EFFECT_ERASE:
        erase_stored(mirror, at);
        return;
    case TRUST_EFFECT_ERASE_AUTHOR:
        erase_author(mirror, fixture, effect);
        return;
    case TRUST_EFFECT_COUNT:
        mirror->counts[effect->slot] = true;
        mirror->counted[effect->slot] = claim->id;
        return;
    case TRUST_EFFECT_IGNORE:
        assert_true(mirror->counts[effect->slot]);
        mirror->counts[effect->slot] = false;
        return;
    case TRUST_EFFECT_SILENCE:
        silence(mirror, fixture, effect);
        return;
    case TRUST_EFFECT_VOID:
        assert_true(trust_ledger_view(&fixture->ledger, effect->slot).is_void);
        return;
    case TRUST_EFFECT_REVOKE:
        assert_int_equal(trust_ledger_view(&fixture->ledger, effect->slot).kind,
                         TRUST_KIND_REVOCATION);
        return;
    }
}

static inline void follow_all(struct mirror *mirror, const struct fixture *fixture,
                              const struct trust_claim *claim)
{
    uint32_t cursor = 0;
    uint32_t slot;
    while (trust_ledger_next_left(&fixture->ledger, &cursor, &slot))
        mirror->counts[slot] = false;
    for (uint32_t i = 0; i < fixture->effects.count; i++)
        follow(mirror, fixture, &fixture->effects.items[i], claim);
}

static inline bool is_stored(const struct mirror *mirror, const struct entry *entry, uint32_t which)
{
    for (uint32_t i = 0; i < mirror->stored_count; i++) {
        const struct trust_claim *claim = &mirror->stored[i];
        if (memcmp(&claim->id, &entry->ids[which], sizeof claim->id) == 0)
            return claim->seq == entry->seq && memcmp(&claim->signature, &entry->signatures[which],
                                                      sizeof claim->signature) == 0;
    }
    return false;
}

/* The mirror holds what the ledger holds, no more and no less. */
static inline void assert_mirror(const struct mirror *mirror, const struct fixture *fixture)
{
    uint32_t stored = 0;
    uint32_t counting = 0;
    uint32_t cursor = 0;
    uint32_t author;
    while (trust_ledger_next_author(&fixture->ledger, &cursor, &author)) {
        struct trust_ledger_walk walk = trust_ledger_walk_init(author, 0, UINT64_MAX);
        uint32_t slot;
        while (trust_ledger_next_slot(&fixture->ledger, &walk, &slot)) {
            struct entry entry;
            read_slot(&entry, fixture, slot);
            for (uint32_t i = 0; i < entry.id_count; i++)
                assert_true(is_stored(mirror, &entry, i));
            stored += entry.id_count;
            bool counts = entry.kind != TRUST_KIND_REVOCATION && entry.flags == 0;
            assert_int_equal(mirror->counts[slot], counts);
            if (counts)
                assert_memory_equal(&mirror->counted[slot], &entry.ids[0], sizeof entry.ids[0]);
            counting += counts ? 1 : 0;
        }
    }
    assert_int_equal(stored, mirror->stored_count);
    for (uint32_t slot = 0; slot < SLOTS_MAX; slot++)
        counting -= mirror->counts[slot] ? 1 : 0;
    assert_int_equal(counting, 0);
}

#endif
