/* node/ring: messages come out as they went in, the reserve is kept, and waiting ends when it may.
 */
#include "node/ring.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/random.h"

static struct trust_bytes view(const void *data, size_t size)
{
    return (struct trust_bytes){.data = data, .size = size};
}

static struct ring *open_ring(uint32_t capacity, uint32_t reserve, bool with_fd)
{
    struct ring *ring = NULL;
    assert_int_equal(ring_open(&ring, capacity, reserve, with_fd), TRUST_OK);
    return ring;
}

static enum trust_error push(struct ring *ring, uint32_t number, size_t size, unsigned flags)
{
    uint8_t filler[512];
    memset(filler, (int)(number & 0xff), sizeof filler);
    struct trust_bytes parts[] = {view(&number, sizeof number), view(filler, size)};
    return ring_push(ring, parts, 2, flags);
}

static void check(const uint8_t *message, size_t size, uint32_t number)
{
    uint32_t found = 0;
    memcpy(&found, message, sizeof found);
    assert_int_equal(found, number);
    for (size_t i = sizeof found; i < size; i++)
        assert_int_equal(message[i], number & 0xff);
}

static void messages_of_all_sizes_come_out_in_order_over_many_rounds(void **state)
{
    (void)state;
    struct ring *ring = open_ring(4096, 0, false);
    struct trust_random random = trust_random_init(2);
    uint8_t message[600];
    size_t sizes[4096];
    uint32_t in = 0;
    uint32_t out = 0;
    while (out < 4096) {
        bool pushes = in < 4096 && trust_random_below(&random, 2) == 0;
        if (pushes) {
            sizes[in] = (size_t)trust_random_below(&random, 512);
            in += push(ring, in, sizes[in], RING_PLAIN) == TRUST_OK;
            continue;
        }
        size_t size = 0;
        assert_int_equal(ring_take(ring, message, &size, sizeof message), out < in);
        if (out == in)
            continue;
        assert_int_equal(size, sizes[out] + sizeof out);
        check(message, size, out);
        out++;
    }
    assert_int_equal(ring_used(ring), 0);
    ring_close(ring);
}

static void what_is_peeked_stays_until_it_is_dropped(void **state)
{
    (void)state;
    struct ring *ring = open_ring(1024, 0, false);
    uint32_t taken = 0;
    while (push(ring, taken, 40, RING_PLAIN) == TRUST_OK)
        taken++;
    /* 8 bytes of header and 44 of message take 56. */
    assert_int_equal(taken, 1024 / 56);
    for (int round = 0; round < 2; round++) {
        uint64_t position = 0;
        struct trust_bytes message;
        for (uint32_t i = 0; i < taken; i++) {
            assert_true(ring_peek(ring, &position, &message));
            check(message.data, message.size, i);
        }
        assert_false(ring_peek(ring, &position, &message));
    }
    uint64_t position = 0;
    struct trust_bytes message;
    assert_true(ring_peek(ring, &position, &message));
    assert_int_equal(push(ring, 99, 40, RING_PLAIN), TRUST_NO_BUSY);
    ring_drop(ring, position);
    assert_int_equal(push(ring, 99, 40, RING_PLAIN), TRUST_OK);
    ring_close(ring);
}

static void only_the_reserve_takes_more_when_the_rest_is_full(void **state)
{
    (void)state;
    struct ring *ring = open_ring(1024, 256, false);
    uint32_t plain = 0;
    while (push(ring, plain, 52, RING_PLAIN) == TRUST_OK)
        plain++;
    assert_int_equal(plain, 768 / 64);
    uint32_t reserved = 0;
    while (push(ring, reserved, 52, RING_RESERVE) == TRUST_OK)
        reserved++;
    assert_int_equal(reserved, 256 / 64);
    ring_close(ring);
}

static bool is_readable(const struct ring *ring)
{
    struct pollfd watched = {.fd = ring_fd(ring), .events = POLLIN};
    return poll(&watched, 1, 0) == 1;
}

