/* record/recfile: files in one piece and in many, and each way in which one is refused. */
#include "record/recfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"

static const struct trust_network network = {{1, 2, 3, 4, 5, 6, 7, 8}};

/* Three records, of the least size, of the greatest and one between, told by their first byte. */
static const uint16_t sizes[] = {65, 512, 200};
#define RECORDS 3u
#define FILE_SIZE (16 + 2 + 65 + 2 + 512 + 2 + 200)

static uint8_t file[FILE_SIZE];

static int write_file(void **state)
{
    (void)state;
    struct trust_writer writer = trust_writer_init(file, sizeof file);
    trust_recfile_write_header(&writer, &network);
    for (uint8_t i = 0; i < RECORDS; i++) {
        uint8_t record[TRUST_RECORD_SIZE_MAX];
        memset(record, 'a' + i, sizeof record);
        trust_recfile_write(&writer, (struct trust_bytes){.data = record, .size = sizes[i]});
    }
    return trust_writer_has_overflowed(&writer) || writer.size != FILE_SIZE ? -1 : 0;
}

static void a_file_begins_with_magic_network_and_the_first_size(void **state)
{
    (void)state;
    static const uint8_t start[] = {'R', 'P', 'T', 'R', 'E', 'C', '1', '\n', 1,  2,
                                    3,   4,   5,   6,   7,   8,   0,   65,   'a'};
    assert_memory_equal(file, start, sizeof start);
    assert_int_equal(file[16 + 2 + 65], 2);
    assert_int_equal(file[16 + 2 + 65 + 1], 0);
}

/* Reads all of the input in pieces of this size; returns what ended it. */
static enum trust_error read_all(struct trust_bytes input, size_t piece, uint32_t *out_count)
{
    struct trust_recfile_reader reader;
    trust_recfile_reader_init(&reader, &network);
    uint32_t count = 0;
    for (size_t at = 0; at < input.size; at += piece) {
        size_t left = input.size - at;
        struct trust_bytes part = {.data = input.data + at, .size = left < piece ? left : piece};
        struct trust_bytes record = {0};
        enum trust_error error;
        while ((error = trust_recfile_read(&reader, &record, &part)) == TRUST_OK) {
            assert_true(count < RECORDS);
            assert_int_equal(record.size, sizes[count]);
            assert_int_equal(record.data[0], 'a' + count);
            assert_int_equal(record.data[record.size - 1], 'a' + count);
            count++;
        }
        if (error != TRUST_NO_FOUND) {
            /* A refusal stays. */
            assert_int_equal(trust_recfile_read(&reader, &record, &part), error);
            assert_int_equal(trust_recfile_end(&reader), error);
            *out_count = count;
            return error;
        }
        assert_int_equal(part.size, 0);
    }
    *out_count = count;
    return trust_recfile_end(&reader);
}

static void pieces_of_any_size_give_the_same_records(void **state)
{
    (void)state;
    for (size_t piece = 1; piece <= FILE_SIZE; piece++) {
        uint32_t count;
        assert_int_equal(
            read_all((struct trust_bytes){.data = file, .size = FILE_SIZE}, piece, &count),
            TRUST_OK);
        assert_int_equal(count, RECORDS);
    }
}

static void a_file_that_is_cut_off_is_refused_but_between_records(void **state)
{
    (void)state;
    for (size_t size = 0; size < FILE_SIZE; size++) {
        uint32_t count;
        bool is_between = size == 16 || size == 16 + 67 || size == 16 + 67 + 514;
        assert_int_equal(read_all((struct trust_bytes){.data = file, .size = size}, 100, &count),
                         is_between ? TRUST_OK : TRUST_NO_SYNTAX);
        assert_int_equal(count, (size >= 16 + 67) + (size >= 16 + 67 + 514));
    }
}

static void each_wrong_byte_of_the_frame_has_its_verdict(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
        enum trust_error error;
        uint32_t count;
    } rows[] = {
        {0, 'r', TRUST_NO_SYNTAX, 0},   {6, '2', TRUST_NO_SYNTAX, 0},
        {8, 0, TRUST_NO_NETWORK, 0},    {15, 0, TRUST_NO_NETWORK, 0},
        {17, 64, TRUST_NO_SIZE, 0},     {16, 2, TRUST_NO_SIZE, 0},
        {16 + 67, 0, TRUST_NO_SIZE, 1}, {16 + 67 + 1, 1, TRUST_NO_SIZE, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t changed[FILE_SIZE];
        memcpy(changed, file, sizeof changed);
        changed[rows[i].at] = rows[i].value;
        uint32_t count;
        assert_int_equal(
            read_all((struct trust_bytes){.data = changed, .size = sizeof changed}, 64, &count),
            rows[i].error);
        assert_int_equal(count, rows[i].count);
    }
}

