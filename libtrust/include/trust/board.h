/*
 * The board: one file that the node writes and every agent on the host maps and reads.
 *
 * A look-up costs no system call, no lock and no round trip: an agent keeps a handle for each
 * server and copies its cell from shared memory under a sequence lock (Boehm, "Can seqlocks get
 * along with programming language memory models?", MSPC 2012). Nothing in the file is believed
 * before it was checked: a truncated, foreign or damaged file gives errors, never a crash.
 *
 * docs/reference/board.md describes the file.
 */
#ifndef TRUST_BOARD_H
#define TRUST_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trust/answer.h"
#include "trust/cell.h"
#include "trust/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A mapped board, in the caller's memory. The members are the library's. One thread at a time may
 * call open, refresh and close; look-ups (each thread with handles of its own) may run side by side
 * while none of those does.
 */
struct trust_board {
    const char *path;    /* borrowed from the caller of open */
    const uint8_t *data; /* NULL: nothing is mapped */
    size_t size;         /* bytes */
    uint64_t generation; /* of the mapped file */
    uint64_t device;     /* of the mapped file, to see a replacement */
    uint64_t inode;
    struct trust_mono tried; /* when it was last opened again */
    uint32_t capacity;       /* slots, checked */
    uint32_t index_mask;     /* index entries - 1, checked */
    uint64_t seed[2];        /* of the placement */
};

/* A handle that has not met its server yet. */
#define TRUST_BOARD_NO_SLOT UINT32_MAX

/* Where one server stands on the board: hash once, look up often. A slot that belongs to another
 * server by now, or to another file, costs one more search and nothing else. */
struct trust_board_handle {
    uint8_t subject[32];
    uint32_t slot; /* where it stood last, or TRUST_BOARD_NO_SLOT */
};

/*
 * Maps the board at path. path is borrowed until close. now starts the pace of later retries.
 * On an error nothing is mapped, but board is ready for refresh, which tries again, and look-ups
 * answer TRUST_NO_NODE. close is needed in either case.
 * TRUST_NO_FILE: not there, not a regular file. TRUST_NO_VERSION: of a version or form that this
 * library does not read. TRUST_FAIL_CORRUPT: its header contradicts itself or its size.
 * TRUST_FAIL_SYSTEM: open or mmap failed for another reason.
 */
TRUST_API TRUST_MUST_USE enum trust_error trust_board_open(struct trust_board *board,
                                                           const char *path, struct trust_mono now);

/* Unmaps; board may be opened again. */
TRUST_API void trust_board_close(struct trust_board *board);

/*
 * To be called before a round of look-ups: costs two loads while the board is live. If the board
 * was superseded, or its heartbeat is older than 2 s, the path is opened again, at most every
 * 100 ms; a file that cannot be used leaves the old one mapped. Returns true if another file is
 * mapped now.
 */
TRUST_API bool trust_board_refresh(struct trust_board *board, struct trust_now now);

/* fresh, stale with its age, or none if nothing is mapped. A heartbeat of another boot of the
 * machine is aged by the wall clock. */
TRUST_API struct trust_basis trust_board_basis(const struct trust_board *board,
                                               struct trust_now now);

/* A handle for the server whose subject text has this BLAKE2b-256. */
TRUST_API void trust_board_handle_init(struct trust_board_handle *out_handle,
                                       const uint8_t subject[32]);

/*
 * Copies the server's cell, checked for ranges. handle is updated when the server moved.
 * TRUST_NO_FOUND: not on the board. TRUST_NO_BUSY: the slot stayed locked over all retries (its
 * writer was stopped in the middle): what the caller last read still stands. TRUST_NO_NODE: nothing
 * is mapped. TRUST_FAIL_CORRUPT: the slot holds values that no writer writes.
 */
TRUST_API TRUST_MUST_USE enum trust_error trust_board_find(const struct trust_board *board,
                                                           struct trust_board_cell *out_cell,
                                                           struct trust_board_handle *handle);

/*
 * Begins to bring the slot near without waiting for it: called for all servers of a round before
 * the first trust_board_find, it takes the memory's latency once instead of once a server.
 */
TRUST_API void trust_board_prefetch(const struct trust_board *board,
                                    const struct trust_board_handle *handle);

#ifdef __cplusplus
}
#endif

#endif
