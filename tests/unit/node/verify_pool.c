/* node/verify_pool: every record gets its own verdict, with several workers and a full pool. */
#include "node/verify_pool.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

/* Waits for one job and takes it in. */
static uint32_t take(struct verify_pool *pool, struct verify_verdict *out_verdicts)
{
    struct pollfd watched = {.fd = verify_pool_fd(pool), .events = POLLIN};
    assert_int_equal(poll(&watched, 1, 10000), 1);
    uint32_t count = verify_pool_poll(pool, out_verdicts);
    assert_in_range(count, 1, TRUST_VERIFY_BATCH);
    return count;
}

static void each_record_of_a_job_gets_its_own_verdict(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", 0);
    struct verify_pool *pool = NULL;
    must(verify_pool_open(&pool, 1, &fixture->network));
    struct fixture_record good = fixture_rate(fixture, 0, 1, 1);
    struct fixture_record wrong = fixture_rate(fixture, 0, 1, 2);
    wrong.bytes.data[wrong.bytes.size - 1] ^= 1;
    const struct verify_item items[] = {
        {.token = 10, .bytes = fixture_bytes(&good), .check_key = true},
        {.token = 11, .bytes = fixture_bytes(&wrong)},
        {.token = 12, .bytes = {.data = good.bytes.data, .size = 10}},
        {.token = 13, .bytes = fixture_bytes(&good)},
    };
    assert_int_equal(verify_pool_submit(pool, items, 4), TRUST_OK);
    struct verify_verdict verdicts[TRUST_VERIFY_BATCH];
    assert_int_equal(take(pool, verdicts), 4);
    static const enum trust_error expected[] = {TRUST_OK, TRUST_NO_SIGNATURE, TRUST_NO_SIZE,
                                                TRUST_OK};
    for (uint64_t i = 0; i < 4; i++) {
        assert_int_equal(verdicts[i].token, 10 + i);
        assert_int_equal(verdicts[i].error, expected[i]);
    }
    assert_memory_equal(verdicts[0].id.bytes, good.id.bytes, 32);
    assert_int_equal(verify_pool_poll(pool, verdicts), 0);
    verify_pool_close(pool);
    fixture_close(fixture);
}

static void a_key_of_another_order_is_refused_when_it_is_asked_for(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", 0);
    struct trust_network network;
    struct verify_pool *pool = NULL;
    must(trust_network_init(&network, "main"));
    must(verify_pool_open(&pool, 1, &network));
    struct fixture_record record = fixture_order_2l();
    const struct verify_item items[] = {
        {.token = 1, .bytes = fixture_bytes(&record)},
        {.token = 2, .bytes = fixture_bytes(&record), .check_key = true},
    };
    must(verify_pool_submit(pool, items, 2));
    struct verify_verdict verdicts[TRUST_VERIFY_BATCH];
    assert_int_equal(take(pool, verdicts), 2);
    assert_int_equal(verdicts[0].error, TRUST_OK);
    assert_int_equal(verdicts[1].error, TRUST_NO_KEY);
    verify_pool_close(pool);
    fixture_close(fixture);
}

static void a_full_pool_is_busy_until_a_verdict_is_taken(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", 0);
    struct verify_pool *pool = NULL;
    must(verify_pool_open(&pool, 3, &fixture->network));
    struct fixture_record good = fixture_rate(fixture, 0, 1, 1);
    uint64_t token = 0;
    struct verify_item item = {.bytes = fixture_bytes(&good)};
    while (verify_pool_submit(pool, &item, 1) == TRUST_OK)
        item.token = ++token;
    assert_int_equal(token, TRUST_VERIFY_JOBS_MAX);
    bool seen[TRUST_VERIFY_JOBS_MAX + 1] = {false};
    struct verify_verdict verdicts[TRUST_VERIFY_BATCH];
    for (uint32_t i = 0; i < TRUST_VERIFY_JOBS_MAX + 1; i++) {
        if (i == 1)
            assert_int_equal(verify_pool_submit(pool, &item, 1), TRUST_OK);
        assert_int_equal(take(pool, verdicts), 1);
        assert_int_equal(verdicts[0].error, TRUST_OK);
        assert_false(seen[verdicts[0].token]);
        seen[verdicts[0].token] = true;
    }
    verify_pool_close(pool);
    fixture_close(fixture);
}

static void closing_with_jobs_under_way_ends(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_make("/tmp", 0);
    struct fixture_record good = fixture_rate(fixture, 0, 1, 1);
    struct verify_item items[TRUST_VERIFY_BATCH];
    for (uint32_t i = 0; i < TRUST_VERIFY_BATCH; i++)
        items[i] = (struct verify_item){.token = i, .bytes = fixture_bytes(&good)};
    struct verify_pool *pool = NULL;
    must(verify_pool_open(&pool, 2, &fixture->network));
    for (int i = 0; i < 20; i++)
        must(verify_pool_submit(pool, items, TRUST_VERIFY_BATCH));
    verify_pool_close(pool);
    fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_of_a_job_gets_its_own_verdict),
        cmocka_unit_test(a_key_of_another_order_is_refused_when_it_is_asked_for),
        cmocka_unit_test(a_full_pool_is_busy_until_a_verdict_is_taken),
        cmocka_unit_test(closing_with_jobs_under_way_ends),
    };
    return cmocka_run_group_tests_name("node/verify_pool", tests, NULL, NULL);
}
