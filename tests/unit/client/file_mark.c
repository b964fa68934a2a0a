/* client/file_mark: a changed file is seen, at most once a second. */
#include "client/file_mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

static bool look(struct world *world, struct trust_client_file_mark *mark)
{
    return trust_client_file_mark_is_new(mark, world_path(world, TRUST_HOME_CONFIG),
                                         (struct trust_mono){atomic_load(&world->now_ms)});
}

static void a_file_is_new_when_it_appears_is_replaced_or_goes(void **state)
{
    struct world *world = *state;
    struct trust_client_file_mark mark = {0};
    assert_true(look(world, &mark));
    assert_false(mark.is_there);
    world_write(world, TRUST_HOME_CONFIG, "a");
    assert_false(look(world, &mark));
    world_pass(world, 999, false);
    assert_false(look(world, &mark));
    world_pass(world, 1, false);
    assert_true(look(world, &mark));
    assert_true(mark.is_there);
    assert_int_equal(mark.size, 1);
    world_pass(world, 1000, false);
    assert_false(look(world, &mark));
    world_write(world, TRUST_HOME_CONFIG, "b");
    world_pass(world, 1000, false);
    assert_true(look(world, &mark));
    assert_int_equal(unlink(world_path(world, TRUST_HOME_CONFIG)), 0);
    world_pass(world, 1000, false);
    assert_true(look(world, &mark));
    assert_false(mark.is_there);
    world_pass(world, 1000, false);
    assert_false(look(world, &mark));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_new_when_it_appears_is_replaced_or_goes,
                                        world_setup, world_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
