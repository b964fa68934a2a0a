/* node/store_restore: only what verifies comes back, in one rename, and the old store stays. */
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

#include "base/bytes.h"
#include "fixture.h"
#include "host/files.h"

#define RECORDS 40u

static const char *path_of(const struct fixture *fixture, const char *name)
{
    static char paths[2][128];
    static int turn;
    turn = !turn;
    (void)snprintf(paths[turn], sizeof paths[turn], "%s/%s", fixture->directory, name);
    return paths[turn];
}

/* A closed store of 40 records of four authors and one state entry, and its backup "backup". */
static struct fixture *make_store(void)
{
    struct fixture *fixture = fixture_open();
    for (unsigned i = 0; i < RECORDS; i++) {
        struct fixture_record record = fixture_rate(fixture, i % 4, i, i);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    fixture_submit(fixture, fixture_state(fixture, "cell", "kept"));
    fixture_settle(fixture);
    must(store_backup_start(fixture->store, path_of(fixture, "backup")));
    enum trust_error result = TRUST_FAIL_IO;
    while (!store_backup_poll(fixture->store, &result))
        (void)fixture_poll(fixture);
    must(result);
    fixture_stop(fixture);
    return fixture;
}

static bool keep(void *context, struct trust_bytes key, struct trust_bytes value)
{
    char *text = context;
    (void)snprintf(text, 32, "%.*s=%.*s", (int)key.size, (const char *)key.data, (int)value.size,
                   (const char *)value.data);
    return true;
}

static void what_was_lost_since_the_backup_comes_back_and_the_rest_is_kept_beside(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    fixture_start(fixture);
    fixture_submit(fixture, fixture_erase_author(fixture, 2, NULL));
    fixture_settle(fixture);
    fixture_stop(fixture);
    struct store_report report;
    for (int i = 0; i < 2; i++) { /* the second finds an older one beside it */
        must(store_restore(&report, &fixture->options, path_of(fixture, "backup")));
        assert_int_equal(report.record_count, RECORDS);
        assert_int_equal(report.author_count, 4);
        assert_int_equal(report.complaint_count, 0);
    }
    assert_int_equal(access(path_of(fixture, "store.replaced/data.mdb"), F_OK), 0);
    assert_int_equal(access(path_of(fixture, "store.restoring"), F_OK), -1);
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, RECORDS);
    fixture_start(fixture);
    char text[32] = "";
    must(store_read_state(fixture->store, (struct trust_bytes){0}, keep, text));
    assert_string_equal(text, "cell=kept");
    fixture_close(fixture);
}

static void a_machine_without_a_store_gets_one(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    char command[160];
    (void)snprintf(command, sizeof command, "rm -r '%s'", fixture->path);
    assert_int_equal(system(command), 0);
    struct store_report report;
    must(store_restore(&report, &fixture->options, path_of(fixture, "backup")));
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, RECORDS);
    fixture_close(fixture);
}

static void the_data_file_of_a_store_that_lost_its_check_key_is_a_backup_too(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    assert_int_equal(rename(path_of(fixture, "store/data.mdb"), path_of(fixture, "orphan")), 0);
    struct store_report report;
    must(store_restore(&report, &fixture->options, path_of(fixture, "orphan")));
    assert_int_equal(report.record_count, RECORDS);
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    fixture_close(fixture);
}

/* Flips one bit of every byte of the backup's pages that holds a record's signature, in turn with
 * others: wherever the bit lies, no wrong record may come back. */
static void flipped_bits_bring_no_wrong_record_back(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    struct fixture_record wanted = fixture_rate(fixture, 0, 4, 4);
    static uint8_t whole[1 << 20];
    size_t size = 0;
    must(trust_file_read(path_of(fixture, "backup"), whole, &size, sizeof whole));
    uint8_t *found = memmem(whole, size, wanted.bytes.data, wanted.bytes.size);
    assert_non_null(found);
    for (size_t i = 0; i < wanted.bytes.size; i += 7) {
        found[i] ^= (uint8_t)(1u << (i % 8));
        must(
            trust_file_write(path_of(fixture, "flipped"), (struct trust_bytes){whole, size}, 0600));
        found[i] ^= (uint8_t)(1u << (i % 8));
        struct store_report report;
        must(store_restore(&report, &fixture->options, path_of(fixture, "flipped")));
        assert_int_equal(report.record_count, RECORDS - 1);
        assert_int_equal(report.complaint_count, 1);
    }
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    fixture_close(fixture);
}

