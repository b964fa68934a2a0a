/* node/api/spool: what is received in pieces is one file, and a broken one is none. */
#include "node/api/spool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/writer.h"

#define FILE_SIZE_MAX 2048

struct made {
    uint8_t bytes[FILE_SIZE_MAX];
    size_t size;
    struct trust_network network;
};

static struct made make_file(const char *network, uint32_t records)
{
    static const uint8_t record[TRUST_RECORD_SIZE_MIN] = {7};
    struct made made;
    assert_int_equal(trust_network_init(&made.network, network), TRUST_OK);
    struct trust_writer writer = trust_writer_init(made.bytes, sizeof made.bytes);
    trust_recfile_write_header(&writer, &made.network);
    for (uint32_t i = 0; i < records; i++)
        trust_recfile_write(&writer, (struct trust_bytes){record, sizeof record});
    made.size = writer.size;
    return made;
}

static struct spool open_spool(uint64_t limit)
{
    struct spool spool;
    assert_int_equal(spool_open(&spool, "/tmp", limit), TRUST_OK);
    return spool;
}

static void pieces_of_any_size_make_the_file(void **state)
{
    (void)state;
    struct made made = make_file("main", 5);
    for (size_t piece = 1; piece < 40; piece++) {
        struct spool spool = open_spool(FILE_SIZE_MAX);
        for (size_t at = 0; at < made.size; at += piece) {
            size_t size = made.size - at < piece ? made.size - at : piece;
            assert_int_equal(spool_add(&spool, (struct trust_bytes){made.bytes + at, size}),
                             TRUST_OK);
        }
        struct trust_bytes records;
        assert_int_equal(spool_map(&spool, &records, &made.network), TRUST_OK);
        assert_int_equal(spool.counter.count, 5);
        assert_int_equal(records.size, made.size - TRUST_RECFILE_HEADER_SIZE);
        assert_memory_equal(records.data, made.bytes + TRUST_RECFILE_HEADER_SIZE, records.size);
        spool_close(&spool);
    }
}

static enum trust_error map_of(const uint8_t *bytes, size_t size, const char *network)
{
    struct spool spool = open_spool(FILE_SIZE_MAX);
    struct trust_network wanted;
    struct trust_bytes records;
    assert_int_equal(trust_network_init(&wanted, network), TRUST_OK);
    assert_int_equal(spool_add(&spool, (struct trust_bytes){bytes, size}), TRUST_OK);
    enum trust_error error = spool_map(&spool, &records, &wanted);
    spool_close(&spool);
    return error;
}

static void a_file_is_whole_only_at_the_end_of_a_record(void **state)
{
    (void)state;
    struct made made = make_file("main", 2);
    for (size_t size = 1; size <= made.size; size++) {
        bool is_whole = size >= TRUST_RECFILE_HEADER_SIZE &&
                        (size - TRUST_RECFILE_HEADER_SIZE) % (TRUST_RECORD_SIZE_MIN + 2) == 0;
        assert_int_equal(map_of(made.bytes, size, "main"), is_whole ? TRUST_OK : TRUST_NO_SYNTAX);
    }
}

static void other_files_and_networks_are_refused(void **state)
{
    (void)state;
    struct made made = make_file("main", 1);
    assert_int_equal(map_of(made.bytes, made.size, "other"), TRUST_NO_NETWORK);
    made.bytes[0] = 'X';
    assert_int_equal(map_of(made.bytes, made.size, "main"), TRUST_NO_SYNTAX);
}

static void the_limit_is_exact(void **state)
{
    (void)state;
    struct made made = make_file("main", 3);
    struct spool spool = open_spool(made.size);
    assert_int_equal(spool_add(&spool, (struct trust_bytes){made.bytes, made.size}), TRUST_OK);
    assert_int_equal(spool_add(&spool, (struct trust_bytes){made.bytes, 1}), TRUST_NO_SIZE);
    assert_int_equal(spool.size, made.size);
    spool_close(&spool);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct spool spool = {.fd = -1};
    assert_int_equal(spool_open(&spool, "/nowhere/at/all", 1), TRUST_NO_FILE);
    spool_close(&spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_any_size_make_the_file),
        cmocka_unit_test(a_file_is_whole_only_at_the_end_of_a_record),
        cmocka_unit_test(other_files_and_networks_are_refused),
        cmocka_unit_test(the_limit_is_exact),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests_name("node/api/spool", tests, NULL, NULL);
}
