/* What the state of a ledger must be: by brute force over the whole set of records, without order,
 * without increments. */
#ifndef LEDGER_EXPECTED_H
#define LEDGER_EXPECTED_H

#include "ledger_state.h"

static inline void join_id(struct entry *entry, const struct trust_claim *claim)
{
    for (uint32_t i = 0; i < entry->id_count; i++) {
        if (memcmp(&entry->ids[i], &claim->id, sizeof claim->id) != 0)
            continue;
        if (memcmp(&claim->signature, &entry->signatures[i], sizeof claim->signature) < 0)
            entry->signatures[i] = claim->signature;
        return;
    }
    uint32_t at = entry->id_count;
    while (at > 0 && memcmp(&claim->id, &entry->ids[at - 1], sizeof claim->id) < 0)
        at--;
    if (at == 2)
        return;
    if (at == 0) {
        entry->ids[1] = entry->ids[0];
        entry->signatures[1] = entry->signatures[0];
    }
    entry->ids[at] = claim->id;
    entry->signatures[at] = claim->signature;
    if (entry->id_count < 2)
        entry->id_count++;
}

/* True if the claim, a revocation, is less than the entry's, whose last_seq is given. */
static inline bool wins(const struct trust_claim *claim, const struct entry *entry,
                        uint64_t last_seq)
{
    if (claim->last_seq != last_seq)
        return claim->last_seq < last_seq;
    return memcmp(&claim->id, &entry->ids[0], sizeof claim->id) < 0;
}

/* Returns true and the revocation if the author has one. */
static inline bool expect_revocation(struct entry *out_entry, uint64_t *out_last_seq,
                                     const struct history *history, uint8_t author)
{
    bool has_one = false;
    for (uint32_t i = 0; i < history->count; i++) {
        const struct trust_claim *claim = &history->claims[i];
        if (claim->author.bytes[0] != author || claim->kind != TRUST_KIND_REVOCATION)
            continue;
        bool is_same = has_one && memcmp(&claim->id, &out_entry->ids[0], sizeof claim->id) == 0;
        if (has_one && !is_same && !wins(claim, out_entry, *out_last_seq))
            continue;
        if (is_same &&
            memcmp(&claim->signature, &out_entry->signatures[0], sizeof claim->signature) >= 0)
            continue;
        has_one = true;
        memset(out_entry, 0, sizeof *out_entry);
        out_entry->author = author;
        out_entry->kind = TRUST_KIND_REVOCATION;
        out_entry->id_count = 1;
        out_entry->place = claim->place;
        out_entry->seq = claim->seq;
        out_entry->ids[0] = claim->id;
        out_entry->signatures[0] = claim->signature;
        *out_last_seq = claim->last_seq;
    }
    return has_one;
}

static inline bool is_ended(const struct trust_claim *claim, struct trust_wall now)
{
    return now.ms / 1000 >= (claim->seq / 1000 + DAY_S - 1) / DAY_S * DAY_S + 760 * DAY_S;
}

/* All registers of an author's class, whatever the limits. Returns their number. */
static inline uint32_t expect_registers(struct entry *out_entries, const struct history *history,
                                        uint8_t author, enum trust_kind kind)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < history->count; i++) {
        const struct trust_claim *claim = &history->claims[i];
        if (claim->author.bytes[0] != author || claim->kind != kind)
            continue;
        if (is_ended(claim, history->now))
            continue;
        uint32_t at = 0;
        while (at < count && trust_register_compare(&out_entries[at].place, &claim->place) != 0)
            at++;
        struct entry *entry = &out_entries[at];
        if (at == count || claim->seq > entry->seq) {
            memset(entry, 0, sizeof *entry);
            entry->author = author;
            entry->kind = (uint8_t)kind;
            entry->place = claim->place;
            entry->seq = claim->seq;
        }
        if (at == count)
            count++;
        if (claim->seq == entry->seq)
            join_id(entry, claim);
    }
    return count;
}

static inline void expect_class(struct state *state, const struct history *history, uint8_t author,
                                enum trust_kind kind, uint64_t silent_above)
{
    struct entry entries[16];
    uint32_t count = expect_registers(entries, history, author, kind);
    qsort(entries, count, sizeof *entries, compare_newest_first);
    enum trust_register_class class_ = trust_register_class(kind);
    uint32_t limit =
        class_ == TRUST_REGISTER_VOUCHES ? limits.author_vouches : limits.author_others;
    if (count >= limit) {
        count = limit;
        state->floors[author - 1][class_] = (struct trust_ledger_floor){
            .seq = entries[count - 1].seq, .place = entries[count - 1].place};
    }
    for (uint32_t i = 0; i < count; i++) {
        entries[i].flags =
            (uint8_t)((entries[i].id_count == 2 ? 1 : 0) | (entries[i].seq > silent_above ? 2 : 0));
        state->entries[state->count++] = entries[i];
    }
}

static inline void expect_heads(struct state *state)
{
    for (uint32_t i = 0; i < state->count; i++) {
        const struct entry *entry = &state->entries[i];
        struct trust_head *head = &state->heads[entry->author - 1];
        if (entry->seq > head->seq)
            head->seq = entry->seq;
        for (uint32_t j = 0; j < entry->id_count; j++)
            trust_head_add(head, &entry->ids[j], &entry->signatures[j]);
    }
}

static inline void expect_state(struct state *out_state, const struct history *history)
{
    memset(out_state, 0, sizeof *out_state);
    for (uint8_t author = 1; author <= AUTHORS; author++) {
        struct entry revocation;
        uint64_t silent_above = UINT64_MAX;
        if (expect_revocation(&revocation, &silent_above, history, author))
            out_state->entries[out_state->count++] = revocation;
        if (silent_above == 0)
            continue;
        expect_class(out_state, history, author, TRUST_KIND_VOUCH, silent_above);
        expect_class(out_state, history, author, TRUST_KIND_RATING, silent_above);
    }
    qsort(out_state->entries, out_state->count, sizeof *out_state->entries, compare_entries);
    expect_heads(out_state);
}

#endif