static void the_descriptor_is_readable_exactly_while_messages_wait(void **state)
{
    (void)state;
    struct ring *ring = open_ring(1024, 0, true);
    uint8_t message[64];
    size_t size = 0;
    assert_false(is_readable(ring));
    assert_int_equal(push(ring, 1, 4, RING_PLAIN), TRUST_OK);
    assert_int_equal(push(ring, 2, 4, RING_PLAIN), TRUST_OK);
    assert_true(is_readable(ring));
    assert_true(ring_take(ring, message, &size, sizeof message));
    assert_true(is_readable(ring));
    assert_true(ring_take(ring, message, &size, sizeof message));
    assert_false(is_readable(ring));
    ring_close(ring);
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void waiting_for_much_ends_with_an_urgent_message_or_in_time(void **state)
{
    (void)state;
    struct ring *ring = open_ring(4096, 0, false);
    uint64_t began = clock_ms();
    assert_false(ring_wait(ring, 0, 1, 30));
    assert_in_range(clock_ms() - began, 29, 5000);
    assert_int_equal(push(ring, 1, 4, RING_PLAIN), TRUST_OK);
    assert_true(ring_wait(ring, 0, 1, -1));
    began = clock_ms();
    assert_true(ring_wait(ring, 0, 1000, 30)); /* something is there, but not as much */
    assert_in_range(clock_ms() - began, 29, 5000);
    assert_int_equal(push(ring, 2, 4, RING_URGENT), TRUST_OK);
    assert_true(ring_wait(ring, 0, 1000, -1));
    uint64_t position = 0;
    struct trust_bytes message;
    assert_true(ring_peek(ring, &position, &message));
    assert_true(ring_peek(ring, &position, &message));
    ring_drop(ring, position);
    assert_false(ring_wait(ring, position, 1, 0));
    assert_int_equal(push(ring, 3, 4, RING_PLAIN), TRUST_OK);
    ring_hurry(ring);
    assert_true(ring_wait(ring, position, 1000, -1));
    assert_true(ring_peek(ring, &position, &message));
    ring_drop(ring, position);
    assert_int_equal(push(ring, 4, 4, RING_PLAIN), TRUST_OK); /* what comes later is not urgent */
    began = clock_ms();
    assert_true(ring_wait(ring, position, 1000, 30));
    assert_in_range(clock_ms() - began, 29, 5000);
    assert_true(ring_peek(ring, &position, &message));
    ring_drop(ring, position);
    ring_stop(ring);
    assert_true(ring_is_stopped(ring));
    assert_false(ring_wait(ring, position, 1, -1));
    ring_close(ring);
}

#define THREADS 3u
#define EACH 5000u

static void *produce(void *context)
{
    struct ring *ring = context;
    for (uint32_t i = 1; i <= EACH;) {
        if (push(ring, i, i % 64, RING_PLAIN) == TRUST_OK)
            i++;
    }
    return NULL;
}

struct consumer {
    struct ring *ring;
    uint64_t sum;
    uint32_t count;
};

static void *consume(void *context)
{
    struct consumer *consumer = context;
    uint8_t message[128];
    size_t size = 0;
    while (ring_wait(consumer->ring, 0, 1, -1) || !ring_is_stopped(consumer->ring)) {
        uint32_t number = 0;
        if (!ring_take(consumer->ring, message, &size, sizeof message))
            continue;
        memcpy(&number, message, sizeof number);
        check(message, size, number);
        consumer->sum += number;
        consumer->count++;
    }
    return NULL;
}

static void many_producers_and_consumers_lose_and_double_nothing(void **state)
{
    (void)state;
    struct ring *ring = open_ring(2048, 0, false);
    pthread_t producers[THREADS];
    pthread_t consumers[THREADS];
    struct consumer seen[THREADS];
    for (uint32_t i = 0; i < THREADS; i++) {
        seen[i] = (struct consumer){.ring = ring};
        assert_int_equal(pthread_create(&producers[i], NULL, produce, ring), 0);
        assert_int_equal(pthread_create(&consumers[i], NULL, consume, &seen[i]), 0);
    }
    uint64_t sum = 0;
    uint32_t count = 0;
    for (uint32_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(producers[i], NULL), 0);
    ring_stop(ring);
    for (uint32_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(consumers[i], NULL), 0);
        sum += seen[i].sum;
        count += seen[i].count;
    }
    assert_int_equal(count, THREADS * EACH);
    assert_int_equal(sum, (uint64_t)THREADS * EACH * (EACH + 1) / 2);
    ring_close(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_of_all_sizes_come_out_in_order_over_many_rounds),
        cmocka_unit_test(what_is_peeked_stays_until_it_is_dropped),
        cmocka_unit_test(only_the_reserve_takes_more_when_the_rest_is_full),
        cmocka_unit_test(the_descriptor_is_readable_exactly_while_messages_wait),
        cmocka_unit_test(waiting_for_much_ends_with_an_urgent_message_or_in_time),
        cmocka_unit_test(many_producers_and_consumers_lose_and_double_nothing),
    };
    return cmocka_run_group_tests_name("node/ring", tests, NULL, NULL);
}
