/*
 * A record file as it is received: written to a file without a name in the state directory, which
 * is gone whatever happens, and mapped to be read once it is whole. Its framing is checked and its
 * records are counted as the bytes come.
 */
#ifndef API_SPOOL_H
#define API_SPOOL_H

#include <stdint.h>

#include "trust/record.h"

#include "engine/batch.h"
#include "record/recfile.h"

struct spool {
    int fd;        /* -1: closed */
    uint64_t size; /* of the file so far, its header included */
    uint64_t limit;
    struct trust_batch_counter counter;
    uint8_t header[TRUST_RECFILE_HEADER_SIZE];
    uint8_t *map; /* NULL: not mapped */
};

/* TRUST_NO_PERMISSION, TRUST_NO_FILE, TRUST_NO_ROOM, TRUST_FAIL_IO. */
TRUST_MUST_USE enum trust_error spool_open(struct spool *out_spool, const char *directory,
                                           uint64_t limit);
void spool_close(struct spool *spool);

/* Appends. TRUST_NO_SIZE: over the limit; TRUST_NO_ROOM: the disk is full; TRUST_FAIL_IO. */
TRUST_MUST_USE enum trust_error spool_add(struct spool *spool, struct trust_bytes piece);

/* Maps the whole file and gives what stands behind its header. TRUST_NO_SYNTAX: no record file, or
 * its end is missing; TRUST_NO_NETWORK; TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error spool_map(struct spool *spool, struct trust_bytes *out_records,
                                          const struct trust_network *network);

#endif
