/* What the link tells a core that is behind waits in order, and nothing that could grow is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "linking.h"

static const struct link_wire last_frame = {
    .type = LINK_WIRE_BYTES, .handle = 9, .body = {(const uint8_t *)"last", 4}};

/* Sends frames until one waits; how many were sent before. */
static uint32_t fill(struct linking *linking)
{
    static uint8_t frame[TRUST_FRAME_SIZE_MAX];
    const struct link_wire message = {
        .type = LINK_WIRE_BYTES, .handle = 1, .body = {.data = frame, .size = sizeof frame}};
    uint32_t sent = 0;
    for (; !link_told_is_behind(linking->process) && sent < 1000; sent++)
        link_told(linking->process, &message);
    return sent;
}

static void receive(struct linking *linking, enum link_wire_type type, uint32_t handle)
{
    struct link_wire message;
    assert_int_equal(link_wire_receive(linking->core, &message, linking->packet), TRUST_OK);
    assert_int_equal(message.type, type);
    assert_int_equal(message.handle, handle);
    link_told_flush(linking->process);
}

static void what_finds_no_room_waits_in_order(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    uint32_t sent = fill(&linking);
    link_told(linking.process, &(struct link_wire){.type = LINK_WIRE_DOWN, .handle = 1});
    link_told(linking.process, &(struct link_wire){.type = LINK_WIRE_DOWN, .handle = 2});
    assert_int_equal(linking.process->waiting_count, 3);
    for (uint32_t i = 0; i < sent; i++)
        receive(&linking, LINK_WIRE_BYTES, 1);
    receive(&linking, LINK_WIRE_DOWN, 1);
    receive(&linking, LINK_WIRE_DOWN, 2);
    assert_false(link_told_is_behind(linking.process));
    link_told(linking.process, &last_frame);
    receive(&linking, LINK_WIRE_BYTES, 9);
    linking_close(&linking);
}

static void the_end_of_every_line_has_room_to_wait(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    uint32_t sent = fill(&linking);
    struct trust_key key = pair_of(2).key;
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        struct link_line *line = link_line_add(&linking.process->lines);
        line->key = key;
        line->is_up = true;
        line->handle = (uint32_t)(100 + i);
    }
    assert_true(link_orders_obey(
        linking.process, &(struct link_wire){.type = LINK_WIRE_FORGET, .body = {key.bytes, 32}}));
    assert_int_equal(linking.process->waiting_count, 1 + LINK_LINES_MAX);
    for (uint32_t i = 0; i < sent; i++)
        receive(&linking, LINK_WIRE_BYTES, 1);
    for (uint32_t i = 0; i < LINK_LINES_MAX; i++)
        receive(&linking, LINK_WIRE_DOWN, 100 + i);
    linking_close(&linking);
}

static void nothing_is_read_while_the_core_is_behind(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    (void)fill(&linking);
    uint32_t waiting = linking.process->waiting_count;
    struct pair pair = pair_of(2);
    void *client = client_open(linking.process->lines.context, &linking, &pair, NULL);
    zmq_send(client, "hello", 5, 0);
    linking_allow(&linking, &pair.key, "");
    for (int i = 0; i < 50; i++) {
        linking_turn(&linking);
        usleep(1000);
    }
    assert_int_equal(linking.process->waiting_count, waiting);
    assert_null(link_gate_find(&linking.process->gate, &pair.key));
    zmq_close(client);
    linking_close(&linking);
}

static void a_core_that_is_gone_ends_the_process(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    (void)fill(&linking);
    assert_false(linking.process->is_over);
    close(linking.core);
    linking.core = dup(linking.process->fd);
    link_told_flush(linking.process);
    assert_true(linking.process->is_over);
    linking_close(&linking);
}

static void up_tells_the_key_and_the_way(void **state)
{
    (void)state;
    struct linking linking = linking_open();
    static const struct {
        bool is_dialled;
        bool uses_secret;
        uint8_t way;
    } ways[] = {{false, false, LINK_WIRE_INBOUND},
                {true, false, LINK_WIRE_DIALLED},
                {true, true, LINK_WIRE_INVITED}};
    for (uint32_t i = 0; i < 3; i++) {
        struct link_line line = {.is_dialled = ways[i].is_dialled,
                                 .uses_secret = ways[i].uses_secret,
                                 .key = pair_of(5).key};
        link_told_up(linking.process, &line);
        struct link_wire message;
        assert_int_equal(link_wire_receive(linking.core, &message, linking.packet), TRUST_OK);
        assert_int_equal(message.type, LINK_WIRE_UP);
        assert_int_equal(message.handle, i + 1);
        assert_int_equal(message.body.size, 33);
        assert_memory_equal(message.body.data, line.key.bytes, 32);
        assert_int_equal(message.body.data[32], ways[i].way);
    }
    linking_close(&linking);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_finds_no_room_waits_in_order),
        cmocka_unit_test(the_end_of_every_line_has_room_to_wait),
        cmocka_unit_test(nothing_is_read_while_the_core_is_behind),
        cmocka_unit_test(a_core_that_is_gone_ends_the_process),
        cmocka_unit_test(up_tells_the_key_and_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
