/* client/withheld_list: every line that can be read holds, and what was read once is not forgotten.
 */
#include "client/withheld_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "world.h"

static struct trust_client_withheld read_lines(struct world *world, const char *lines)
{
    struct trust_client_withheld withheld = {0};
    world_write(world, TRUST_HOME_WITHHELD, lines);
    trust_client_withheld_refresh(&withheld, world_path(world, TRUST_HOME_WITHHELD),
                                  (struct trust_mono){atomic_load(&world->now_ms)});
    return withheld;
}

static void refresh(struct world *world, struct trust_client_withheld *withheld)
{
    world_pass(world, 1000, false);
    trust_client_withheld_refresh(withheld, world_path(world, TRUST_HOME_WITHHELD),
                                  (struct trust_mono){atomic_load(&world->now_ms)});
}

static enum trust_quarantine_state state_of(const struct trust_client_withheld *withheld,
                                            const char *subject, uint64_t wall_ms)
{
    const struct trust_client_target target = world_target(subject);
    return trust_client_withheld_state(withheld, target.digest, (struct trust_wall){wall_ms});
}

static void each_line_withholds_its_server_and_the_strictest_counts(void **state)
{
    struct trust_client_withheld withheld =
        read_lines(*state, "mcp:io.example/c - quarantined 2001-09-09T01:46:40Z\n"
                           "mcp:io.example/a - banned -\n"
                           "mcp:io.example/b "
                           "00000000000000000000000000000000000000000000000000000000000000aa "
                           "investigating -\n"
                           "mcp:io.example/a - investigating -\n");
    assert_int_equal(withheld.count, 4);
    assert_false(withheld.is_incomplete);
    assert_int_equal(state_of(&withheld, "mcp:io.example/a", 1), TRUST_QUARANTINE_BANNED);
    assert_int_equal(state_of(&withheld, "mcp:io.example/b", 1), TRUST_QUARANTINE_INVESTIGATING);
    assert_int_equal(state_of(&withheld, "mcp:io.example/c", 999999999999),
                     TRUST_QUARANTINE_QUARANTINED);
    assert_int_equal(state_of(&withheld, "mcp:io.example/c", 1000000000000),
                     TRUST_QUARANTINE_INVESTIGATING);
    assert_int_equal(state_of(&withheld, "mcp:io.example/d", 1), TRUST_QUARANTINE_OK);
    trust_client_withheld_close(&withheld);
}

static void damaged_lines_are_told_of_and_the_others_hold(void **state)
{
    struct trust_client_withheld withheld =
        read_lines(*state, "mcp:io.example/a - banned -\nnonsense\n\nmcp:io.example/b - banned -");
    assert_int_equal(withheld.count, 2);
    assert_true(withheld.is_incomplete);
    assert_int_equal(state_of(&withheld, "mcp:io.example/a", 1), TRUST_QUARANTINE_BANNED);
    assert_int_equal(state_of(&withheld, "mcp:io.example/b", 1), TRUST_QUARANTINE_BANNED);
    trust_client_withheld_close(&withheld);
}

static void a_list_that_goes_stays_in_force_and_a_new_one_replaces_it(void **state)
{
    struct world *world = *state;
    struct trust_client_withheld withheld = read_lines(world, "mcp:io.example/a - banned -\n");
    assert_int_equal(unlink(world_path(world, TRUST_HOME_WITHHELD)), 0);
    refresh(world, &withheld);
    assert_int_equal(state_of(&withheld, "mcp:io.example/a", 1), TRUST_QUARANTINE_BANNED);
    assert_int_equal(symlink("/etc/passwd", world_path(world, TRUST_HOME_WITHHELD)), 0);
    refresh(world, &withheld);
    assert_true(withheld.is_incomplete);
    assert_int_equal(state_of(&withheld, "mcp:io.example/a", 1), TRUST_QUARANTINE_BANNED);
    assert_int_equal(unlink(world_path(world, TRUST_HOME_WITHHELD)), 0);
    world_write(world, TRUST_HOME_WITHHELD, "mcp:io.example/b - banned -\n");
    refresh(world, &withheld);
    assert_false(withheld.is_incomplete);
    assert_int_equal(state_of(&withheld, "mcp:io.example/a", 1), TRUST_QUARANTINE_OK);
    assert_int_equal(state_of(&withheld, "mcp:io.example/b", 1), TRUST_QUARANTINE_BANNED);
    world_write(world, TRUST_HOME_WITHHELD, "");
    refresh(world, &withheld);
    assert_int_equal(withheld.count, 0);
    assert_false(withheld.is_incomplete);
    trust_client_withheld_close(&withheld);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_line_withholds_its_server_and_the_strictest_counts),
        TEST(damaged_lines_are_told_of_and_the_others_hold),
        TEST(a_list_that_goes_stays_in_force_and_a_new_one_replaces_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