/* Bytes of a record of this size, whatever it is. */
static void put(struct trust_writer *writer, uint16_t size)
{
    static const uint8_t bytes[UINT16_MAX];
    trust_writer_put_be(writer, size, 2);
    trust_writer_put(writer, (struct trust_bytes){.data = bytes, .size = size});
}

/* Reads to the end of a piece, skipping what is no record; how many begin in it. */
static size_t count_of(struct trust_recfile_reader *reader, struct trust_bytes *part,
                       const uint16_t *wanted)
{
    for (size_t seen = 0;;) {
        struct trust_bytes record = {0};
        enum trust_error error = trust_recfile_read(reader, &record, part);
        if (error == TRUST_NO_FOUND)
            return seen;
        bool is_record = wanted[seen] >= 65 && wanted[seen] <= 512;
        assert_int_equal(error, is_record ? TRUST_OK : TRUST_NO_SIZE);
        if (is_record)
            assert_int_equal(record.size, wanted[seen]);
        else
            trust_recfile_skip(reader);
        seen++;
    }
}

static void what_has_no_size_of_a_record_can_be_skipped(void **state)
{
    (void)state;
    static const uint16_t mixed[] = {0, 65, 64, 513, 512, UINT16_MAX, 1, 66};
    static const size_t pieces[] = {1, 7, 600, 100000};
    static uint8_t bytes[70000];
    struct trust_writer writer = trust_writer_init(bytes, sizeof bytes);
    trust_recfile_write_header(&writer, &network);
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++)
        put(&writer, mixed[i]);
    assert_false(trust_writer_has_overflowed(&writer));
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct trust_recfile_reader reader;
        trust_recfile_reader_init(&reader, &network);
        size_t seen = 0;
        for (size_t at = 0; at < writer.size; at += pieces[i]) {
            size_t left = writer.size - at;
            struct trust_bytes part = {bytes + at, left < pieces[i] ? left : pieces[i]};
            seen += count_of(&reader, &part, mixed + seen);
        }
        assert_int_equal(seen, sizeof mixed / sizeof *mixed);
        assert_int_equal(trust_recfile_end(&reader), TRUST_OK);
    }
    /* Cut within what is skipped. */
    struct trust_recfile_reader reader;
    trust_recfile_reader_init(&reader, &network);
    struct trust_bytes part = {bytes, 16 + 2 + 2 + 65 + 2 + 63};
    assert_int_equal(count_of(&reader, &part, mixed), 3);
    assert_int_equal(trust_recfile_end(&reader), TRUST_NO_SYNTAX);
}

static void an_empty_piece_asks_for_more(void **state)
{
    (void)state;
    struct trust_recfile_reader reader;
    trust_recfile_reader_init(&reader, &network);
    struct trust_bytes nothing = {0};
    struct trust_bytes record = {0};
    assert_int_equal(trust_recfile_read(&reader, &record, &nothing), TRUST_NO_FOUND);
    assert_int_equal(trust_recfile_end(&reader), TRUST_NO_SYNTAX);
}

static void a_writer_that_is_full_drops_the_record_whole_and_says_so(void **state)
{
    (void)state;
    uint8_t buffer[16 + 2 + 64];
    struct trust_writer writer = trust_writer_init(buffer, sizeof buffer);
    trust_recfile_write_header(&writer, &network);
    assert_false(trust_writer_has_overflowed(&writer));
    trust_recfile_write(&writer, (struct trust_bytes){.data = file, .size = 65});
    assert_true(trust_writer_has_overflowed(&writer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_begins_with_magic_network_and_the_first_size),
        cmocka_unit_test(pieces_of_any_size_give_the_same_records),
        cmocka_unit_test(a_file_that_is_cut_off_is_refused_but_between_records),
        cmocka_unit_test(each_wrong_byte_of_the_frame_has_its_verdict),
        cmocka_unit_test(what_has_no_size_of_a_record_can_be_skipped),
        cmocka_unit_test(an_empty_piece_asks_for_more),
        cmocka_unit_test(a_writer_that_is_full_drops_the_record_whole_and_says_so),
    };
    return cmocka_run_group_tests_name("record/recfile", tests, write_file, NULL);
}
