/*
 * node/store_writer: a store without room loses nothing, answers nothing that is not on disk, hears
 * what is erased and goes on by itself; a broken disk is told and never answered over.
 */
#include "node/store_writer.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

/* Submits ratings of author 0 and 1 in turn until the store says that it is full; returns how many
 * were submitted. */
static uint32_t fill(struct fixture *fixture)
{
    struct store_progress progress = {0};
    uint32_t count = 0;
    while (progress.fault == TRUST_OK) {
        assert_in_range(count, 0, 100000);
        for (int i = 0; i < 50; i++, count++) {
            struct fixture_record record = fixture_rate(fixture, count % 2, count, count);
            fixture_submit(fixture, fixture_put(fixture, &record));
        }
        do {
            progress = fixture_poll(fixture);
        } while (progress.fault == TRUST_OK && progress.durable < fixture->number);
    }
    assert_int_equal(progress.fault, TRUST_NO_ROOM);
    assert_in_range(progress.durable, 1, fixture->number - 1);
    return count;
}

/* What is durable can be read, and nothing else is there. */
static void assert_only_durable(struct fixture *fixture)
{
    struct store_progress progress;
    uint64_t damaged = 0;
    store_poll(fixture->store, &progress);
    assert_int_equal(fixture_load(fixture, &damaged).count, progress.durable);
    assert_int_equal(damaged, 0);
}

/* Waits out the fault until everything is durable. */
static void settle(struct fixture *fixture)
{
    struct store_progress progress;
    do {
        progress = fixture_poll(fixture);
    } while (progress.durable < fixture->number);
    assert_int_equal(progress.durable, fixture->number);
    assert_int_equal(progress.fault, TRUST_OK);
    assert_int_equal(progress.fault_code, 0);
}

static void a_full_map_goes_on_when_an_author_is_erased(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", UINT64_C(1) << 20);
    fixture_start(fixture);
    uint32_t count = fill(fixture);
    assert_only_durable(fixture);
    struct store_progress progress;
    store_poll(fixture->store, &progress);
    assert_int_equal(progress.fault_code, MDB_MAP_FULL);
    fixture_submit(fixture, fixture_erase_author(fixture, 0, NULL));
    settle(fixture);
    struct fixture_record later = fixture_store(fixture, 2, 1, 1);
    uint64_t damaged = 0;
    assert_int_equal(fixture_load(fixture, &damaged).count, count / 2 + 1);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, count / 2 + 1);
    assert_int_equal(report.author_count, 2);
    assert_int_equal(later.seq, FIXTURE_SEQ + 1);
    fixture_close(fixture);
}

static void a_full_map_erases_ahead_what_waits_behind_thousands_of_puts(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", UINT64_C(1) << 20);
    fixture_start(fixture);
    (void)fill(fixture);
    for (uint32_t i = 0; i < 800; i++) {
        struct fixture_record record = fixture_rate(fixture, 2, i, i);
        fixture_submit(fixture, fixture_put(fixture, &record));
    }
    struct fixture_record revocation = fixture_rate(fixture, 1, 9, 5000000);
    fixture_submit(fixture, fixture_erase_author(fixture, 0, NULL));
    struct store_change erase = fixture_erase_author(fixture, 1, NULL);
    erase.continues = true;
    struct store_change put = fixture_put(fixture, &revocation);
    erase.head = put.head;
    fixture_submit(fixture, erase);
    fixture_submit(fixture, put);
    settle(fixture);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, 801);
    assert_int_equal(report.author_count, 2);
    fixture_close(fixture);
}

static void closing_a_full_store_ends_and_keeps_what_was_durable(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", UINT64_C(1) << 20);
    fixture_start(fixture);
    (void)fill(fixture);
    struct store_progress progress;
    store_poll(fixture->store, &progress);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_in_range(report.record_count, progress.durable, fixture->number - 1);
    fixture_close(fixture);
}

/* A disk that takes a write in part, then none: as one that is full, or a quota, does. */
static void a_file_that_may_not_grow_goes_on_when_it_may(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    struct fixture *fixture = fixture_make("/tmp", 0);
    fixture_start(fixture);
    struct rlimit limited = {.rlim_cur = 1000 * 1000, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limited), 0);
    uint32_t count = fill(fixture);
    assert_only_durable(fixture);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    settle(fixture);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, count);
    fixture_close(fixture);
}

