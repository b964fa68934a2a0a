/*
 * A board file with any content: the reader refuses it or reads from it, within its bounds and in
 * bounded time. The first bytes say what is looked up; the rest is the file, filled up with zeros
 * to a size that its header could name, so that inputs stay small.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "board/layout.h"
#include "board/reader.h"
#include "fuzz.h"

#define CAPACITY 64u

static void look_up(const struct trust_board *board, const uint8_t subject[32], uint32_t slot)
{
    struct trust_board_handle handle;
    trust_board_handle_init(&handle, subject);
    handle.slot = slot;
    struct trust_board_cell cell;
    enum trust_error error = trust_board_find(board, &cell, &handle);
    if (error != TRUST_OK) {
        assert(error == TRUST_NO_FOUND || error == TRUST_NO_BUSY || error == TRUST_FAIL_CORRUPT);
        return;
    }
    assert(memcmp(cell.subject, subject, 32) == 0);
    assert(cell.quarantine <= TRUST_QUARANTINE_BANNED);
    assert(cell.lower_ppm <= TRUST_PPM || cell.lower_ppm == TRUST_PPM_NONE);
    assert(handle.slot < board->capacity);
}

static void read_file(const uint8_t *data, size_t size, const uint8_t subject[32], uint32_t slot)
{
    struct trust_board board = {0};
    enum trust_error error = trust_board_reader_init(&board, data, size);
    if (error != TRUST_OK) {
        assert(error == TRUST_NO_VERSION || error == TRUST_FAIL_CORRUPT);
        assert(board.data == NULL);
        return;
    }
    struct trust_now now = {.wall.ms = 5000000, .mono.ms = 1000000};
    assert(trust_board_basis(&board, now).kind != TRUST_BASIS_NONE);
    look_up(&board, subject, slot);
    look_up(&board, subject, TRUST_BOARD_NO_SLOT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t subject[32] = {0};
    uint32_t slot = 0;
    if (size < sizeof subject + sizeof slot)
        return 0;
    memcpy(subject, data, sizeof subject);
    memcpy(&slot, data + sizeof subject, sizeof slot);
    data += sizeof subject + sizeof slot;
    size -= sizeof subject + sizeof slot;
    size_t whole = trust_board_size(CAPACITY);
    size_t file_size = size < whole ? whole : size;
    uint8_t *file = calloc(1, file_size);
    assert(file != NULL);
    if (size > 0)
        memcpy(file, data, size);
    read_file(file, size, subject, slot);
    read_file(file, file_size, subject, slot);
    free(file);
    return 0;
}