static void what_is_no_backup_leaves_the_store_alone(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    struct store_report report;
    struct stat status;
    assert_int_equal(store_restore(&report, &fixture->options, path_of(fixture, "none")),
                     TRUST_NO_FILE);
    must(trust_file_write(path_of(fixture, "noise"), trust_bytes_text("no backup at all"), 0600));
    assert_int_equal(store_restore(&report, &fixture->options, path_of(fixture, "noise")),
                     TRUST_NO_FILE);
    assert_int_equal(stat(path_of(fixture, "backup"), &status), 0);
    assert_int_equal(truncate(path_of(fixture, "backup"), status.st_size - 4096), 0);
    assert_int_equal(store_restore(&report, &fixture->options, path_of(fixture, "backup")),
                     TRUST_FAIL_CORRUPT);
    struct store_options other = fixture->options;
    must(trust_network_init(&other.network, "other"));
    assert_int_equal(store_restore(&report, &other, path_of(fixture, "store/data.mdb")),
                     TRUST_NO_NETWORK);
    assert_int_equal(access(path_of(fixture, "store.restoring"), F_OK), -1);
    assert_int_equal(access(path_of(fixture, "store.replaced"), F_OK), -1);
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, RECORDS);
    fixture_close(fixture);
}

static void a_key_of_another_order_is_named_and_does_not_come_back(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", 0);
    must(trust_network_init(&fixture->network, "main"));
    fixture->options.network = fixture->network;
    fixture_start(fixture);
    (void)fixture_store(fixture, 0, 1, 1);
    struct fixture_record record = fixture_order_2l();
    struct trust_signature signature = fixture_signature(&record);
    struct store_change put = {.kind = STORE_PUT,
                               .urgent = true,
                               .number = ++fixture->number,
                               .author = record.author,
                               .seq = record.seq,
                               .id = record.id,
                               .place = record.place,
                               .head = {.seq = record.seq},
                               .bytes = fixture_bytes(&record)};
    trust_head_add(&put.head, &record.id, &signature);
    fixture_submit(fixture, put);
    fixture_settle(fixture);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_FAIL_CORRUPT);
    assert_int_equal(report.complaint_count, 1);
    assert_int_equal(report.record_count, 1);
    must(store_restore(&report, &fixture->options, path_of(fixture, "store/data.mdb")));
    assert_int_equal(report.complaint_count, 1);
    assert_int_equal(report.record_count, 1);
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    fixture_close(fixture);
}

static void a_directory_with_other_files_is_not_thrown_away(void **state)
{
    (void)state;
    struct fixture *fixture = make_store();
    assert_int_equal(mkdir(path_of(fixture, "store.replaced"), 0700), 0);
    must(trust_file_write(path_of(fixture, "store.replaced/mine"), trust_bytes_text("x"), 0600));
    struct store_report report;
    assert_int_equal(store_restore(&report, &fixture->options, path_of(fixture, "backup")),
                     TRUST_NO_CONFLICT);
    assert_int_equal(access(path_of(fixture, "store.replaced/mine"), F_OK), 0);
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_lost_since_the_backup_comes_back_and_the_rest_is_kept_beside),
        cmocka_unit_test(a_machine_without_a_store_gets_one),
        cmocka_unit_test(the_data_file_of_a_store_that_lost_its_check_key_is_a_backup_too),
        cmocka_unit_test(flipped_bits_bring_no_wrong_record_back),
        cmocka_unit_test(what_is_no_backup_leaves_the_store_alone),
        cmocka_unit_test(a_key_of_another_order_is_named_and_does_not_come_back),
        cmocka_unit_test(a_directory_with_other_files_is_not_thrown_away),
    };
    return cmocka_run_group_tests_name("node/store_restore", tests, NULL, NULL);
}
