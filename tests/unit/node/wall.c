/* node/wall: a clock that leapt ahead is not believed until time or peers confirm it. */
#include "node/wall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"

#define START_MS UINT64_C(1800000000000)
#define YEAR_MS UINT64_C(31536000000)

static const struct wall_peers nobody = {0};

static struct trust_now at(uint64_t wall_ms, uint64_t mono_ms)
{
    return (struct trust_now){.wall = {START_MS + wall_ms}, .mono = {mono_ms}};
}

static void time_that_passes_is_believed(void **state)
{
    (void)state;
    struct wall wall = {.good = at(0, 1000)};
    assert_int_equal(wall_look(&wall, nobody, at(5000, 6000)), WALL_SAME);
    assert_int_equal(wall.good.wall.ms, START_MS + 5000);
    /* A year asleep: both clocks went on. */
    assert_int_equal(wall_look(&wall, nobody, at(YEAR_MS, YEAR_MS)), WALL_SAME);
    assert_int_equal(wall_look(&wall, nobody, at(YEAR_MS + TRUST_CLOCK_LEAP_MS, YEAR_MS)),
                     WALL_SAME);
    /* And back: nothing ends by that. */
    assert_int_equal(wall_look(&wall, nobody, at(0, YEAR_MS)), WALL_SAME);
    assert_false(wall.has_leapt);
    assert_int_equal(wall.good.wall.ms, START_MS);
}

static void a_leap_is_not_believed_for_a_day(void **state)
{
    (void)state;
    struct wall wall = {.good = at(0, 1000)};
    uint64_t leap_ms = TRUST_CLOCK_LEAP_MS + 1;
    assert_int_equal(wall_look(&wall, nobody, at(leap_ms, 1000)), WALL_LEAPT);
    assert_true(wall.has_leapt);
    uint64_t day_ms = TRUST_CLOCK_CONFIRM_MS;
    assert_int_equal(wall_look(&wall, nobody, at(leap_ms + day_ms - 1, 1000 + day_ms - 1)),
                     WALL_SAME);
    assert_true(wall.has_leapt);
    assert_int_equal(wall.good.wall.ms, START_MS);
    assert_int_equal(wall_look(&wall, nobody, at(leap_ms + day_ms, 1000 + day_ms)), WALL_BELIEVED);
    assert_false(wall.has_leapt);
    assert_int_equal(wall.good.wall.ms, START_MS + leap_ms + day_ms);
}

static void a_clock_that_is_set_right_again_is_believed_at_once(void **state)
{
    (void)state;
    struct wall wall = {.good = at(0, 1000)};
    assert_int_equal(wall_look(&wall, nobody, at(3 * YEAR_MS, 2000)), WALL_LEAPT);
    assert_int_equal(wall_look(&wall, nobody, at(9000, 10000)), WALL_BELIEVED);
    assert_int_equal(wall.good.wall.ms, START_MS + 9000);
}

static void peers_confirm_it_or_gainsay_it(void **state)
{
    (void)state;
    static const struct {
        struct wall_peers peers;
        uint64_t passed_ms;
        enum wall_change expected;
    } rows[] = {
        {{0, 0}, 1000, WALL_SAME},
        {{1, 0}, 1000, WALL_BELIEVED},
        {{1, 1}, 1000, WALL_SAME},
        {{2, 1}, 1000, WALL_BELIEVED},
        {{0, 1}, TRUST_CLOCK_CONFIRM_MS, WALL_SAME},
        {{0, 0}, TRUST_CLOCK_CONFIRM_MS, WALL_BELIEVED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wall wall = {.good = at(0, 0)};
        assert_int_equal(wall_look(&wall, rows[i].peers, at(YEAR_MS, 0)), WALL_LEAPT);
        uint64_t passed_ms = rows[i].passed_ms;
        assert_int_equal(wall_look(&wall, rows[i].peers, at(YEAR_MS + passed_ms, passed_ms)),
                         rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_that_passes_is_believed),
        cmocka_unit_test(a_leap_is_not_believed_for_a_day),
        cmocka_unit_test(a_clock_that_is_set_right_again_is_believed_at_once),
        cmocka_unit_test(peers_confirm_it_or_gainsay_it),
    };
    return cmocka_run_group_tests_name("node/wall", tests, NULL, NULL);
}
