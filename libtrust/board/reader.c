/* See reader.h and trust/board.h. */
#include "board/reader.h"

#include <float.h>
#include <string.h>

#include "trust/breaker.h"
#include "trust/flag.h"

#include "base/limits.h"
#include "board/layout.h"
#include "board/place.h"
#include "board/slot.h"

/* The last of enum trust_score_status, whose header this layer does not see; the test does. */
#define STATUS_MAX 4
#define CACHE_LINE_SIZE 64u

static const struct trust_board_header *header_of(const struct trust_board *board)
{
    return (const void *)board->data;
}

enum trust_error trust_board_reader_init(struct trust_board *board, const uint8_t *data,
                                         size_t size)
{
    if (size < TRUST_BOARD_HEADER_SIZE)
        return TRUST_NO_VERSION;
    const struct trust_board_header *header = (const void *)data;
    if (header->magic != TRUST_BOARD_MAGIC || header->version != TRUST_BOARD_VERSION)
        return TRUST_NO_VERSION;
    if (header->cell_size != sizeof(struct trust_board_cell))
        return TRUST_NO_VERSION;
    /* Read once: what is checked is what is used, whatever becomes of the file. */
    uint32_t capacity = header->capacity;
    if (capacity < 64 || capacity > TRUST_BOARD_SLOTS_MAX || (capacity & (capacity - 1)) != 0)
        return TRUST_FAIL_CORRUPT;
    if (header->size != size || size != trust_board_size(capacity))
        return TRUST_FAIL_CORRUPT;
    if (header->index_count != capacity * 2)
        return TRUST_FAIL_CORRUPT;
    board->data = data;
    board->size = size;
    board->generation = header->generation;
    board->capacity = capacity;
    board->index_mask = capacity * 2 - 1;
    board->seed[0] = header->seed[0];
    board->seed[1] = header->seed[1];
    return TRUST_OK;
}

bool trust_board_reader_is_superseded(const struct trust_board *board)
{
    return atomic_load_explicit(&header_of(board)->superseded, memory_order_acquire) != 0;
}

uint64_t trust_board_reader_age_ms(const struct trust_board *board, struct trust_now now)
{
    const struct trust_board_header *header = header_of(board);
    uint64_t beat_ms = atomic_load_explicit(&header->beat_mono_ms, memory_order_acquire);
    if (beat_ms <= now.mono.ms)
        return now.mono.ms - beat_ms;
    /* Beats may be a little newer than the caller's reading of the clock. */
    if (beat_ms - now.mono.ms <= TRUST_BOARD_STALE_MS)
        return 0;
    /* Another boot's clock: the file survived the machine, its writer did not. */
    uint64_t wall_ms = atomic_load_explicit(&header->beat_wall_ms, memory_order_relaxed);
    uint64_t age_ms = wall_ms < now.wall.ms ? now.wall.ms - wall_ms : 0;
    return age_ms > TRUST_BOARD_STALE_MS ? age_ms : TRUST_BOARD_STALE_MS + 1;
}

struct trust_basis trust_board_basis(const struct trust_board *board, struct trust_now now)
{
    if (board->data == NULL)
        return (struct trust_basis){.kind = TRUST_BASIS_NONE};
    uint64_t age_ms = trust_board_reader_age_ms(board, now);
    if (age_ms <= TRUST_BOARD_STALE_MS && !trust_board_reader_is_superseded(board))
        return (struct trust_basis){.kind = TRUST_BASIS_FRESH};
    uint64_t age_s = age_ms / 1000;
    return (struct trust_basis){.kind = TRUST_BASIS_STALE,
                                .age_s = age_s < UINT32_MAX ? (uint32_t)age_s : UINT32_MAX};
}

void trust_board_handle_init(struct trust_board_handle *out_handle, const uint8_t subject[32])
{
    *out_handle = (struct trust_board_handle){.slot = TRUST_BOARD_NO_SLOT};
    memcpy(out_handle->subject, subject, sizeof out_handle->subject);
}

static bool is_ratio(uint32_t ppm)
{
    return ppm <= TRUST_PPM || ppm == TRUST_PPM_NONE;
}

