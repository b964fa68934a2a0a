/* What the core orders: dialling, sending, ending, over real sockets on loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "linking.h"

/* Two processes in one; the first dials the second. Turns both until the first was told. */
static void expect_between(struct linking *first, struct linking *second,
                           struct link_wire *out_message, enum link_wire_type type)
{
    uint64_t until_ms = clock_now().mono.ms + 2 * LINKING_WAIT_MS;
    while (clock_now().mono.ms < until_ms) {
        linking_turn(first);
        linking_turn(second);
        if (link_wire_receive(first->core, out_message, first->packet) == TRUST_OK) {
            assert_int_equal(out_message->type, type);
            return;
        }
        usleep(1000);
    }
    fail_msg("nothing was told");
}

static struct linking open_as(uint8_t number)
{
    struct linking linking = linking_open();
    struct link_lines *lines = &linking.process->lines;
    linking.server = pair_of(number);
    lines->key = linking.server.key;
    memcpy(lines->secret, linking.server.secret, 32);
    zmq_close(lines->router);
    lines->router = NULL;
    size_t size = sizeof linking.endpoint;
    assert_true(link_lines_listen(lines, "tcp://127.0.0.1:*"));
    assert_int_equal(zmq_getsockopt(lines->router, ZMQ_LAST_ENDPOINT, linking.endpoint, &size), 0);
    return linking;
}

static void a_listed_endpoint_is_dialled_and_speaks_both_ways(void **state)
{
    (void)state;
    struct linking a = open_as(11);
    struct linking b = open_as(12);
    struct link_wire message;
    linking_allow(&b, &a.server.key, "");
    linking_allow(&a, &b.server.key, b.endpoint);
    expect_between(&a, &b, &message, LINK_WIRE_UP);
    assert_int_equal(message.body.data[32], LINK_WIRE_DIALLED);
    assert_memory_equal(message.body.data, b.server.key.bytes, 32);
    linking_order(&a, LINK_WIRE_SEND, message.handle, "there", 5);
    expect_between(&b, &a, &message, LINK_WIRE_UP);
    assert_int_equal(message.body.data[32], LINK_WIRE_INBOUND);
    uint32_t inbound = message.handle;
    expect_between(&b, &a, &message, LINK_WIRE_BYTES);
    assert_memory_equal(message.body.data, "there", 5);
    linking_order(&b, LINK_WIRE_SEND, inbound, "back", 4);
    expect_between(&a, &b, &message, LINK_WIRE_BYTES);
    assert_memory_equal(message.body.data, "back", 4);
    linking_close(&a);
    linking_close(&b);
}

static void the_last_word_arrives_before_the_end(void **state)
{
    (void)state;
    struct linking a = open_as(11);
    struct linking b = open_as(12);
    struct link_wire message;
    linking_allow(&b, &a.server.key, "");
    linking_allow(&a, &b.server.key, b.endpoint);
    expect_between(&a, &b, &message, LINK_WIRE_UP);
    linking_order(&a, LINK_WIRE_SEND, message.handle, "there", 5);
    expect_between(&b, &a, &message, LINK_WIRE_UP);
    uint32_t inbound = message.handle;
    expect_between(&b, &a, &message, LINK_WIRE_BYTES);
    linking_order(&b, LINK_WIRE_SEND, inbound, "bye", 3);
    linking_order(&b, LINK_WIRE_DROP, inbound, NULL, 0);
    expect_between(&b, &a, &message, LINK_WIRE_DOWN);
    expect_between(&a, &b, &message, LINK_WIRE_BYTES);
    assert_memory_equal(message.body.data, "bye", 3);
    expect_between(&a, &b, &message, LINK_WIRE_DOWN);
    /* And it is dialled anew. */
    expect_between(&a, &b, &message, LINK_WIRE_UP);
    linking_close(&a);
    linking_close(&b);
}

static void a_peer_that_called_is_not_dialled(void **state)
{
    (void)state;
    struct linking a = open_as(11);
    struct linking b = open_as(12);
    struct link_wire message;
    linking_allow(&a, &b.server.key, "");
    linking_allow(&b, &a.server.key, a.endpoint);
    expect_between(&b, &a, &message, LINK_WIRE_UP);
    linking_order(&b, LINK_WIRE_SEND, message.handle, "here", 4);
    expect_between(&a, &b, &message, LINK_WIRE_UP);
    expect_between(&a, &b, &message, LINK_WIRE_BYTES);
    linking_allow(&a, &b.server.key, b.endpoint);
    linking_turn(&a);
    const struct link_line *line = link_line_dialled(&a.process->lines, &b.server.key);
    assert_non_null(line);
    assert_null(line->dealer);
    assert_true(line->reopen_ms > a.process->now_ms);
    linking_close(&a);
    linking_close(&b);
}

