/* See recfile.h. */
#include "record/recfile.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"

static const char magic[] = "RPTREC1\n";
#define MAGIC_SIZE 8
#define SIZE_SIZE 2

static_assert(TRUST_RECFILE_HEADER_SIZE == MAGIC_SIZE + sizeof(struct trust_network),
              "the header is magic and network");

void trust_recfile_reader_init(struct trust_recfile_reader *reader,
                               const struct trust_network *network)
{
    *reader = (struct trust_recfile_reader){
        .network = *network,
        .part = TRUST_RECFILE_HEADER,
        .wanted = TRUST_RECFILE_HEADER_SIZE,
    };
}

/* Moves bytes from the input to the part being gathered; true when it is whole. */
static bool gather(struct trust_recfile_reader *reader, struct trust_bytes *input)
{
    assert(reader->size < reader->wanted);
    size_t missing = (size_t)(reader->wanted - reader->size);
    size_t moved = input->size < missing ? input->size : missing;
    if (moved > 0 && reader->part != TRUST_RECFILE_SKIPPED)
        memcpy(reader->gathered + reader->size, input->data, moved);
    reader->size = (uint16_t)(reader->size + moved);
    *input = (struct trust_bytes){
        .data = input->data == NULL ? NULL : input->data + moved,
        .size = input->size - moved,
    };
    return reader->size == reader->wanted;
}

static void begin(struct trust_recfile_reader *reader, enum trust_recfile_part part,
                  uint16_t wanted)
{
    reader->part = part;
    reader->wanted = wanted;
    reader->size = 0;
}

static enum trust_error take_header(struct trust_recfile_reader *reader)
{
    if (memcmp(reader->gathered, magic, MAGIC_SIZE) != 0)
        return TRUST_NO_SYNTAX;
    if (memcmp(reader->gathered + MAGIC_SIZE, &reader->network, sizeof reader->network) != 0)
        return TRUST_NO_NETWORK;
    begin(reader, TRUST_RECFILE_SIZE, SIZE_SIZE);
    return TRUST_OK;
}

static uint16_t size_of(const struct trust_recfile_reader *reader)
{
    return (uint16_t)(reader->gathered[0] << 8 | reader->gathered[1]);
}

static enum trust_error take_size(struct trust_recfile_reader *reader)
{
    uint16_t size = size_of(reader);
    if (size < TRUST_RECORD_SIZE_MIN || size > TRUST_RECORD_SIZE_MAX)
        return TRUST_NO_SIZE;
    begin(reader, TRUST_RECFILE_RECORD, size);
    return TRUST_OK;
}

enum trust_error trust_recfile_read(struct trust_recfile_reader *reader,
                                    struct trust_bytes *out_record, struct trust_bytes *input)
{
    while (reader->refused == TRUST_OK) {
        if (!gather(reader, input))
            return TRUST_NO_FOUND;
        switch (reader->part) {
        case TRUST_RECFILE_HEADER:
            reader->refused = take_header(reader);
            break;
        case TRUST_RECFILE_SIZE:
            reader->refused = take_size(reader);
            break;
        case TRUST_RECFILE_RECORD:
            *out_record = (struct trust_bytes){.data = reader->gathered, .size = reader->wanted};
            begin(reader, TRUST_RECFILE_SIZE, SIZE_SIZE);
            return TRUST_OK;
        case TRUST_RECFILE_SKIPPED:
            begin(reader, TRUST_RECFILE_SIZE, SIZE_SIZE);
            break;
        }
    }
    return reader->refused;
}

void trust_recfile_skip(struct trust_recfile_reader *reader)
{
    assert(reader->refused == TRUST_NO_SIZE);
    uint16_t size = size_of(reader);
    reader->refused = TRUST_OK;
    if (size == 0)
        begin(reader, TRUST_RECFILE_SIZE, SIZE_SIZE);
    else
        begin(reader, TRUST_RECFILE_SKIPPED, size);
}

enum trust_error trust_recfile_end(const struct trust_recfile_reader *reader)
{
    if (reader->refused != TRUST_OK)
        return reader->refused;
    bool is_between = reader->part == TRUST_RECFILE_SIZE && reader->size == 0;
    return is_between ? TRUST_OK : TRUST_NO_SYNTAX;
}

void trust_recfile_write_header(struct trust_writer *writer, const struct trust_network *network)
{
    trust_writer_put(writer,
                     (struct trust_bytes){.data = (const uint8_t *)magic, .size = MAGIC_SIZE});
    trust_writer_put(writer,
                     (struct trust_bytes){.data = network->bytes, .size = sizeof network->bytes});
}

void trust_recfile_write(struct trust_writer *writer, struct trust_bytes record)
{
    assert(record.size >= TRUST_RECORD_SIZE_MIN);
    assert(record.size <= TRUST_RECORD_SIZE_MAX);
    trust_writer_put_be(writer, record.size, SIZE_SIZE);
    trust_writer_put(writer, record);
}
