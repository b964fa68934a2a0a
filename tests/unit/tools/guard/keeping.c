/* guard/keeping: on a home of its own. */
#include "guard/keeping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "host/files.h"
#include "record/key.h"

static const char *const names[] = {"keys/operator.pub", "pins/g.json", "keys", "pins", ""};

struct desk {
    char folder[64];
    struct trust_home home;
    struct trust_config config;
    struct keeping keeping;
    struct pins_fault fault;
};

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    (void)snprintf(desk->folder, sizeof desk->folder, "/tmp/rptXXXXXX");
    assert_non_null(mkdtemp(desk->folder));
    const struct trust_home_inputs inputs = {.option = desk->folder};
    assert_int_equal(trust_home_find(&desk->home, &inputs), TRUST_OK);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    char path[128];
    keeping_close(&desk->keeping);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", desk->folder, names[i]);
        if (unlink(path) != 0)
            (void)rmdir(path);
    }
    free(desk);
    return 0;
}

static void put(const struct desk *desk, const char *folder, const char *name, const char *text)
{
    char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", desk->folder, folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/%s", desk->folder, name);
    assert_int_equal(trust_file_write(path, trust_bytes_text(text), 0600), TRUST_OK);
}

static enum trust_error open_it(struct desk *desk)
{
    return keeping_open(&desk->keeping, &desk->fault, &desk->home, &desk->config, "g");
}

static void a_new_home_has_nobody_and_gets_its_folder(void **state)
{
    struct desk *desk = *state;
    char path[128];
    struct stat found;
    assert_int_equal(open_it(desk), TRUST_OK);
    assert_false(desk->keeping.has_operator);
    assert_non_null(desk->keeping.pins);
    (void)snprintf(path, sizeof path, "%s/pins", desk->folder);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0700);
}

static void the_operator_is_that_of_the_configuration_or_of_the_file(void **state)
{
    struct desk *desk = *state;
    struct trust_key key = {.bytes = {1, 2, 3}};
    char text[TRUST_KEY_TEXT_SIZE + 1];
    trust_key_encode(text, &key, TRUST_KEY_OPERATOR);
    (void)strcat(text, "\n");
    put(desk, "keys", "keys/operator.pub", text);
    assert_int_equal(open_it(desk), TRUST_OK);
    assert_true(desk->keeping.has_operator);
    assert_memory_equal(&desk->keeping.operator_key, &key, sizeof key);
    keeping_close(&desk->keeping);
    desk->config.operator_key.is_set = true;
    desk->config.operator_key.key.bytes[0] = 9;
    assert_int_equal(open_it(desk), TRUST_OK);
    assert_int_equal(desk->keeping.operator_key.bytes[0], 9);
}

static void what_is_broken_is_named_and_left_as_it_is(void **state)
{
    struct desk *desk = *state;
    put(desk, "pins", "pins/g.json", "{ this is none");
    assert_int_equal(open_it(desk), TRUST_NO_SYNTAX);
    assert_non_null(strstr(desk->fault.text, "/pins/g.json"));
    put(desk, "keys", "keys/operator.pub", "rpt1nonsense\n");
    assert_true(open_it(desk) > TRUST_OK);
    assert_non_null(strstr(desk->fault.text, "/keys/operator.pub: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_home_has_nobody_and_gets_its_folder, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_operator_is_that_of_the_configuration_or_of_the_file,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_broken_is_named_and_left_as_it_is, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("guard/keeping", tests, NULL, NULL);
}
