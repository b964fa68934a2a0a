/* What peers send, over real sockets on loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "linking.h"

static int open_linking(void **state)
{
    struct linking *linking = malloc(sizeof *linking);
    *linking = linking_open();
    *state = linking;
    return 0;
}

static int close_linking(void **state)
{
    linking_close(*state);
    free(*state);
    return 0;
}

static void expect(struct linking *linking, struct link_wire *out_message, enum link_wire_type type)
{
    assert_true(linking_next(linking, out_message));
    assert_int_equal(out_message->type, type);
}

static void expect_up(struct linking *linking, const struct pair *pair, uint32_t handle)
{
    struct link_wire message;
    expect(linking, &message, LINK_WIRE_UP);
    assert_int_equal(message.handle, handle);
    assert_memory_equal(message.body.data, pair->key.bytes, 32);
}

static void expect_frame(struct linking *linking, uint32_t handle, const char *frame)
{
    struct link_wire message;
    expect(linking, &message, LINK_WIRE_BYTES);
    assert_int_equal(message.handle, handle);
    assert_int_equal(message.body.size, strlen(frame));
    assert_memory_equal(message.body.data, frame, strlen(frame));
}

static void expect_down(struct linking *linking, uint32_t handle)
{
    struct link_wire message;
    expect(linking, &message, LINK_WIRE_DOWN);
    assert_int_equal(message.handle, handle);
}

static void a_listed_caller_is_up_with_its_first_frame(void **state)
{
    struct linking *linking = *state;
    struct pair pair = pair_of(2);
    linking_allow(linking, &pair.key, "");
    void *client = client_open(linking->process->lines.context, linking, &pair, NULL);
    zmq_send(client, "one", 3, 0);
    zmq_send(client, "two", 3, 0);
    expect_up(linking, &pair, 1);
    expect_frame(linking, 1, "one");
    expect_frame(linking, 1, "two");
    linking_order(linking, LINK_WIRE_SEND, 1, "back", 4);
    char frame[8];
    int wait_ms = LINKING_WAIT_MS;
    zmq_setsockopt(client, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
    assert_int_equal(zmq_recv(client, frame, sizeof frame, 0), 4);
    assert_memory_equal(frame, "back", 4);
    zmq_close(client);
}

static void an_unknown_caller_is_told_and_says_nothing(void **state)
{
    struct linking *linking = *state;
    struct pair pair = pair_of(3);
    void *client = client_open(linking->process->lines.context, linking, &pair, NULL);
    zmq_send(client, "one", 3, 0);
    struct link_wire message;
    expect(linking, &message, LINK_WIRE_REFUSED);
    assert_memory_equal(message.body.data, pair.key.bytes, 32);
    zmq_close(client);
}

static void a_caller_without_curve_is_never_heard(void **state)
{
    struct linking *linking = *state;
    linking->process->gate.newcomers = true;
    void *client = client_open(linking->process->lines.context, linking, NULL, NULL);
    void *plain = zmq_socket(linking->process->lines.context, ZMQ_DEALER);
    int zero = 0;
    zmq_setsockopt(plain, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(plain, ZMQ_PLAIN_USERNAME, "user", 4);
    zmq_setsockopt(plain, ZMQ_PLAIN_PASSWORD, "word", 4);
    assert_int_equal(zmq_connect(plain, linking->endpoint), 0);
    zmq_send(client, "one", 3, ZMQ_DONTWAIT);
    zmq_send(plain, "one", 3, ZMQ_DONTWAIT);
    assert_true(linking_is_quiet(linking, 200));
    zmq_close(client);
    zmq_close(plain);
}

/* Its first message shows it; then the connection goes, which the client's monitor tells. */
static void expect_hung_up(struct linking *linking, void *client)
{
    void *monitor = zmq_socket(linking->process->lines.context, ZMQ_PAIR);
    assert_int_equal(zmq_connect(monitor, "inproc://watch"), 0);
    (void)client;
    bool is_gone = false;
    uint64_t until_ms = clock_now().mono.ms + LINKING_WAIT_MS;
    struct link_wire message;
    while (!is_gone && clock_now().mono.ms < until_ms) {
        linking_turn(linking);
        assert_int_equal(link_wire_receive(linking->core, &message, linking->packet),
                         TRUST_NO_FOUND);
        char event[64];
        is_gone = zmq_recv(monitor, event, sizeof event, ZMQ_DONTWAIT) >= 0;
        usleep(1000);
    }
    assert_true(is_gone);
    zmq_close(monitor);
}

