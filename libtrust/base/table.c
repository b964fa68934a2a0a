/* See table.h. */
#include "base/table.h"

#include "base/assert.h"

void trust_table_init(struct trust_table *table, struct trust_arena *arena, uint32_t capacity,
                      trust_table_same *same)
{
    assert(capacity > 0);
    assert(capacity <= UINT32_C(1) << 30);
    uint32_t slots = 8;
    while (slots / 4 * 3 < capacity)
        slots *= 2;
    *table = (struct trust_table){.mask = slots - 1, .capacity = capacity, .same = same};
    table->slots = trust_arena_cut(arena, slots, sizeof *table->slots);
}

bool trust_table_find(const struct trust_table *table, uint32_t *out_index, uint32_t tag,
                      const void *context, const void *key)
{
    for (uint32_t at = tag & table->mask;; at = (at + 1) & table->mask) {
        struct trust_table_slot slot = table->slots[at];
        if (slot.used == 0)
            return false;
        if (slot.tag == tag && table->same(context, slot.used - 1, key)) {
            *out_index = slot.used - 1;
            return true;
        }
    }
}

bool trust_table_find_or_ready(const struct trust_table *table, uint32_t *out_index, uint32_t tag,
                               const void *context, const void *key)
{
    /* A plain store of a value just read would be left out by the compiler. */
    (void)__atomic_fetch_or(&table->slots[tag & table->mask].used, 0, __ATOMIC_RELAXED);
    return trust_table_find(table, out_index, tag, context, key);
}

void trust_table_add(struct trust_table *table, uint32_t tag, uint32_t index)
{
    assert(!trust_table_is_full(table));
    assert(index < UINT32_MAX);
    uint32_t at = tag & table->mask;
    while (table->slots[at].used != 0)
        at = (at + 1) & table->mask;
    table->slots[at] = (struct trust_table_slot){.tag = tag, .used = index + 1};
    table->count++;
}

void trust_table_remove(struct trust_table *table, uint32_t tag, uint32_t index)
{
    uint32_t hole = tag & table->mask;
    while (table->slots[hole].used != index + 1) {
        assert(table->slots[hole].used != 0);
        hole = (hole + 1) & table->mask;
    }
    for (uint32_t at = (hole + 1) & table->mask; table->slots[at].used != 0;
         at = (at + 1) & table->mask) {
        uint32_t home = table->slots[at].tag & table->mask;
        /* An entry may fill the hole only if its home does not lie behind the hole. */
        if (((at - home) & table->mask) >= ((at - hole) & table->mask)) {
            table->slots[hole] = table->slots[at];
            hole = at;
        }
    }
    table->slots[hole] = (struct trust_table_slot){0};
    table->count--;
}
