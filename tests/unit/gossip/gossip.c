/* gossip/gossip: whole machines over a lossy network in virtual time. */
#include "gossip/gossip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#define AUTHORS 12u

static void a_record_reaches_the_next_node_within_a_second(void **state)
{
    (void)state;
    struct swarm *swarm = open_swarm(2, 1, true);
    connect(swarm, 0, 1);
    want(swarm, 0, 5, TRUST_WANT_NAMED);
    want(swarm, 1, 5, TRUST_WANT_WEIGHT);
    run(swarm, 3000);
    assert_int_equal(publish(swarm, 0, rate(5, 1, START_WALL_MS, 700)), TRUST_OK);
    run(swarm, 1000);
    assert_int_equal(head_at(swarm, 1, 5).count, 1);
    assert_int_equal(head_at(swarm, 1, 5).seq, START_WALL_MS);
    assert_int_equal(swarm->nodes[1].verified, 1);
    close_swarm(swarm);
}

static void everyone_wants(struct swarm *swarm, uint64_t authors)
{
    for (uint32_t at = 0; at < swarm->count; at++)
        for (uint64_t author = 0; author < authors; author++)
            want(swarm, at, author, author == at ? TRUST_WANT_NAMED : TRUST_WANT_WEIGHT);
}

/* Ratings of few servers, so that registers are set anew; now and then two of one seq, and the
 * revocation of author 0 at the end. */
static void publish_some(struct swarm *swarm, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = (uint32_t)trust_random_below(&swarm->random, swarm->count);
        uint64_t author = trust_random_below(&swarm->random, AUTHORS);
        uint64_t server = trust_random_below(&swarm->random, 40);
        uint64_t seq = START_WALL_MS + swarm->now_ms;
        uint16_t value = (uint16_t)trust_random_below(&swarm->random, 1000);
        (void)publish(swarm, at, rate(author, server, seq, value));
        if (i % 10 == 0)
            (void)publish(swarm, (at + 1) % swarm->count,
                          rate(author, server, seq, (uint16_t)(value + 1)));
        run(swarm, trust_random_below(&swarm->random, 300));
    }
}

static void assert_converges_after_partition(uint64_t seed)
{
    struct swarm *swarm = open_swarm(5, seed, true);
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (uint32_t at = 0; at < 5; at++)
        connect(swarm, at, (at + 1) % 5);
    everyone_wants(swarm, AUTHORS);
    run(swarm, 5000);
    swarm->loss_percent = 20;
    publish_some(swarm, 100);
    cut(swarm, 0, 1);
    cut(swarm, 2, 3);
    publish_some(swarm, 100);
    assert_int_equal(publish(swarm, 1, revoke(0, START_WALL_MS - 5)), TRUST_OK);
    run(swarm, 1000);
    heal(swarm, 0, 1);
    heal(swarm, 2, 3);
    swarm->loss_percent = 2;
    uint64_t took_ms = run_until_converged(swarm, AUTHORS, 900000);
    print_message("# converged after %llu ms\n", (unsigned long long)took_ms);
    assert_true(has_converged(swarm, AUTHORS));
    assert_true(took_ms <= 600000);
    assert_int_equal(head_at(swarm, 4, 0).count, 1);
    assert_true(head_at(swarm, 4, 1).count > 5);
    for (uint32_t at = 0; at < 5; at++) {
        const struct traffic *traffic = &swarm->traffic[at];
        assert_true(traffic->sync_out <=
                    TRUST_SYNC_FACTOR * traffic->sync_in +
                        (size_t)TRUST_SYNC_BASE_SIZE * traffic->sync_frames_out);
        assert_int_equal(traffic->records_unasked, 0);
        assert_int_equal(traffic->drops, 0);
    }
    close_swarm(swarm);
}

static void machines_converge_after_loss_and_partition(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++)
        assert_converges_after_partition(seed);
}

int main(void)
{
    if (trust_sodium_start() != TRUST_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_reaches_the_next_node_within_a_second),
        cmocka_unit_test(machines_converge_after_loss_and_partition),
    };
    return cmocka_run_group_tests_name("gossip/gossip", tests, NULL, NULL);
}
