/* host/files: a file is replaced whole or not at all, and a secret is read only if it was one. */
#include "host/files.h"

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

static char directory[64];
static char path[96];

static int make_directory(void **state)
{
    (void)state;
    (void)snprintf(directory, sizeof directory, "/tmp/repute-files-XXXXXX");
    if (mkdtemp(directory) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/file", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", directory);
    return system(command);
}

static enum trust_error write_text(const char *text, mode_t mode)
{
    return trust_file_write(path, (struct trust_bytes){(const uint8_t *)text, strlen(text)}, mode);
}

static void a_file_is_written_replaced_and_read_back(void **state)
{
    (void)state;
    char text[16];
    size_t size = 0;
    assert_int_equal(trust_file_read(path, text, &size, sizeof text), TRUST_NO_FOUND);
    assert_int_equal(write_text("first", 0600), TRUST_OK);
    assert_int_equal(write_text("second", 0640), TRUST_OK);
    assert_int_equal(trust_file_read(path, text, &size, sizeof text), TRUST_OK);
    assert_int_equal(size, 6);
    assert_memory_equal(text, "second", 6);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
}

static void an_error_leaves_the_old_file_and_no_other(void **state)
{
    (void)state;
    char command[160];
    assert_int_equal(write_text("old", 0600), TRUST_OK);
    /* The name of a directory that is not empty cannot be taken by a rename. */
    (void)snprintf(command, sizeof command, "mkdir -p '%s/taken/full'", directory);
    assert_int_equal(system(command), 0);
    (void)snprintf(path, sizeof path, "%s/taken", directory);
    assert_int_not_equal(write_text("new", 0600), TRUST_OK);
    (void)snprintf(command, sizeof command, "test \"$(ls '%s' | tr '\\n' ' ')\" = 'file taken '",
                   directory);
    assert_int_equal(system(command), 0);
    (void)snprintf(path, sizeof path, "%s/missing/file", directory);
    assert_int_equal(write_text("new", 0600), TRUST_NO_FILE);
}

static void a_file_is_created_only_where_nothing_is(void **state)
{
    (void)state;
    const struct trust_bytes first = {(const uint8_t *)"first", 5};
    const struct trust_bytes second = {(const uint8_t *)"second", 6};
    char command[160];
    char text[16];
    size_t size = 0;
    assert_int_equal(trust_file_create(path, first, 0600), TRUST_OK);
    assert_int_equal(trust_file_create(path, second, 0600), TRUST_NO_CONFLICT);
    assert_int_equal(trust_file_read_secret(path, text, &size, sizeof text), TRUST_OK);
    assert_int_equal(size, 5);
    assert_memory_equal(text, "first", 5);
    /* A link that leads nowhere is something too: nothing is written through it. */
    assert_int_equal(unlink(path), 0);
    (void)snprintf(command, sizeof command, "ln -s gone '%s'", path);
    assert_int_equal(system(command), 0);
    assert_int_equal(trust_file_create(path, second, 0600), TRUST_NO_CONFLICT);
    (void)snprintf(command, sizeof command, "test \"$(ls '%s')\" = file", directory);
    assert_int_equal(system(command), 0);
    (void)snprintf(path, sizeof path, "%s/missing/file", directory);
    assert_int_equal(trust_file_create(path, first, 0600), TRUST_NO_FILE);
}

static void a_file_takes_its_name_only_where_nothing_is(void **state)
{
    (void)state;
    char finished[96];
    char text[8];
    size_t size = 0;
    assert_int_equal(write_text("old", 0600), TRUST_OK);
    (void)snprintf(finished, sizeof finished, "%s/finished", directory);
    assert_int_equal(trust_file_write(finished, trust_bytes_text("new"), 0600), TRUST_OK);
    assert_int_equal(trust_file_settle(finished, path), TRUST_NO_CONFLICT);
    assert_int_equal(trust_file_read(path, text, &size, sizeof text), TRUST_OK);
    assert_memory_equal(text, "old", 3);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(trust_file_settle(finished, path), TRUST_OK);
    assert_int_equal(trust_file_read(path, text, &size, sizeof text), TRUST_OK);
    assert_memory_equal(text, "new", 3);
    assert_int_equal(trust_file_settle(finished, path), TRUST_NO_FILE);
}

static void a_file_over_its_bound_is_refused(void **state)
{
    (void)state;
    char text[5];
    size_t size = 0;
    assert_int_equal(write_text("12345", 0600), TRUST_OK);
    assert_int_equal(trust_file_read(path, text, &size, 5), TRUST_OK);
    assert_int_equal(size, 5);
    assert_int_equal(trust_file_read(path, text, &size, 4), TRUST_NO_SIZE);
}

static void a_secret_that_others_could_read_is_refused(void **state)
{
    (void)state;
    static const struct {
        mode_t mode;
        enum trust_error expected;
    } rows[] = {
        {0600, TRUST_OK},      {0400, TRUST_OK},      {0640, TRUST_NO_FILE},
        {0604, TRUST_NO_FILE}, {0620, TRUST_NO_FILE}, {0602, TRUST_NO_FILE},
    };
    char text[8];
    size_t size = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(write_text("secret", rows[i].mode), TRUST_OK);
        assert_int_equal(trust_file_read_secret(path, text, &size, sizeof text), rows[i].expected);
        assert_int_equal(trust_file_read(path, text, &size, sizeof text), TRUST_OK);
    }
}

static void links_directories_and_pipes_are_no_files(void **state)
{
    (void)state;
    char other[96];
    char text[8];
    size_t size = 0;
    assert_int_equal(write_text("secret", 0600), TRUST_OK);
    (void)snprintf(other, sizeof other, "%s/link", directory);
    assert_int_equal(symlink(path, other), 0);
    assert_int_equal(trust_file_read_secret(other, text, &size, sizeof text), TRUST_NO_FILE);
    assert_int_equal(trust_file_read(other, text, &size, sizeof text), TRUST_NO_FILE);
    assert_int_equal(trust_file_read_secret(directory, text, &size, sizeof text), TRUST_NO_FILE);
    (void)snprintf(other, sizeof other, "%s/pipe", directory);
    assert_int_equal(mkfifo(other, 0600), 0);
    assert_int_equal(trust_file_read_secret(other, text, &size, sizeof text), TRUST_NO_FILE);
}

static void a_secret_of_another_user_is_refused(void **state)
{
    (void)state;
    char text[8];
    size_t size = 0;
    if (geteuid() != 0)
        skip(); /* only root can give a file away */
    assert_int_equal(write_text("secret", 0600), TRUST_OK);
    assert_int_equal(chown(path, 1, 1), 0);
    assert_int_equal(trust_file_read_secret(path, text, &size, sizeof text), TRUST_NO_FILE);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(a_file_is_written_replaced_and_read_back),
        FRESH(an_error_leaves_the_old_file_and_no_other),
        FRESH(a_file_is_created_only_where_nothing_is),
        FRESH(a_file_takes_its_name_only_where_nothing_is),
        FRESH(a_file_over_its_bound_is_refused),
        FRESH(a_secret_that_others_could_read_is_refused),
        FRESH(links_directories_and_pipes_are_no_files),
        FRESH(a_secret_of_another_user_is_refused),
    };
    return cmocka_run_group_tests_name("host/files", tests, NULL, NULL);
}
