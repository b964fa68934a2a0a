/* board/mapping: real files in a folder of their own, and every file that is no board. */
#include "board/mapping.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "boarding.h"

#define CAPACITY 64u

struct folder {
    char path[64];
    char board[80];
    char temporary[96];
    struct trust_board_writer writer;
    struct trust_board reader;
};

static struct trust_now at(uint64_t ms)
{
    return (struct trust_now){.wall.ms = 5000000 + ms, .mono.ms = 1000000 + ms};
}

static int open_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof *folder);
    if (folder == NULL)
        return -1;
    snprintf(folder->path, sizeof folder->path, "/tmp/repute-board-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    snprintf(folder->board, sizeof folder->board, "%s/board", folder->path);
    snprintf(folder->temporary, sizeof folder->temporary, "%s.new", folder->board);
    *state = folder;
    return 0;
}

static int close_folder(void **state)
{
    struct folder *folder = *state;
    trust_board_mapping_close(&folder->writer);
    trust_board_close(&folder->reader);
    unlink(folder->board);
    unlink(folder->temporary);
    int failure = rmdir(folder->path);
    free(folder);
    return failure;
}

/* A board with the numbers 1..count, published at ms. */
static void publish(struct folder *folder, struct trust_board_writer *writer, uint32_t count,
                    uint64_t ms)
{
    struct trust_board_params params = params_of(CAPACITY);
    params.now = at(ms);
    assert_int_equal(trust_board_mapping_open(writer, folder->board, &params), TRUST_OK);
    for (uint32_t i = 1; i <= count; i++) {
        struct trust_board_cell cell = cell_of(i, i + (uint32_t)ms);
        assert_int_equal(trust_board_writer_put(writer, &cell), TRUST_OK);
    }
    assert_int_equal(trust_board_mapping_publish(folder->board), TRUST_OK);
}

static enum trust_error look_up(const struct trust_board *board, uint32_t number,
                                uint64_t *out_updated_ms)
{
    struct trust_board_handle handle;
    struct trust_board_cell cell;
    uint8_t subject[32];
    subject_of(subject, number);
    trust_board_handle_init(&handle, subject);
    enum trust_error error = trust_board_find(board, &cell, &handle);
    if (error == TRUST_OK)
        *out_updated_ms = cell.updated.ms;
    return error;
}

static void write_file(const char *path, const void *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void what_was_put_before_publishing_is_there_and_later_changes_follow(void **state)
{
    struct folder *folder = *state;
    publish(folder, &folder->writer, 3, 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, at(0).mono), TRUST_OK);
    uint64_t updated_ms = 0;
    assert_int_equal(look_up(&folder->reader, 3, &updated_ms), TRUST_OK);
    assert_int_equal(updated_ms, 3);
    assert_int_equal(look_up(&folder->reader, 4, &updated_ms), TRUST_NO_FOUND);
    struct trust_board_cell cell = cell_of(4, 44);
    assert_int_equal(trust_board_writer_put(&folder->writer, &cell), TRUST_OK);
    assert_int_equal(look_up(&folder->reader, 4, &updated_ms), TRUST_OK);
    assert_int_equal(updated_ms, 44);
    assert_false(trust_board_refresh(&folder->reader, at(2000)));
}

static void the_file_is_private_to_owner_and_group_and_allocated_whole(void **state)
{
    struct folder *folder = *state;
    mode_t mask = umask(0);
    publish(folder, &folder->writer, 1, 0);
    umask(mask);
    struct stat status;
    assert_int_equal(stat(folder->board, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
    assert_int_equal(status.st_size, trust_board_size(CAPACITY));
    assert_true(status.st_blocks * 512 >= status.st_size);
    assert_int_not_equal(access(folder->temporary, F_OK), 0);
}

static void a_reader_follows_to_the_board_that_supersedes(void **state)
{
    struct folder *folder = *state;
    publish(folder, &folder->writer, 1, 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, at(0).mono), TRUST_OK);
    struct trust_board_writer second = {0};
    publish(folder, &second, 2, 1000);
    /* a retry too early is none */
    assert_false(trust_board_refresh(&folder->reader, at(99)));
    assert_true(trust_board_refresh(&folder->reader, at(1000)));
    uint64_t updated_ms = 0;
    assert_int_equal(look_up(&folder->reader, 2, &updated_ms), TRUST_OK);
    assert_int_equal(updated_ms, 1002);
    assert_int_equal(trust_board_basis(&folder->reader, at(1000)).kind, TRUST_BASIS_FRESH);
    assert_false(trust_board_refresh(&folder->reader, at(1500)));
    trust_board_mapping_close(&second);
}

static void a_reader_of_an_abandoned_board_keeps_it_until_a_new_writer_comes(void **state)
{
    struct folder *folder = *state;
    publish(folder, &folder->writer, 1, 0);
    trust_board_mapping_close(&folder->writer);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, at(0).mono), TRUST_OK);
    assert_false(trust_board_refresh(&folder->reader, at(60000)));
    struct trust_basis basis = trust_board_basis(&folder->reader, at(60000));
    assert_int_equal(basis.kind, TRUST_BASIS_STALE);
    assert_int_equal(basis.age_s, 60);
    uint64_t updated_ms = 0;
    assert_int_equal(look_up(&folder->reader, 1, &updated_ms), TRUST_OK);
    publish(folder, &folder->writer, 2, 60500);
    assert_true(trust_board_refresh(&folder->reader, at(60500)));
    assert_int_equal(trust_board_basis(&folder->reader, at(60500)).kind, TRUST_BASIS_FRESH);
}