/* Values that others may switch over, index by or calculate with. */
static bool is_sane(const struct trust_board_cell *cell)
{
    if (cell->status > STATUS_MAX || cell->flag_severity > TRUST_SEVERITY_CRITICAL)
        return false;
    if (cell->manifest_state > TRUST_MANIFEST_CHANGED || cell->quarantine > TRUST_QUARANTINE_BANNED)
        return false;
    if (cell->breaker_state > TRUST_BREAKER_METRICS_ONLY ||
        cell->breaker_reason > TRUST_BREAKER_BY_POLICY)
        return false;
    bool are_ratios = is_ratio(cell->score_ppm) && is_ratio(cell->lower_ppm) &&
                      is_ratio(cell->mean_ppm) && is_ratio(cell->upper_ppm) &&
                      cell->factor_ppm <= TRUST_PPM && cell->cap_ppm <= TRUST_PPM &&
                      cell->fail_ppm <= TRUST_PPM;
    return are_ratios && cell->evidence >= 0 && cell->evidence <= DBL_MAX;
}

static enum trust_error accept(struct trust_board_cell *out_cell,
                               const struct trust_board_cell *cell)
{
    if (!is_sane(cell))
        return TRUST_FAIL_CORRUPT;
    *out_cell = *cell;
    return TRUST_OK;
}

static const struct trust_board_slot *slots_of(const struct trust_board *board)
{
    size_t index_size = sizeof(struct trust_board_index) * ((size_t)board->index_mask + 1);
    return (const void *)(board->data + TRUST_BOARD_HEADER_SIZE + index_size);
}

/* Looks through the index. One budget of spins serves all slots on the way. */
static enum trust_error search(const struct trust_board *board, struct trust_board_cell *out_cell,
                               struct trust_board_handle *handle)
{
    const struct trust_board_index *index = (const void *)(board->data + TRUST_BOARD_HEADER_SIZE);
    const struct trust_board_slot *slots = slots_of(board);
    uint32_t start = trust_board_place(board->seed, handle->subject);
    uint32_t spins = TRUST_BOARD_SPINS_MAX;
    enum trust_error missing = TRUST_NO_FOUND;
    for (uint32_t i = 0; i < TRUST_BOARD_PROBES_MAX; i++) {
        uint32_t at = (start + i) & board->index_mask;
        uint32_t entry = atomic_load_explicit(&index[at].entry, memory_order_acquire);
        if (entry == 0)
            return missing;
        if (entry > board->capacity)
            continue;
        TRUST_BOARD_UNFILLED struct trust_board_cell cell;
        if (!trust_board_slot_read(&cell, &slots[entry - 1], &spins)) {
            missing = TRUST_NO_BUSY;
        } else if (memcmp(cell.subject, handle->subject, sizeof cell.subject) == 0) {
            handle->slot = entry - 1;
            return accept(out_cell, &cell);
        }
    }
    return missing;
}

void trust_board_prefetch(const struct trust_board *board, const struct trust_board_handle *handle)
{
    if (board->data == NULL || handle->slot >= board->capacity)
        return;
    const uint8_t *slot = (const void *)&slots_of(board)[handle->slot];
    for (size_t line = 0; line < 8 + sizeof(struct trust_board_cell); line += CACHE_LINE_SIZE)
        __builtin_prefetch(slot + line);
}

enum trust_error trust_board_find(const struct trust_board *board,
                                  struct trust_board_cell *out_cell,
                                  struct trust_board_handle *handle)
{
    if (board->data == NULL)
        return TRUST_NO_NODE;
    if (handle->slot >= board->capacity)
        return search(board, out_cell, handle);
    uint32_t spins = TRUST_BOARD_SPINS_MAX;
    TRUST_BOARD_UNFILLED struct trust_board_cell cell;
    if (!trust_board_slot_read(&cell, &slots_of(board)[handle->slot], &spins))
        return TRUST_NO_BUSY;
    if (memcmp(cell.subject, handle->subject, sizeof cell.subject) == 0)
        return accept(out_cell, &cell);
    return search(board, out_cell, handle);
}
