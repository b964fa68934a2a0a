/* node/store_backup: a copy made while the writer goes on is whole, and never half in its place. */
#include "node/store_backup.h"

#include <dirent.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

static const char *path_of(const struct fixture *fixture, const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", fixture->directory, name);
    return path;
}

static enum trust_error wait_for_backup(struct fixture *fixture)
{
    enum trust_error result = TRUST_OK;
    while (!store_backup_poll(fixture->store, &result))
        (void)fixture_poll(fixture);
    return result;
}

/* Files in the directory whose names begin with prefix. */
static uint32_t count_files(const struct fixture *fixture, const char *prefix)
{
    DIR *directory = opendir(fixture->directory);
    assert_non_null(directory);
    uint32_t count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    assert_int_equal(closedir(directory), 0);
    return count;
}

static void a_backup_made_under_load_restores_to_a_sound_store(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (unsigned i = 0; i < 500; i++) {
        struct fixture_record record = fixture_rate(fixture, i % 3, i, i);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    fixture_submit(fixture, fixture_state(fixture, "cell", "kept"));
    fixture_settle(fixture);
    must(store_backup_start(fixture->store, path_of(fixture, "backup")));
    assert_int_equal(store_backup_start(fixture->store, path_of(fixture, "other")), TRUST_NO_BUSY);
    for (unsigned i = 500; i < 700; i++) {
        struct fixture_record record = fixture_rate(fixture, i % 3, i, i);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    assert_int_equal(wait_for_backup(fixture), TRUST_OK);
    fixture_settle(fixture);
    enum trust_error result = TRUST_OK;
    assert_false(store_backup_poll(fixture->store, &result));
    struct stat status;
    assert_int_equal(stat(path_of(fixture, "backup"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(count_files(fixture, "backup"), 1);
    fixture_stop(fixture);

    struct store_report report;
    must(store_restore(&report, &fixture->options, path_of(fixture, "backup")));
    assert_int_equal(report.complaint_count, 0);
    assert_in_range(report.record_count, 500, 700);
    assert_int_equal(report.author_count, 3);
    uint64_t records = report.record_count;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, records);
    fixture_close(fixture);
}

static void a_backup_that_cannot_be_written_leaves_the_old_one(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    (void)fixture_store(fixture, 0, 1, 1);
    must(store_backup_start(fixture->store, path_of(fixture, "backup")));
    assert_int_equal(wait_for_backup(fixture), TRUST_OK);
    assert_int_equal(store_backup_start(fixture->store, path_of(fixture, "no/such/backup")),
                     TRUST_NO_FILE);
    /* A directory stands where the file should go. */
    assert_int_equal(mkdir(path_of(fixture, "taken"), 0700), 0);
    must(store_backup_start(fixture->store, path_of(fixture, "taken")));
    assert_int_not_equal(wait_for_backup(fixture), TRUST_OK);
    assert_int_equal(count_files(fixture, "taken"), 1);
    assert_int_equal(count_files(fixture, "backup"), 1);
    fixture_close(fixture);
}

static void closing_stops_a_backup_and_leaves_nothing_half(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    for (unsigned i = 0; i < 2000; i++) {
        struct fixture_record record = fixture_rate(fixture, i % 3, i, i);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    fixture_settle(fixture);
    for (int i = 0; i < 10; i++) {
        must(store_backup_start(fixture->store, path_of(fixture, "backup")));
        fixture_stop(fixture);
        /* It had ended by then, or it is not there: nothing between. */
        assert_in_range(count_files(fixture, "backup"), 0, 1);
        assert_int_equal(count_files(fixture, "backup."), 0);
        (void)unlink(path_of(fixture, "backup"));
        fixture_start(fixture);
    }
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_made_under_load_restores_to_a_sound_store),
        cmocka_unit_test(a_backup_that_cannot_be_written_leaves_the_old_one),
        cmocka_unit_test(closing_stops_a_backup_and_leaves_nothing_half),
    };
    return cmocka_run_group_tests_name("node/store_backup", tests, NULL, NULL);
}
