/* Who may come in: nobody, unless listed, or a newcomer where newcomers are welcome. */
#include "node/link_gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct trust_key key_of(uint16_t number)
{
    struct trust_key key = {{0}};
    key.bytes[0] = (uint8_t)(number >> 8);
    key.bytes[1] = (uint8_t)number;
    key.bytes[31] = 1;
    return key;
}

static int open_gate(void **state)
{
    *state = calloc(1, sizeof(struct link_gate));
    return *state == NULL;
}

static int close_gate(void **state)
{
    free(*state);
    return 0;
}

static enum link_answer judge(struct link_gate *gate, uint16_t number, uint64_t now_ms)
{
    struct trust_key key = key_of(number);
    return link_gate_judge(gate, &key, now_ms);
}

static void allow(struct link_gate *gate, uint16_t number, const char *endpoint)
{
    struct trust_key key = key_of(number);
    assert_int_equal(link_gate_allow(gate, &key, endpoint), TRUST_OK);
}

static void hold(struct link_gate *gate, uint16_t number, uint64_t until_ms, bool banned)
{
    struct trust_key key = key_of(number);
    link_gate_hold(gate, &key, until_ms, banned);
}

static void an_unknown_key_is_told_to_come_later(void **state)
{
    assert_int_equal(judge(*state, 1, 0), LINK_LATER);
}

static void a_listed_key_is_let_in_until_it_is_forgotten(void **state)
{
    struct link_gate *gate = *state;
    struct trust_key key = key_of(1);
    allow(gate, 1, "tcp://a:1");
    assert_string_equal(link_gate_find(gate, &key)->endpoint, "tcp://a:1");
    assert_int_equal(judge(gate, 1, 0), LINK_LET_IN);
    assert_int_equal(judge(gate, 2, 0), LINK_LATER);
    link_gate_forget(gate, &key);
    assert_int_equal(judge(gate, 1, 0), LINK_LATER);
    assert_null(link_gate_find(gate, &key));
}

static void a_held_key_waits_and_a_banned_one_is_refused_until_then(void **state)
{
    struct link_gate *gate = *state;
    allow(gate, 1, "");
    hold(gate, 1, 1000, false);
    assert_int_equal(judge(gate, 1, 999), LINK_LATER);
    assert_int_equal(judge(gate, 1, 1000), LINK_LET_IN);
    hold(gate, 1, 2000, true);
    assert_int_equal(judge(gate, 1, 1999), LINK_NEVER);
    assert_int_equal(judge(gate, 1, 2000), LINK_LET_IN);
}

static void a_hold_outlasts_forgetting_and_ends_alone(void **state)
{
    struct link_gate *gate = *state;
    struct trust_key key = key_of(1);
    allow(gate, 1, "");
    hold(gate, 1, 1000, true);
    link_gate_forget(gate, &key);
    assert_int_equal(judge(gate, 1, 500), LINK_NEVER);
    assert_int_equal(judge(gate, 1, 1000), LINK_LATER);
    assert_null(link_gate_find(gate, &key));
}

static void newcomers_come_in_until_their_pool_is_full(void **state)
{
    struct link_gate *gate = *state;
    gate->newcomers = true;
    assert_int_equal(judge(gate, 1, 0), LINK_LET_IN);
    gate->newcomer_count = LINK_NEWCOMERS_MAX;
    assert_int_equal(judge(gate, 1, 0), LINK_LATER);
    allow(gate, 2, "");
    assert_int_equal(judge(gate, 2, 0), LINK_LET_IN);
    gate->newcomer_count = 0;
    hold(gate, 1, 1000, true);
    assert_int_equal(judge(gate, 1, 0), LINK_NEVER);
}

static void holds_make_room_for_each_other_and_for_listed_keys(void **state)
{
    struct link_gate *gate = *state;
    allow(gate, 9999, "");
    for (uint16_t i = 0; i < LINK_KEYS_MAX - 1; i++)
        hold(gate, i, 1000u + i, true);
    hold(gate, 5000, 90000, true);
    assert_int_equal(judge(gate, 5000, 0), LINK_NEVER);
    assert_int_equal(judge(gate, 0, 0), LINK_LATER);
    assert_int_equal(judge(gate, 1, 0), LINK_NEVER);
    allow(gate, 9998, "");
    assert_int_equal(judge(gate, 9998, 0), LINK_LET_IN);
    assert_int_equal(judge(gate, 1, 0), LINK_LATER);
    assert_int_equal(judge(gate, 9999, 0), LINK_LET_IN);
}

static void listed_keys_never_make_room(void **state)
{
    struct link_gate *gate = *state;
    for (uint16_t i = 0; i < LINK_KEYS_MAX; i++)
        allow(gate, i, "");
    struct trust_key key = key_of(5000);
    assert_int_equal(link_gate_allow(gate, &key, ""), TRUST_NO_ROOM);
    hold(gate, 5000, 1000, true);
    assert_int_equal(judge(gate, 5000, 0), LINK_LATER);
    for (uint16_t i = 0; i < LINK_KEYS_MAX; i++)
        assert_int_equal(judge(gate, i, 0), LINK_LET_IN);
}

static void the_secret_of_an_invite_is_wiped(void **state)
{
    struct link_gate *gate = *state;
    static const uint8_t zeros[32];
    struct trust_key key = key_of(1);
    allow(gate, 1, "tcp://a:1");
    struct link_known *known = link_gate_find(gate, &key);
    known->has_secret = true;
    memset(known->secret, 7, sizeof known->secret);
    link_gate_retire_secret(known);
    assert_false(known->has_secret);
    assert_memory_equal(known->secret, zeros, sizeof zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define GATE_TEST(name) cmocka_unit_test_setup_teardown(name, open_gate, close_gate)
        GATE_TEST(an_unknown_key_is_told_to_come_later),
        GATE_TEST(a_listed_key_is_let_in_until_it_is_forgotten),
        GATE_TEST(a_held_key_waits_and_a_banned_one_is_refused_until_then),
        GATE_TEST(a_hold_outlasts_forgetting_and_ends_alone),
        GATE_TEST(newcomers_come_in_until_their_pool_is_full),
        GATE_TEST(holds_make_room_for_each_other_and_for_listed_keys),
        GATE_TEST(listed_keys_never_make_room),
        GATE_TEST(the_secret_of_an_invite_is_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
