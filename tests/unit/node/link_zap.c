/* The ZAP handler over real sockets: CURVE with a listed key, and nothing else. */
#include "node/link_zap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "linking.h"

/* Turns the handler until it has answered; false: nobody asked in time. */
static bool answer(struct linking *linking, struct link_zap_result *out_result)
{
    uint64_t until_ms = clock_now().mono.ms + LINKING_WAIT_MS;
    while (clock_now().mono.ms < until_ms) {
        if (link_zap_answer(linking->process->zap, out_result, &linking->process->gate, 0))
            return true;
        usleep(1000);
    }
    return false;
}

struct caller {
    const char *what;
    uint8_t number; /* of its key pair */
    enum link_answer answer;
};

static void each_caller_gets_its_answer(void **state)
{
    (void)state;
    static const struct caller callers[] = {
        {"listed", 2, LINK_LET_IN},
        {"unknown", 3, LINK_LATER},
        {"banned", 4, LINK_NEVER},
        {"held off", 5, LINK_LATER},
    };
    struct linking linking = linking_open();
    struct link_gate *gate = &linking.process->gate;
    struct trust_key listed = pair_of(2).key;
    struct trust_key banned = pair_of(4).key;
    struct trust_key held = pair_of(5).key;
    assert_int_equal(link_gate_allow(gate, &listed, ""), TRUST_OK);
    link_gate_hold(gate, &banned, 1000, true);
    link_gate_hold(gate, &held, 1000, false);
    for (size_t i = 0; i < sizeof callers / sizeof *callers; i++) {
        struct pair pair = pair_of(callers[i].number);
        void *client = client_open(linking.process->lines.context, &linking, &pair, NULL);
        struct link_zap_result result;
        assert_true(answer(&linking, &result));
        if (result.answer != callers[i].answer)
            fail_msg("%s: %d", callers[i].what, (int)result.answer);
        assert_true(result.is_key);
        assert_memory_equal(result.key.bytes, pair.key.bytes, 32);
        zmq_close(client);
    }
    linking_close(&linking);
}

static void a_listed_key_arrives_with_its_own_user_id(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    struct pair pair = pair_of(2);
    char hex[65];
    sodium_bin2hex(hex, sizeof hex, pair.key.bytes, 32);
    assert_int_equal(link_gate_allow(&linking.process->gate, &pair.key, ""), TRUST_OK);
    void *client = client_open(linking.process->lines.context, &linking, &pair, NULL);
    zmq_send(client, "frame", 5, 0);
    struct link_zap_result result;
    assert_true(answer(&linking, &result));
    int wait_ms = LINKING_WAIT_MS;
    void *router = linking.process->lines.router;
    zmq_setsockopt(router, ZMQ_RCVTIMEO, &wait_ms, sizeof wait_ms);
    char routing[16];
    assert_int_equal(zmq_recv(router, routing, sizeof routing, 0), LINK_ROUTING_SIZE);
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    assert_int_equal(zmq_msg_recv(&frame, router, 0), 5);
    assert_string_equal(zmq_msg_gets(&frame, "User-Id"), hex);
    zmq_msg_close(&frame);
    zmq_close(client);
    linking_close(&linking);
}

/* Requests that libzmq would not send for a CURVE client of ours, by hand. */
static void whatever_is_not_exactly_a_request_of_ours_is_refused(void **state)
{
    (void)state;
    static const char key[33] = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
    static const char *const requests[][8] = {
        {"1.0", "1", "repute", "127.0.0.1", "", "NULL", NULL},
        {"1.0", "1", "repute", "127.0.0.1", "", "PLAIN", "user", "word"},
        {"1.0", "1", "other", "127.0.0.1", "", "CURVE", key, NULL},
        {"2.0", "1", "repute", "127.0.0.1", "", "CURVE", key, NULL},
        {"1.0", "1", "repute", "127.0.0.1", "", "CURVE", "short", NULL},
        {"1.0", "1", "repute", "127.0.0.1", "", "CURVE", key, "more"},
        {"1.0", NULL},
    };
    struct linking linking = linking_open();
    linking.process->gate.newcomers = true;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        void *client = zmq_socket(linking.process->lines.context, ZMQ_REQ);
        assert_int_equal(zmq_connect(client, "inproc://zeromq.zap.01"), 0);
        for (size_t j = 0; j < 8 && requests[i][j] != NULL; j++) {
            bool is_last = j == 7 || requests[i][j + 1] == NULL;
            zmq_send(client, requests[i][j], strlen(requests[i][j]), is_last ? 0 : ZMQ_SNDMORE);
        }
        struct link_zap_result result;
        assert_true(answer(&linking, &result));
        assert_int_equal(result.answer, LINK_NEVER);
        assert_false(result.is_key);
        char part[64];
        assert_int_equal(zmq_recv(client, part, sizeof part, 0), 3);
        (void)zmq_recv(client, part, sizeof part, 0);
        assert_int_equal(zmq_recv(client, part, sizeof part, 0), 3);
        assert_memory_equal(part, "400", 3);
        zmq_close(client);
    }
    linking_close(&linking);
}

static void a_request_of_ours_by_hand_is_let_in(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    linking.process->gate.newcomers = true;
    void *client = zmq_socket(linking.process->lines.context, ZMQ_REQ);
    assert_int_equal(zmq_connect(client, "inproc://zeromq.zap.01"), 0);
    static const char *const parts[] = {
        "1.0", "77", "repute", "127.0.0.1", "", "CURVE", "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"};
    for (int i = 0; i < 7; i++)
        zmq_send(client, parts[i], strlen(parts[i]), i == 6 ? 0 : ZMQ_SNDMORE);
    struct link_zap_result result;
    assert_true(answer(&linking, &result));
    assert_int_equal(result.answer, LINK_LET_IN);
    static const char *const expected[] = {
        "1.0", "77", "200", "", "6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b",
        ""};
    for (int i = 0; i < 6; i++) {
        char part[80];
        int size = zmq_recv(client, part, sizeof part, 0);
        assert_int_equal(size, strlen(expected[i]));
        assert_memory_equal(part, expected[i], (size_t)size);
    }
    zmq_close(client);
    linking_close(&linking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_caller_gets_its_answer),
        cmocka_unit_test(a_listed_key_arrives_with_its_own_user_id),
        cmocka_unit_test(whatever_is_not_exactly_a_request_of_ours_is_refused),
        cmocka_unit_test(a_request_of_ours_by_hand_is_let_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
