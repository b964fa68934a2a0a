/* The whole state of a small ledger, read out of it through its own walk, in a form to compare. */
#ifndef LEDGER_STATE_H
#define LEDGER_STATE_H

#include "ledger_history.h"

#define ENTRIES_MAX 64u

struct entry {
    uint8_t author;
    uint8_t kind;
    uint8_t flags; /* 1 void, 2 silent */
    uint8_t id_count;
    struct trust_register place;
    uint64_t seq;
    struct trust_id ids[2];
    struct trust_signature signatures[2];
};

struct state {
    uint32_t count;
    struct entry entries[ENTRIES_MAX];
    struct trust_head heads[AUTHORS];
    struct trust_ledger_floor floors[AUTHORS][TRUST_REGISTER_CLASSES];
};

static inline int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    if (left->author != right->author)
        return left->author < right->author ? -1 : 1;
    return trust_register_compare(&left->place, &right->place);
}

static inline int compare_newest_first(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    if (left->seq != right->seq)
        return left->seq > right->seq ? -1 : 1;
    return trust_register_compare(&right->place, &left->place);
}

static inline void read_slot(struct entry *out_entry, const struct fixture *fixture, uint32_t slot)
{
    struct trust_ledger_view view = trust_ledger_view(&fixture->ledger, slot);
    memset(out_entry, 0, sizeof *out_entry);
    out_entry->author = trust_keys_at(&fixture->keys, view.author)->bytes[0];
    out_entry->kind = (uint8_t)view.kind;
    out_entry->flags = (uint8_t)((view.is_void ? 1 : 0) | (view.is_silent ? 2 : 0));
    out_entry->id_count = (uint8_t)view.id_count;
    out_entry->place = view.place;
    out_entry->seq = view.seq;
    for (uint32_t i = 0; i < view.id_count; i++) {
        out_entry->ids[i] = *view.ids[i];
        out_entry->signatures[i] = *view.signatures[i];
    }
}

static inline void read_state(struct state *out_state, const struct fixture *fixture)
{
    memset(out_state, 0, sizeof *out_state);
    for (uint8_t n = 0; n < AUTHORS; n++) {
        uint32_t author = author_of(fixture, (uint8_t)(n + 1));
        out_state->heads[n] = trust_ledger_head(&fixture->ledger, author);
        for (int class_ = 0; class_ < TRUST_REGISTER_CLASSES; class_++)
            out_state->floors[n][class_] =
                trust_ledger_floor(&fixture->ledger, author, (enum trust_register_class)class_);
        struct trust_ledger_walk walk = trust_ledger_walk_init(author, 0, UINT64_MAX);
        uint32_t slot;
        while (trust_ledger_next_slot(&fixture->ledger, &walk, &slot)) {
            assert_true(out_state->count < ENTRIES_MAX);
            read_slot(&out_state->entries[out_state->count++], fixture, slot);
        }
    }
    qsort(out_state->entries, out_state->count, sizeof *out_state->entries, compare_entries);
}

#endif
