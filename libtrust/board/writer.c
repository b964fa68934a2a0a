/* See writer.h. */
#include "board/writer.h"

#include <string.h>

#include "base/assert.h"
#include "base/siphash.h"
#include "board/place.h"
#include "board/slot.h"

/* Where a server stands, or where it would be put. */
struct spot {
    uint32_t at;   /* index entry */
    uint32_t slot; /* of the server, if it is there */
    bool is_there;
    bool is_free; /* at can take a server that is not there */
};

static uint32_t entry_at(const struct trust_board_writer *writer, uint32_t at)
{
    return atomic_load_explicit(&writer->index[at].entry, memory_order_relaxed);
}

static bool is_used(const struct trust_board_writer *writer, uint32_t slot)
{
    return (writer->used[slot / 64] >> (slot % 64) & 1) != 0;
}

static bool holds(const struct trust_board_writer *writer, uint32_t slot, const uint8_t subject[32])
{
    uint64_t words[4];
    memcpy(words, subject, sizeof words);
    for (size_t i = 0; i < 4; i++) {
        if (atomic_load_explicit(&writer->slots[slot].words[i], memory_order_relaxed) != words[i])
            return false;
    }
    return true;
}

static struct spot find(const struct trust_board_writer *writer, const uint8_t subject[32])
{
    uint32_t mask = writer->capacity * 2 - 1;
    uint32_t start = trust_board_place(writer->header->seed, subject);
    struct spot spot = {0};
    for (uint32_t i = 0; i < TRUST_BOARD_PROBES_MAX && i <= mask; i++) {
        uint32_t at = (start + i) & mask;
        uint32_t entry = entry_at(writer, at);
        bool is_takeable = entry == 0 || entry == TRUST_BOARD_REMOVED;
        if (is_takeable && !spot.is_free) {
            spot.at = at;
            spot.is_free = true;
        }
        if (entry == 0)
            return spot;
        bool is_slot = !is_takeable && entry <= writer->capacity && is_used(writer, entry - 1);
        if (is_slot && holds(writer, entry - 1, subject))
            return (struct spot){.at = at, .slot = entry - 1, .is_there = true};
    }
    return spot;
}

/* A free slot; there is one. */
static uint32_t take_slot(struct trust_board_writer *writer)
{
    uint32_t word_count = writer->capacity / 64;
    for (uint32_t i = 0; i < word_count; i++) {
        uint32_t word = (writer->next_free + i) % word_count;
        uint64_t is_free = ~writer->used[word];
        if (is_free == 0)
            continue;
        uint32_t bit = (uint32_t)__builtin_ctzll(is_free);
        writer->used[word] |= UINT64_C(1) << bit;
        writer->next_free = word;
        return word * 64 + bit;
    }
    assert(writer->count == writer->capacity);
    return writer->capacity;
}

void trust_board_writer_init(struct trust_board_writer *writer, void *memory,
                             const struct trust_board_params *params)
{
    uint32_t capacity = params->capacity;
    assert(capacity >= 64 && capacity <= TRUST_BOARD_SLOTS_MAX);
    assert((capacity & (capacity - 1)) == 0);
    *writer = (struct trust_board_writer){.capacity = capacity};
    writer->header = memory;
    writer->index = (void *)((uint8_t *)memory + TRUST_BOARD_HEADER_SIZE);
    writer->slots = (void *)(writer->index + (size_t)capacity * 2);
    writer->header->version = TRUST_BOARD_VERSION;
    writer->header->cell_size = sizeof(struct trust_board_cell);
    writer->header->size = trust_board_size(capacity);
    writer->header->generation = params->generation;
    writer->header->seed[0] = params->seed[0];
    writer->header->seed[1] = params->seed[1];
    writer->header->started_ms = params->now.wall.ms;
    writer->header->capacity = capacity;
    writer->header->index_count = capacity * 2;
    trust_board_writer_beat(writer, params->now);
    writer->header->magic = TRUST_BOARD_MAGIC;
}

enum trust_error trust_board_writer_put(struct trust_board_writer *writer,
                                        const struct trust_board_cell *cell)
{
    static const uint8_t nobody[32];
    assert(memcmp(cell->subject, nobody, sizeof nobody) != 0);
    struct spot spot = find(writer, cell->subject);
    if (spot.is_there) {
        trust_board_slot_write(&writer->slots[spot.slot], cell);
        return TRUST_OK;
    }
    if (!spot.is_free || writer->count == writer->capacity)
        return TRUST_NO_ROOM;
    bool is_tombstone = entry_at(writer, spot.at) == TRUST_BOARD_REMOVED;
    bool is_worn_out =
        (uint64_t)writer->count + writer->tombstones >= (uint64_t)writer->capacity * 2 / 4 * 3;
    if (!is_tombstone && is_worn_out)
        return TRUST_NO_ROOM;
    uint32_t slot = take_slot(writer);
    trust_board_slot_write(&writer->slots[slot], cell);
    /* A reader that sees the entry sees the cell. */
    atomic_store_explicit(&writer->index[spot.at].entry, slot + 1, memory_order_release);
    writer->count++;
    writer->tombstones -= is_tombstone;
    return TRUST_OK;
}

/* Entries that end a run of tombstones before a free one are free again. */
static void sweep(struct trust_board_writer *writer, uint32_t at)
{
    uint32_t mask = writer->capacity * 2 - 1;
    if (entry_at(writer, (at + 1) & mask) != 0)
        return;
    while (entry_at(writer, at) == TRUST_BOARD_REMOVED) {
        atomic_store_explicit(&writer->index[at].entry, 0, memory_order_relaxed);
        writer->tombstones--;
        at = (at - 1) & mask;
    }
}

enum trust_error trust_board_writer_remove(struct trust_board_writer *writer,
                                           const uint8_t subject[32])
{
    struct spot spot = find(writer, subject);
    if (!spot.is_there)
        return TRUST_NO_FOUND;
    atomic_store_explicit(&writer->index[spot.at].entry, TRUST_BOARD_REMOVED, memory_order_relaxed);
    trust_board_slot_write(&writer->slots[spot.slot], NULL);
    writer->used[spot.slot / 64] &= ~(UINT64_C(1) << (spot.slot % 64));
    writer->count--;
    writer->tombstones++;
    sweep(writer, spot.at);
    return TRUST_OK;
}

void trust_board_writer_beat(struct trust_board_writer *writer, struct trust_now now)
{
    atomic_store_explicit(&writer->header->beat_wall_ms, now.wall.ms, memory_order_relaxed);
    atomic_store_explicit(&writer->header->beat_mono_ms, now.mono.ms, memory_order_release);
}

void trust_board_writer_supersede(struct trust_board_writer *writer)
{
    atomic_store_explicit(&writer->header->superseded, 1, memory_order_release);
}
