/*
 * Record files from elsewhere: in one piece and byte by byte they give the same records and the
 * same verdict, and a whole file of good sizes is written again to the same bytes.
 */
#include "record/recfile.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "fuzz.h"

static const struct trust_network network = {{1, 2, 3, 4, 5, 6, 7, 8}};

static void skip(struct trust_recfile_reader *reader, uint32_t *out_skipped)
{
    trust_recfile_skip(reader);
    (*out_skipped)++;
}

/* Reads the input in pieces and writes each record to the writer. Returns what ended it. */
static enum trust_error copy(struct trust_writer *writer, uint32_t *out_skipped,
                             struct trust_bytes input, size_t piece)
{
    struct trust_recfile_reader reader;
    trust_recfile_reader_init(&reader, &network);
    trust_recfile_write_header(writer, &network);
    for (size_t at = 0; at < input.size; at += piece) {
        size_t left = input.size - at;
        struct trust_bytes part = {.data = input.data + at, .size = left < piece ? left : piece};
        struct trust_bytes record;
        enum trust_error error;
        do {
            error = trust_recfile_read(&reader, &record, &part);
            if (error == TRUST_OK)
                trust_recfile_write(writer, record);
            else if (error == TRUST_NO_SIZE)
                skip(&reader, out_skipped);
        } while (error == TRUST_OK || error == TRUST_NO_SIZE);
        if (error != TRUST_NO_FOUND)
            return error;
        assert(part.size == 0);
    }
    return trust_recfile_end(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trust_bytes input = {.data = data, .size = size};
    /* A file that is refused at its start still gets a header from the writer. */
    size_t capacity = size + TRUST_RECFILE_HEADER_SIZE;
    uint8_t *memory = malloc(2 * capacity);
    assert(memory != NULL);
    struct trust_writer whole = trust_writer_init(memory, capacity);
    struct trust_writer pieces = trust_writer_init(memory + capacity, capacity);
    uint32_t skipped = 0;
    uint32_t skipped_of_pieces = 0;
    enum trust_error error = copy(&whole, &skipped, input, size == 0 ? 1 : size);
    enum trust_error error_of_pieces = copy(&pieces, &skipped_of_pieces, input, 1);
    assert(error == error_of_pieces);
    assert(skipped == skipped_of_pieces);
    assert(trust_bytes_equal(trust_writer_bytes(&whole), trust_writer_bytes(&pieces)));
    if (error == TRUST_OK && skipped == 0)
        assert(trust_bytes_equal(trust_writer_bytes(&whole), input));
    free(memory);
    return 0;
}
