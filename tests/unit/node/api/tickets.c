/* node/api/tickets: each verdict reaches the holder of its ticket, with the record's index. */
#include "node/api/tickets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct heard {
    uint32_t count;
    uint32_t index;
    enum trust_error error;
};

static void hear(void *context, uint32_t index, const struct trust_verdict_action *verdict)
{
    struct heard *heard = context;
    *heard = (struct heard){.count = heard->count + 1, .index = index, .error = verdict->error};
}

static void tell(struct tickets *tickets, uint64_t ticket, enum trust_error error)
{
    const struct trust_verdict_action verdict = {.ticket = ticket, .error = error};
    tickets_tell(tickets, &verdict);
}

static void a_verdict_reaches_its_holder(void **state)
{
    (void)state;
    struct tickets tickets = {0};
    struct heard heard[2] = {0};
    uint64_t first[2];
    assert_true(tickets_take(&tickets, &first[0], hear, &heard[0]));
    assert_true(tickets_take(&tickets, &first[1], hear, &heard[1]));
    tell(&tickets, first[1] + 63, TRUST_NO_OLDER);
    assert_int_equal(heard[0].count, 0);
    assert_int_equal(heard[1].count, 1);
    assert_int_equal(heard[1].index, 63);
    assert_int_equal(heard[1].error, TRUST_NO_OLDER);
    tell(&tickets, first[0], TRUST_OK);
    assert_int_equal(heard[0].count, 1);
    assert_int_equal(heard[0].index, 0);
}

static void what_was_given_back_is_heard_by_nobody(void **state)
{
    (void)state;
    struct tickets tickets = {0};
    struct heard heard = {0};
    uint64_t first = 0;
    assert_true(tickets_take(&tickets, &first, hear, &heard));
    tickets_give(&tickets, first);
    tell(&tickets, first, TRUST_OK);
    assert_int_equal(heard.count, 0);
}

static void there_are_as_many_blocks_as_calls_may_wait(void **state)
{
    (void)state;
    struct tickets tickets = {0};
    struct heard heard = {0};
    uint64_t first = 0;
    for (int i = 0; i < TRUST_API_HELD_MAX; i++)
        assert_true(tickets_take(&tickets, &first, hear, &heard));
    uint64_t none = 0;
    assert_false(tickets_take(&tickets, &none, hear, &heard));
    tickets_give(&tickets, first);
    assert_true(tickets_take(&tickets, &none, hear, &heard));
    assert_int_equal(none, first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_reaches_its_holder),
        cmocka_unit_test(what_was_given_back_is_heard_by_nobody),
        cmocka_unit_test(there_are_as_many_blocks_as_calls_may_wait),
    };
    return cmocka_run_group_tests_name("node/api/tickets", tests, NULL, NULL);
}
