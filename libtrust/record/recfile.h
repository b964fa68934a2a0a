/*
 * Record files: what `export --format records` writes and `import` reads.
 *
 *   magic "RPTREC1\n" (8)   network (8)   then for each record its size (2, big-endian) and bytes,
 *   ordered by (author, seq, id)
 *
 * The reader takes the file in pieces of any size and needs no more memory than one record; it
 * checks sizes only, since every record goes through the node's one door afterwards. Order is the
 * writer's promise and not checked.
 */
#ifndef TRUST_RECORD_RECFILE_H
#define TRUST_RECORD_RECFILE_H

#include <stdint.h>

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/record.h"

#include "base/limits.h"
#include "base/writer.h"

#define TRUST_RECFILE_HEADER_SIZE 16

enum trust_recfile_part {
    TRUST_RECFILE_HEADER,
    TRUST_RECFILE_SIZE,
    TRUST_RECFILE_RECORD,
    TRUST_RECFILE_SKIPPED,
};

struct trust_recfile_reader {
    struct trust_network network;
    enum trust_error refused; /* TRUST_OK, or what every later call returns again */
    enum trust_recfile_part part;
    uint16_t wanted; /* bytes of the part being gathered */
    uint16_t size;   /* of them gathered */
    uint8_t gathered[TRUST_RECORD_SIZE_MAX];
};

/* A reader of a file that must be of this network. */
void trust_recfile_reader_init(struct trust_recfile_reader *reader,
                               const struct trust_network *network);

/*
 * Takes bytes from the front of *input, shortening it, until a record is whole.
 * TRUST_OK: out_record is the next record, valid until the next call. TRUST_NO_FOUND: the input is
 * used up, give the next piece. TRUST_NO_SYNTAX: not a record file. TRUST_NO_NETWORK: of another
 * network. TRUST_NO_SIZE: a record under 65 or over 512 bytes. After a refusal every call repeats
 * it, but for a trust_recfile_skip.
 */
TRUST_MUST_USE enum trust_error trust_recfile_read(struct trust_recfile_reader *reader,
                                                   struct trust_bytes *out_record,
                                                   struct trust_bytes *input);

/* After TRUST_NO_SIZE: reading goes on behind the record that is no such size. */
void trust_recfile_skip(struct trust_recfile_reader *reader);

/* After the last piece: TRUST_NO_SYNTAX if the file ends inside its header or a record. */
TRUST_MUST_USE enum trust_error trust_recfile_end(const struct trust_recfile_reader *reader);

/* Appends the header of a file. */
void trust_recfile_write_header(struct trust_writer *writer, const struct trust_network *network);

/* Appends one record of 65 to 512 bytes. */
void trust_recfile_write(struct trust_writer *writer, struct trust_bytes record);

#endif