static void a_missing_board_is_found_once_it_is_published(void **state)
{
    struct folder *folder = *state;
    assert_int_equal(trust_board_open(&folder->reader, folder->board, at(0).mono), TRUST_NO_FILE);
    uint64_t updated_ms = 0;
    assert_int_equal(look_up(&folder->reader, 1, &updated_ms), TRUST_NO_NODE);
    assert_int_equal(trust_board_basis(&folder->reader, at(0)).kind, TRUST_BASIS_NONE);
    publish(folder, &folder->writer, 1, 50);
    assert_false(trust_board_refresh(&folder->reader, at(99)));
    assert_true(trust_board_refresh(&folder->reader, at(100)));
    assert_int_equal(look_up(&folder->reader, 1, &updated_ms), TRUST_OK);
}

static void files_that_are_no_boards_are_refused_by_name(void **state)
{
    struct folder *folder = *state;
    struct trust_mono now = at(0).mono;
    static uint8_t zeros[8192];
    write_file(folder->board, zeros, 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, now), TRUST_NO_VERSION);
    write_file(folder->board, zeros, 4095);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, now), TRUST_NO_VERSION);
    write_file(folder->board, zeros, sizeof zeros);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, now), TRUST_NO_VERSION);
    unlink(folder->board);
    assert_int_equal(mkdir(folder->board, 0700), 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, now), TRUST_NO_FILE);
    assert_int_equal(rmdir(folder->board), 0);
    assert_int_equal(mkfifo(folder->board, 0600), 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, now), TRUST_NO_FILE);
    unlink(folder->board);
    assert_int_equal(symlink("/etc/passwd", folder->board), 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, now), TRUST_NO_FILE);
}

static void a_board_cut_short_is_corrupt_and_does_not_replace_a_good_one(void **state)
{
    struct folder *folder = *state;
    publish(folder, &folder->writer, 1, 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, at(0).mono), TRUST_OK);
    /* another file at the path: what is mapped stays mapped */
    uint8_t head[5000];
    memcpy(head, folder->reader.data, sizeof head);
    unlink(folder->board);
    write_file(folder->board, head, sizeof head);
    assert_false(trust_board_refresh(&folder->reader, at(9000)));
    uint64_t updated_ms = 0;
    assert_int_equal(look_up(&folder->reader, 1, &updated_ms), TRUST_OK);
    struct trust_board other;
    assert_int_equal(trust_board_open(&other, folder->board, at(0).mono), TRUST_FAIL_CORRUPT);
    assert_int_equal(look_up(&other, 1, &updated_ms), TRUST_NO_NODE);
    trust_board_close(&other);
}

static void publishing_replaces_whatever_file_stands_there(void **state)
{
    struct folder *folder = *state;
    write_file(folder->board, "not a board", 11);
    publish(folder, &folder->writer, 1, 0);
    assert_int_equal(trust_board_open(&folder->reader, folder->board, at(0).mono), TRUST_OK);
}

static void a_folder_that_is_not_there_is_an_error_for_the_writer(void **state)
{
    struct folder *folder = *state;
    struct trust_board_params params = params_of(CAPACITY);
    struct trust_board_writer writer = {0};
    assert_int_equal(trust_board_mapping_open(&writer, "/nonexistent/board", &params),
                     TRUST_FAIL_IO);
    assert_null(writer.header);
    assert_int_equal(trust_board_mapping_publish(folder->board), TRUST_FAIL_IO);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, open_folder, close_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_put_before_publishing_is_there_and_later_changes_follow),
        CASE(the_file_is_private_to_owner_and_group_and_allocated_whole),
        CASE(a_reader_follows_to_the_board_that_supersedes),
        CASE(a_reader_of_an_abandoned_board_keeps_it_until_a_new_writer_comes),
        CASE(a_missing_board_is_found_once_it_is_published),
        CASE(files_that_are_no_boards_are_refused_by_name),
        CASE(a_board_cut_short_is_corrupt_and_does_not_replace_a_good_one),
        CASE(publishing_replaces_whatever_file_stands_there),
        CASE(a_folder_that_is_not_there_is_an_error_for_the_writer),
    };
    return cmocka_run_group_tests_name("board/mapping", tests, NULL, NULL);
}
