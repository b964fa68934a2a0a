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

static struct trust_session *open_one(uint32_t peer, uint32_t number, bool is_ours)
{
    struct trust_session_terms terms = {
        .peer = peer, .number = number, .is_ours = is_ours, .is_listed = true};
    return trust_sessions_open(&sessions, &terms, now);
}

static void two_sessions_a_peer_and_eight_in_all(void **state)
{
    (void)state;
    for (uint32_t peer = 0; peer < 4; peer++) {
        assert_non_null(open_one(peer, 10, true));
        assert_non_null(open_one(peer, 11, false));
        assert_null(open_one(peer, 12, true));
    }
    assert_null(open_one(5, 10, true));
    trust_session_close(trust_sessions_find(&sessions, 2, 11));
    assert_null(trust_sessions_find(&sessions, 2, 11));
    struct trust_session *session = open_one(5, 10, true);
    assert_non_null(session);
    assert_ptr_equal(trust_sessions_find(&sessions, 5, 10), session);
    assert_true(trust_sessions_has_ours(&sessions, 2));
    trust_session_close(trust_sessions_find(&sessions, 2, 10));
    assert_false(trust_sessions_has_ours(&sessions, 2));
}

static void peers_open_six_and_two_are_left_for_ours(void **state)
{
    (void)state;
    for (uint32_t peer = 0; peer < 6; peer++)
        assert_non_null(open_one(peer, 11, false));
    assert_null(open_one(6, 11, false));
    assert_non_null(open_one(6, 10, true));
    assert_non_null(open_one(7, 10, true));
    assert_null(open_one(8, 10, true));
}

static const struct trust_session *yielding_to(bool is_ours, bool is_listed, uint64_t after_ms)
{
    struct trust_session_terms terms = {.peer = 20, .is_ours = is_ours, .is_listed = is_listed};
    struct trust_mono later = {.ms = now.ms + after_ms};
    return trust_sessions_yielding(&sessions, &terms, later);
}

static void where_all_are_taken_the_one_that_brought_least_makes_room(void **state)
{
    (void)state;
    for (uint32_t peer = 0; peer < 8; peer++)
        open_one(peer, 10, peer >= 6)->brought = 20 - peer;
    assert_null(yielding_to(true, true, TRUST_SESSION_YIELD_MS - 1));
    assert_int_equal(yielding_to(true, true, TRUST_SESSION_YIELD_MS)->peer, 7);
    /* Those kept for us are not taken by a peer's. */
    assert_int_equal(yielding_to(false, true, TRUST_SESSION_YIELD_MS)->peer, 5);
    trust_sessions_find(&sessions, 5, 10)->news_ms++;
    assert_int_equal(yielding_to(false, true, TRUST_SESSION_YIELD_MS)->peer, 4);
    trust_sessions_find(&sessions, 3, 10)->brought = 16;
    trust_sessions_find(&sessions, 3, 10)->news_ms--;
    assert_int_equal(yielding_to(false, true, TRUST_SESSION_YIELD_MS)->peer, 3);
}

static void a_configured_peer_comes_before_a_newcomer(void **state)
{
    (void)state;
    for (uint32_t peer = 0; peer < 6; peer++)
        assert_non_null(open_one(peer, 10, false));
    assert_null(yielding_to(false, false, 10 * TRUST_SESSION_YIELD_MS));
    struct trust_session *newcomer = trust_sessions_find(&sessions, 2, 10);
    newcomer->is_listed = false;
    newcomer->brought = 100;
    assert_ptr_equal(yielding_to(false, true, 0), newcomer);
    assert_ptr_equal(yielding_to(false, true, 10 * TRUST_SESSION_YIELD_MS), newcomer);
    assert_null(yielding_to(false, false, 0));
    assert_ptr_equal(yielding_to(false, false, TRUST_SESSION_YIELD_MS), newcomer);
    /* Of those that were given up before, the next one that was not takes the place at once. */
    newcomer->is_listed = true;
    newcomer->given_up = 1;
    assert_ptr_equal(yielding_to(false, true, 0), newcomer);
    /* Nobody makes room for a peer that has its two. */
    struct trust_session_terms terms = {.peer = 1, .number = 12, .is_ours = true};
    assert_non_null(trust_sessions_open(&sessions, &terms, now));
    terms.is_listed = true;
    assert_null(trust_sessions_yielding(&sessions, &terms, now));
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
    struct trust_session *first = open_one(1, 10, true);
    struct trust_session *second = open_one(2, 10, true);
    assert_int_not_equal(first->ticket, second->ticket);
    assert_null(trust_sessions_find_read(&sessions, second->ticket));
    second->serve.state = TRUST_SERVE_READING;
    assert_ptr_equal(trust_sessions_find_read(&sessions, second->ticket), second);
    uint32_t old_ticket = second->ticket;
    trust_session_close(second);
    assert_null(trust_sessions_find_read(&sessions, old_ticket));
    second = open_one(2, 10, true);
    second->serve.state = TRUST_SERVE_READING;
    assert_null(trust_sessions_find_read(&sessions, old_ticket));
}

static void frames_out_are_four_times_those_in_and_4_kib_a_round(void **state)
{
    (void)state;
    struct trust_session *session = open_one(1, 10, true);
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
        FRESH(peers_open_six_and_two_are_left_for_ours),
        FRESH(where_all_are_taken_the_one_that_brought_least_makes_room),
        FRESH(a_configured_peer_comes_before_a_newcomer),
        FRESH(numbers_have_the_parity_of_their_side),
        FRESH(a_read_finds_the_session_that_waits_for_it),
        FRESH(frames_out_are_four_times_those_in_and_4_kib_a_round),
    };
    return cmocka_run_group_tests_name("gossip/session", tests, NULL, NULL);
}
