/* node/store_env: a store that is not ours to open, or not whole, is refused by its name. */
#include "node/store_env.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "host/files.h"

/* A closed store with three records in it. */
static struct fixture *make_store(void)
{
    struct fixture *fixture = fixture_open();
    for (uint64_t i = 0; i < 3; i++)
        (void)fixture_store(fixture, i, 1, i);
    fixture_stop(fixture);
    return fixture;
}

static const char *path_of(const struct fixture *fixture, const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", fixture->path, name);
    return path;
}

static void assert_refused(const struct fixture *fixture, enum trust_error expected)
{
    struct store *store = NULL;
    assert_int_equal(store_open(&store, &fixture->options), expected);
    assert_null(store);
    struct store_report report;
    assert_int_equal(store_verify(&report, &fixture->options, fixture_ignore, NULL), expected);
}

static int raise_schema(const struct store_env *env, MDB_txn *txn)
{
    MDB_val key = store_val("identity", 8);
    MDB_val value;
    uint8_t bytes[20];
    int code = mdb_get(txn, env->tables[STORE_META], &key, &value);
    assert_int_equal(code, 0);
    assert_int_equal(value.mv_size, sizeof bytes);
    memcpy(bytes, value.mv_data, sizeof bytes);
    assert_int_equal(bytes[3], STORE_SCHEMA);
    bytes[3]++;
    value = store_val(bytes, sizeof bytes);
    return mdb_put(txn, env->tables[STORE_META], &key, &value, 0);
}

static void a_store_of_a_newer_program_is_refused(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    fixture_edit(fixture, raise_schema);
    assert_refused(fixture, TRUST_NO_VERSION);
    fixture_close(fixture);
}

static void a_store_of_another_network_is_refused(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    must(trust_network_init(&fixture->options.network, "other"));
    assert_refused(fixture, TRUST_NO_NETWORK);
    fixture_close(fixture);
}

static void without_its_check_key_a_store_is_refused(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    assert_int_equal(chmod(path_of(fixture, "check.key"), 0640), 0);
    assert_refused(fixture, TRUST_NO_FILE);
    assert_int_equal(unlink(path_of(fixture, "check.key")), 0);
    assert_refused(fixture, TRUST_NO_FILE);
    static const uint8_t another[16] = {1};
    must(trust_file_write(path_of(fixture, "check.key"), (struct trust_bytes){another, 16}, 0600));
    assert_refused(fixture, TRUST_NO_FILE);
    must(trust_file_write(path_of(fixture, "check.key"), (struct trust_bytes){another, 15}, 0600));
    assert_refused(fixture, TRUST_NO_FILE);
    fixture_close(fixture);
}

static void the_files_of_a_store_are_private_and_its_key_is_its_own(void **state)
{
    (void)state;
    struct fixture *left = make_store();
    struct fixture *right = make_store();
    static const char *const names[] = {"data.mdb", "lock.mdb", "check.key"};
    for (size_t i = 0; i < 3; i++) {
        struct stat status;
        assert_int_equal(stat(path_of(left, names[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
    uint8_t keys[2][16];
    size_t size = 0;
    must(trust_file_read_secret(path_of(left, "check.key"), keys[0], &size, 16));
    assert_int_equal(size, 16);
    must(trust_file_read_secret(path_of(right, "check.key"), keys[1], &size, 16));
    assert_memory_not_equal(keys[0], keys[1], 16);
    fixture_close(left);
    fixture_close(right);
}

static void a_file_cut_short_is_refused_before_it_is_read(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    struct stat status;
    assert_int_equal(stat(path_of(fixture, "data.mdb"), &status), 0);
    assert_int_equal(truncate(path_of(fixture, "data.mdb"), status.st_size - 4096), 0);
    assert_refused(fixture, TRUST_FAIL_CORRUPT);
    assert_int_equal(truncate(path_of(fixture, "data.mdb"), 3 * 4096), 0);
    assert_refused(fixture, TRUST_FAIL_CORRUPT);
    fixture_close(fixture);
}

static void a_file_that_is_no_store_is_refused(void **state)
{
    (void)state;
    static uint8_t noise[16384];
    struct fixture *fixture = make_store();
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (uint8_t)(i * 31);
    must(trust_file_write(path_of(fixture, "data.mdb"), (struct trust_bytes){noise, sizeof noise},
                          0600));
    assert_refused(fixture, TRUST_FAIL_CORRUPT);
    fixture_close(fixture);
}

static void a_directory_that_is_not_there_is_refused(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", 0);
    assert_int_equal(rmdir(fixture->path), 0);
    assert_refused(fixture, TRUST_NO_FILE);
    fixture_close(fixture);
}

static void numbers_of_lmdb_and_the_system_become_ours(void **state)
{
    (void)state;
    static const struct {
        int code;
        enum trust_error error;
    } rows[] = {
        {0, TRUST_OK},
        {MDB_NOTFOUND, TRUST_NO_FOUND},
        {MDB_MAP_FULL, TRUST_NO_ROOM},
        {MDB_TXN_FULL, TRUST_NO_ROOM},
        {ENOSPC, TRUST_NO_ROOM},
        {EDQUOT, TRUST_NO_ROOM},
        {EFBIG, TRUST_NO_ROOM},
        {ENOMEM, TRUST_FAIL_MEMORY},
        {EIO, TRUST_FAIL_IO},
        {EBADF, TRUST_FAIL_IO},
        {MDB_CORRUPTED, TRUST_FAIL_CORRUPT},
        {MDB_PAGE_NOTFOUND, TRUST_FAIL_CORRUPT},
        {MDB_PANIC, TRUST_FAIL_CORRUPT},
        {MDB_VERSION_MISMATCH, TRUST_NO_VERSION},
        {MDB_BAD_DBI, TRUST_FAIL_LIBRARY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(store_env_error(rows[i].code), rows[i].error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_of_a_newer_program_is_refused),
        cmocka_unit_test(a_store_of_another_network_is_refused),
        cmocka_unit_test(without_its_check_key_a_store_is_refused),
        cmocka_unit_test(the_files_of_a_store_are_private_and_its_key_is_its_own),
        cmocka_unit_test(a_file_cut_short_is_refused_before_it_is_read),
        cmocka_unit_test(a_file_that_is_no_store_is_refused),
        cmocka_unit_test(a_directory_that_is_not_there_is_refused),
        cmocka_unit_test(numbers_of_lmdb_and_the_system_become_ours),
    };
    return cmocka_run_group_tests_name("node/store_env", tests, NULL, NULL);
}
