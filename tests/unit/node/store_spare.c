/* node/store_spare: the room is really on the disk, and really given back. */
#include "node/store_spare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/limits.h"

/* Bytes of disk that the file takes; a hole takes none. */
static uint64_t disk_size(const char *path)
{
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    return (uint64_t)status.st_blocks * 512;
}

static void the_room_is_held_let_go_and_held_again(void **state)
{
    (void)state;
    char directory[] = "/tmp/repute-spare-XXXXXX";
    char path[64];
    assert_non_null(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/spare", directory);
    for (int i = 0; i < 2; i++) {
        struct store_spare spare = store_spare_open(directory);
        assert_true(spare.is_held);
        assert_in_range(disk_size(path), TRUST_STORE_SPARE_SIZE, 2 * TRUST_STORE_SPARE_SIZE);
        store_spare_let_go(&spare);
        assert_false(spare.is_held);
        assert_int_equal(disk_size(path), 0);
        store_spare_hold(&spare);
        assert_true(spare.is_held);
        assert_in_range(disk_size(path), TRUST_STORE_SPARE_SIZE, 2 * TRUST_STORE_SPARE_SIZE);
        store_spare_close(&spare);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(directory), 0);
}

static void a_store_goes_without_where_no_file_can_be_made(void **state)
{
    (void)state;
    struct store_spare spare = store_spare_open("/nonexistent/store");
    assert_false(spare.is_held);
    store_spare_let_go(&spare);
    store_spare_hold(&spare);
    assert_false(spare.is_held);
    store_spare_close(&spare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_room_is_held_let_go_and_held_again),
        cmocka_unit_test(a_store_goes_without_where_no_file_can_be_made),
    };
    return cmocka_run_group_tests_name("node/store_spare", tests, NULL, NULL);
}
