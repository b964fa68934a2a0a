/* The reading side of the board, without its files: pure over bytes that anybody may have made. */
#ifndef TRUST_BOARD_READER_H
#define TRUST_BOARD_READER_H

#include "trust/board.h"

/*
 * Makes board read the file content data[0..size), aligned to 8 bytes, after checking that every
 * place it names lies within. path, device, inode and tried are left as they are.
 * TRUST_NO_VERSION, TRUST_FAIL_CORRUPT: see trust_board_open; board is unchanged.
 */
TRUST_MUST_USE enum trust_error trust_board_reader_init(struct trust_board *board,
                                                        const uint8_t *data, size_t size);

/* The writer has moved on to another file. */
bool trust_board_reader_is_superseded(const struct trust_board *board);

/* Age of the last heartbeat. */
uint64_t trust_board_reader_age_ms(const struct trust_board *board, struct trust_now now);

#endif
