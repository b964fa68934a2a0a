/*
 * The writer's file: made under a temporary name, filled, then renamed over the old one. The only
 * part of the board, with trust_board_open and refresh, that touches files.
 *
 * The file is allocated whole before it is mapped, so that a full file system is an error here and
 * not a SIGBUS later, and it is never truncated: what a reader has mapped stays.
 */
#ifndef TRUST_BOARD_MAPPING_H
#define TRUST_BOARD_MAPPING_H

#include "board/writer.h"

/*
 * Makes PATH.new, mode 0640, and maps it for writer; the path of an abandoned one is reused.
 * TRUST_NO_ROOM: the file system is full. TRUST_FAIL_IO, TRUST_FAIL_SYSTEM: errno says more.
 */
TRUST_MUST_USE enum trust_error trust_board_mapping_open(struct trust_board_writer *writer,
                                                         const char *path,
                                                         const struct trust_board_params *params);

/*
 * Renames PATH.new to PATH and marks the board that stood there as superseded, whoever wrote it.
 * To be called once the cells are in. TRUST_FAIL_IO: the rename failed; nothing changed.
 */
TRUST_MUST_USE enum trust_error trust_board_mapping_publish(const char *path);

/* Unmaps; the file stays, with its last heartbeat. */
void trust_board_mapping_close(struct trust_board_writer *writer);

#endif