static void the_same_order_twice_leaves_the_connection(void **state)
{
    (void)state;
    struct linking a = open_as(11);
    struct linking b = open_as(12);
    struct trust_key key = b.server.key;
    linking_allow(&a, &key, b.endpoint);
    void *dealer = link_line_dialled(&a.process->lines, &key)->dealer;
    assert_non_null(dealer);
    linking_allow(&a, &key, b.endpoint);
    assert_ptr_equal(link_line_dialled(&a.process->lines, &key)->dealer, dealer);
    linking_allow(&a, &key, "");
    assert_null(link_line_dialled(&a.process->lines, &key));
    linking_close(&a);
    linking_close(&b);
}

static void nobody_there_is_dialled_again_with_growing_pauses(void **state)
{
    (void)state;
    struct linking a = open_as(11);
    struct trust_key key = pair_of(12).key;
    /* The discard port: nothing listens. */
    linking_allow(&a, &key, "tcp://127.0.0.1:9");
    const struct link_line *line = link_line_dialled(&a.process->lines, &key);
    uint64_t until_ms = clock_now().mono.ms + LINKING_WAIT_MS;
    while (line->backoff_ms < 2000 && clock_now().mono.ms < until_ms) {
        linking_turn(&a);
        usleep(1000);
    }
    assert_int_equal(line->backoff_ms, 2000);
    assert_false(line->is_up);
    linking_close(&a);
}

static void an_invite_and_our_own_key_are_tried_in_turn(void **state)
{
    (void)state;
    struct linking a = open_as(11);
    struct linking b = open_as(12);
    struct pair once = pair_of(13);
    struct link_wire message;
    linking_allow(&b, &once.key, "");
    uint8_t body[64 + 64];
    memcpy(body, b.server.key.bytes, 32);
    memcpy(body + 32, once.secret, 32);
    size_t size = strlen(b.endpoint);
    memcpy(body + 64, b.endpoint, size);
    linking_order(&a, LINK_WIRE_JOIN, 0, body, 64 + size);
    expect_between(&a, &b, &message, LINK_WIRE_UP);
    assert_int_equal(message.body.data[32], LINK_WIRE_INVITED);
    linking_order(&a, LINK_WIRE_SEND, message.handle, "hello", 5);
    expect_between(&b, &a, &message, LINK_WIRE_UP);
    assert_memory_equal(message.body.data, once.key.bytes, 32);
    /* The inviter retires the one-time key and lets our own in. */
    linking_order(&b, LINK_WIRE_FORGET, 0, once.key.bytes, 32);
    linking_allow(&b, &a.server.key, "");
    expect_between(&a, &b, &message, LINK_WIRE_DOWN);
    expect_between(&a, &b, &message, LINK_WIRE_UP);
    assert_int_equal(message.body.data[32], LINK_WIRE_DIALLED);
    assert_false(link_line_dialled(&a.process->lines, &b.server.key)->has_secret);
    linking_close(&a);
    linking_close(&b);
}

static void orders_that_are_none_are_refused(void **state)
{
    (void)state;
    static const uint8_t bytes[400] = {1};
    static const struct {
        enum link_wire_type type;
        size_t size;
    } bads[] = {
        {LINK_WIRE_ALLOW, 31},
        {LINK_WIRE_ALLOW, 32 + TRUST_ENDPOINT_SIZE_MAX + 1},
        {LINK_WIRE_FORGET, 33},
        {LINK_WIRE_HOLD, 40},
        {LINK_WIRE_HOLD, 42},
        {LINK_WIRE_JOIN, 64},
        {LINK_WIRE_JOIN, 64 + TRUST_ENDPOINT_SIZE_MAX + 1},
        {LINK_WIRE_CONFIG, 32},
        {LINK_WIRE_UP, 33},
    };
    struct linking a = linking_open();
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++)
        assert_false(link_orders_obey(
            a.process, &(struct link_wire){.type = bads[i].type, .body = {bytes, bads[i].size}}));
    assert_true(
        link_orders_obey(a.process, &(struct link_wire){.type = LINK_WIRE_DROP, .handle = 4}));
    linking_close(&a);
}

static void the_end_of_the_core_ends_the_process(void **state)
{
    (void)state;
    struct linking a = linking_open();
    shutdown(a.core, SHUT_WR);
    linking_turn(&a);
    assert_true(a.process->is_over);
    struct link_wire message;
    assert_int_equal(link_wire_receive(a.core, &message, a.packet), TRUST_NO_FOUND);
    linking_close(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listed_endpoint_is_dialled_and_speaks_both_ways),
        cmocka_unit_test(the_last_word_arrives_before_the_end),
        cmocka_unit_test(a_peer_that_called_is_not_dialled),
        cmocka_unit_test(the_same_order_twice_leaves_the_connection),
        cmocka_unit_test(nobody_there_is_dialled_again_with_growing_pauses),
        cmocka_unit_test(an_invite_and_our_own_key_are_tried_in_turn),
        cmocka_unit_test(orders_that_are_none_are_refused),
        cmocka_unit_test(the_end_of_the_core_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