static void a_full_disk_goes_on_when_room_returns(void **state)
{
    (void)state;
    char mounted[] = "/tmp/repute-disk-XXXXXX";
    assert_non_null(mkdtemp(mounted));
    if (mount("tmpfs", mounted, "tmpfs", 0, "size=3m") != 0) {
        (void)rmdir(mounted);
        skip(); /* only root may mount; the test above stands for it */
    }
    char ballast[64];
    (void)snprintf(ballast, sizeof ballast, "%s/ballast", mounted);
    int fd = open(ballast, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_int_equal(posix_fallocate(fd, 0, 1 << 20), 0);
    assert_int_equal(close(fd), 0);
    struct fixture *fixture = fixture_make(mounted, 0);
    fixture_start(fixture);
    uint32_t count = fill(fixture);
    assert_only_durable(fixture);
    assert_int_equal(unlink(ballast), 0);
    settle(fixture);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, count);
    fixture_close(fixture);
    assert_int_equal(umount(mounted), 0);
    assert_int_equal(rmdir(mounted), 0);
}

static void a_full_disk_goes_on_when_an_author_is_erased(void **state)
{
    (void)state;
    char mounted[] = "/tmp/repute-disk-XXXXXX";
    assert_non_null(mkdtemp(mounted));
    if (mount("tmpfs", mounted, "tmpfs", 0, "size=3m") != 0) {
        (void)rmdir(mounted);
        skip();
    }
    struct fixture *fixture = fixture_make(mounted, 0);
    fixture_start(fixture);
    uint32_t count = fill(fixture);
    fixture_submit(fixture, fixture_erase_author(fixture, 1, NULL));
    settle(fixture);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, count / 2);
    fixture_close(fixture);
    assert_int_equal(umount(mounted), 0);
    assert_int_equal(rmdir(mounted), 0);
}

static void a_broken_disk_is_told_and_answers_nothing(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record stored = fixture_store(fixture, 0, 1, 1);
    uint64_t durable = fixture->number;
    mdb_filehandle_t fd = -1;
    assert_int_equal(mdb_env_get_fd(fixture->store->env.lmdb, &fd), 0);
    int unwritable = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(dup2(unwritable, fd), fd);
    struct fixture_record lost = fixture_rate(fixture, 0, 2, 2);
    struct store_change put = fixture_put(fixture, &lost);
    fixture_submit(fixture, put);
    struct store_progress progress;
    do {
        progress = fixture_poll(fixture);
    } while (progress.fault == TRUST_OK);
    assert_int_equal(progress.fault, TRUST_FAIL_IO);
    assert_int_equal(progress.durable, durable);
    put.number = ++fixture->number;
    assert_int_equal(store_submit(fixture->store, &put), TRUST_FAIL_IO);
    uint64_t damaged = 0;
    struct fixture_seen seen = fixture_load(fixture, &damaged);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.at[0], stored.seq - FIXTURE_SEQ);
    assert_int_equal(close(unwritable), 0);
    struct store_report report;
    assert_int_equal(fixture_verify(fixture, &report), TRUST_OK);
    assert_int_equal(report.record_count, 1);
    fixture_close(fixture);
}

static void a_group_is_committed_whole_or_not_at_all(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_open();
    struct fixture_record first = fixture_rate(fixture, 0, 1, 1);
    struct store_change put = fixture_put(fixture, &first);
    put.continues = true;
    fixture_submit(fixture, put);
    fixture_stop(fixture); /* the rest of the group never comes */
    fixture_start(fixture);
    uint64_t damaged = 0;
    assert_int_equal(fixture_load(fixture, &damaged).count, 0);
    fixture_submit(fixture, put);
    struct fixture_record second = fixture_rate(fixture, 0, 2, 2);
    fixture_submit(fixture, fixture_put(fixture, &second));
    fixture_settle(fixture);
    assert_int_equal(fixture_load(fixture, &damaged).count, 2);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_map_goes_on_when_an_author_is_erased),
        cmocka_unit_test(a_full_map_erases_ahead_what_waits_behind_thousands_of_puts),
        cmocka_unit_test(closing_a_full_store_ends_and_keeps_what_was_durable),
        cmocka_unit_test(a_file_that_may_not_grow_goes_on_when_it_may),
        cmocka_unit_test(a_full_disk_goes_on_when_room_returns),
        cmocka_unit_test(a_full_disk_goes_on_when_an_author_is_erased),
        cmocka_unit_test(a_broken_disk_is_told_and_answers_nothing),
        cmocka_unit_test(a_group_is_committed_whole_or_not_at_all),
    };
    return cmocka_run_group_tests_name("node/store_writer", tests, NULL, NULL);
}
