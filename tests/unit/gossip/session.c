/* gossip/session: the table of sessions, its limits, and what a session may send. */
#include "gossip/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node.h"

static struct node node;
static struct trust_interest interest;
static struct trust_sessions sessions;
static uint8_t *memory;
static const struct trust_mono now = {.ms = 100};

static void cut_parts(struct trust_arena *arena)
{
    trust_interest_init(&interest, arena, 2048, (struct trust_siphash_key){.low = 1}, false);
    trust_sessions_init(&sessions, arena, &interest, &node.ledger, 40);
}

static int open_sessions(void **state)
{
    (void)state;
    open_node(&node, 0, 1, false, (struct trust_now){.mono = {1}});
    struct trust_arena arena = {0};
    cut_parts(&arena);
    size_t size = arena.size;
    memory = calloc(1, size);
    arena = (struct trust_arena){.memory = memory, .capacity = size};
    cut_parts(&arena);
    return memory == NULL;
}

static int close_sessions(void **state)
{
    (void)state;
    free(memory);
    close_node(&node);
    return 0;
}

static void two_sessions_a_peer_and_eight_in_all(void **state)
{
    (void)state;
    for (uint32_t peer = 0; peer < 4; peer++) {
        assert_non_null(trust_sessions_open(&sessions, peer, 10, true, now));
        assert_non_null(trust_sessions_open(&sessions, peer, 11, false, now));
        assert_null(trust_sessions_open(&sessions, peer, 12, true, now));
    }
    assert_null(trust_sessions_open(&sessions, 5, 10, true, now));
    trust_session_close(trust_sessions_find(&sessions, 2, 11));
    assert_null(trust_sessions_find(&sessions, 2, 11));
    struct trust_session *session = trust_sessions_open(&sessions, 5, 10, true, now);
    assert_non_null(session);
    assert_ptr_equal(trust_sessions_find(&sessions, 5, 10), session);
    assert_true(trust_sessions_has_ours(&sessions, 2));
    trust_session_close(trust_sessions_find(&sessions, 2, 10));
    assert_false(trust_sessions_has_ours(&sessions, 2));
}

static void numbers_have_the_parity_of_their_side(void **state)
{
    (void)state;
    assert_int_equal(trust_sessions_number(&sessions, true), 81);
    assert_int_equal(trust_sessions_number(&sessions, false), 82);
    assert_int_equal(trust_sessions_number(&sessions, true), 85);
}

static void a_read_finds_the_session_that_waits_for_it(void **state)
{
    (void)state;
    struct trust_session *first = trust_sessions_open(&sessions, 1, 10, true, now);
    struct trust_session *second = trust_sessions_open(&sessions, 2, 10, true, now);
    assert_int_not_equal(first->ticket, second->ticket);
    assert_null(trust_sessions_find_read(&sessions, second->ticket));
    second->serve.state = TRUST_SERVE_READING;
    assert_ptr_equal(trust_sessions_find_read(&sessions, second->ticket), second);
    uint32_t old_ticket = second->ticket;
    trust_session_close(second);
    assert_null(trust_sessions_find_read(&sessions, old_ticket));
    second = trust_sessions_open(&sessions, 2, 10, true, now);
    second->serve.state = TRUST_SERVE_READING;
    assert_null(trust_sessions_find_read(&sessions, old_ticket));
}

static void frames_out_are_four_times_those_in_and_4_kib_a_round(void **state)
{
    (void)state;
    struct trust_session *session = trust_sessions_open(&sessions, 1, 10, true, now);
    assert_int_equal(trust_session_allowance(session), 4096);
    session->out_size = 4000;
    session->out_count = 1;
    assert_int_equal(trust_session_allowance(session), 96 + 4096);
    session->in_size = 1000;
    assert_int_equal(trust_session_allowance(session), 96 + 4096 + 4000);
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, open_sessions, close_sessions)

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        FRESH(two_sessions_a_peer_and_eight_in_all),
        FRESH(numbers_have_the_parity_of_their_side),
        FRESH(a_read_finds_the_session_that_waits_for_it),
        FRESH(frames_out_are_four_times_those_in_and_4_kib_a_round),
    };
    return cmocka_run_group_tests_name("gossip/session", tests, NULL, NULL);
}
