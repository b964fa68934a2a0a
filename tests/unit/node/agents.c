/* node/agents: who counts as one agent. */
#include "node/agents.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"

static const struct trust_siphash_key key = {.low = 1, .high = 2};

static struct agents init(void)
{
    struct agents agents;
    agents_init(&agents, key);
    return agents;
}

static uint64_t number(struct agents *agents, uint32_t uid, uint64_t connection, uint64_t ms)
{
    const struct agents_caller caller = {.uid = uid, .connection = connection};
    return agents_number(agents, &caller, (struct trust_mono){.ms = ms});
}

static void one_user_is_told_apart_by_connection(void **state)
{
    (void)state;
    struct agents agents = init();
    uint64_t first = number(&agents, 7, 1, 1000);
    assert_int_equal(number(&agents, 7, 1, 2000), first);
    assert_int_not_equal(number(&agents, 7, 2, 2000), first);
}

static void who_has_no_connection_of_its_own_is_its_user(void **state)
{
    (void)state;
    struct agents agents = init();
    uint64_t user = number(&agents, 7, 0, 1000);
    assert_int_equal(number(&agents, 7, 0, 2000), user);
    assert_int_not_equal(number(&agents, 7, 1, 2000), user);
}

static void where_several_users_call_an_agent_is_its_user(void **state)
{
    (void)state;
    struct agents agents = init();
    (void)number(&agents, 7, 1, 1000);
    uint64_t eight = number(&agents, 8, 2, 2000);
    uint64_t seven = number(&agents, 7, 1, 3000);
    assert_int_not_equal(seven, eight);
    assert_int_equal(number(&agents, 7, 9, 4000), seven);
    assert_int_equal(number(&agents, 7, 0, 4000), seven);
    assert_int_equal(number(&agents, 8, 9, 5000), eight);
}

static void a_user_who_went_long_ago_does_not_count(void **state)
{
    (void)state;
    struct agents agents = init();
    (void)number(&agents, 7, 1, 1000);
    (void)number(&agents, 8, 2, 2000);
    uint64_t later = 2000 + TRUST_AGENTS_USERS_MS;
    assert_int_equal(number(&agents, 8, 1, later - 1), number(&agents, 8, 2, later - 1));
    assert_int_not_equal(number(&agents, 8, 1, later), number(&agents, 8, 2, later));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_user_is_told_apart_by_connection),
        cmocka_unit_test(who_has_no_connection_of_its_own_is_its_user),
        cmocka_unit_test(where_several_users_call_an_agent_is_its_user),
        cmocka_unit_test(a_user_who_went_long_ago_does_not_count),
    };
    return cmocka_run_group_tests_name("agents", tests, NULL, NULL);
}