static void a_claimed_routing_id_hangs_up(void **state)
{
    struct linking *linking = *state;
    struct pair pair = pair_of(2);
    linking_allow(linking, &pair.key, "");
    void *client = client_open(linking->process->lines.context, linking, &pair, "mine!");
    assert_int_equal(zmq_socket_monitor(client, "inproc://watch", ZMQ_EVENT_DISCONNECTED), 0);
    zmq_send(client, "one", 3, 0);
    expect_hung_up(linking, client);
    zmq_close(client);
}

static void a_message_of_several_frames_hangs_up(void **state)
{
    struct linking *linking = *state;
    struct pair pair = pair_of(2);
    linking_allow(linking, &pair.key, "");
    void *client = client_open(linking->process->lines.context, linking, &pair, NULL);
    assert_int_equal(zmq_socket_monitor(client, "inproc://watch", ZMQ_EVENT_DISCONNECTED), 0);
    zmq_send(client, "one", 3, ZMQ_SNDMORE);
    zmq_send(client, "two", 3, ZMQ_SNDMORE);
    zmq_send(client, "three", 5, 0);
    expect_hung_up(linking, client);
    zmq_close(client);
}

static void a_second_connection_of_a_key_takes_the_place_of_the_first(void **state)
{
    struct linking *linking = *state;
    struct pair pair = pair_of(2);
    linking_allow(linking, &pair.key, "");
    void *first = client_open(linking->process->lines.context, linking, &pair, NULL);
    zmq_send(first, "one", 3, 0);
    expect_up(linking, &pair, 1);
    expect_frame(linking, 1, "one");
    void *second = client_open(linking->process->lines.context, linking, &pair, NULL);
    zmq_send(second, "two", 3, 0);
    expect_down(linking, 1);
    expect_up(linking, &pair, 2);
    expect_frame(linking, 2, "two");
    zmq_close(first);
    zmq_close(second);
}

static void a_dropped_caller_is_not_heard_any_more(void **state)
{
    struct linking *linking = *state;
    struct pair pair = pair_of(2);
    linking_allow(linking, &pair.key, "");
    void *client = client_open(linking->process->lines.context, linking, &pair, NULL);
    zmq_send(client, "one", 3, 0);
    expect_up(linking, &pair, 1);
    expect_frame(linking, 1, "one");
    uint8_t hold[41];
    memcpy(hold, pair.key.bytes, 32);
    memset(hold + 32, 0, 9);
    hold[37] = 1; /* 65,536 ms */
    linking_order(linking, LINK_WIRE_HOLD, 0, hold, sizeof hold);
    linking_order(linking, LINK_WIRE_DROP, 1, NULL, 0);
    expect_down(linking, 1);
    zmq_send(client, "two", 3, ZMQ_DONTWAIT);
    struct link_wire message;
    /* When it calls again, it is held off. */
    expect(linking, &message, LINK_WIRE_REFUSED);
    zmq_close(client);
}

static void newcomers_have_their_pool_and_no_more(void **state)
{
    struct linking *linking = *state;
    linking->process->gate.newcomers = true;
    void *clients[LINK_NEWCOMERS_MAX];
    for (uint8_t i = 0; i < LINK_NEWCOMERS_MAX; i++) {
        struct pair pair = pair_of((uint8_t)(20 + i));
        clients[i] = client_open(linking->process->lines.context, linking, &pair, NULL);
        zmq_send(clients[i], "one", 3, 0);
        expect_up(linking, &pair, i + 1u);
        expect_frame(linking, i + 1u, "one");
    }
    assert_int_equal(linking->process->gate.newcomer_count, LINK_NEWCOMERS_MAX);
    struct pair late = pair_of(90);
    void *client = client_open(linking->process->lines.context, linking, &late, NULL);
    struct link_wire message;
    expect(linking, &message, LINK_WIRE_REFUSED);
    assert_memory_equal(message.body.data, late.key.bytes, 32);
    zmq_close(client);
    for (int i = 0; i < LINK_NEWCOMERS_MAX; i++)
        zmq_close(clients[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define LINK_TEST(name) cmocka_unit_test_setup_teardown(name, open_linking, close_linking)
        LINK_TEST(a_listed_caller_is_up_with_its_first_frame),
        LINK_TEST(an_unknown_caller_is_told_and_says_nothing),
        LINK_TEST(a_caller_without_curve_is_never_heard),
        LINK_TEST(a_claimed_routing_id_hangs_up),
        LINK_TEST(a_message_of_several_frames_hangs_up),
        LINK_TEST(a_second_connection_of_a_key_takes_the_place_of_the_first),
        LINK_TEST(a_dropped_caller_is_not_heard_any_more),
        LINK_TEST(newcomers_have_their_pool_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
