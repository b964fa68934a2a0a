/* Messages between core and link: one form, and nothing else is taken for one. */
#include "node/link_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

static const uint8_t down[] = {1, 35, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3, 'a', 'b', 'c'};

static void a_header_is_twelve_bytes_big_endian(void **state)
{
    (void)state;
    uint8_t header[LINK_WIRE_HEADER_SIZE];
    link_wire_header(header, &(struct link_wire){.type = LINK_WIRE_DOWN,
                                                 .handle = 258,
                                                 .body = trust_bytes_text("abc")});
    assert_memory_equal(header, down, sizeof header);
}

static void a_message_decodes_to_what_it_says(void **state)
{
    (void)state;
    struct link_wire message;
    assert_int_equal(link_wire_decode(&message, (struct trust_bytes){down, sizeof down}), TRUST_OK);
    assert_int_equal(message.type, LINK_WIRE_DOWN);
    assert_int_equal(message.handle, 258);
    assert_int_equal(message.body.size, 3);
    assert_memory_equal(message.body.data, "abc", 3);
}

struct bad {
    const char *why;
    size_t at;
    uint8_t byte;
    size_t size;
    enum trust_error error;
};

static void what_is_no_message_is_refused_by_name(void **state)
{
    (void)state;
    static const struct bad bads[] = {
        {"cut header", 0, 1, 11, TRUST_NO_SIZE},
        {"nothing", 0, 1, 0, TRUST_NO_SIZE},
        {"another version", 0, 2, 15, TRUST_NO_VERSION},
        {"type 0", 1, 0, 15, TRUST_NO_TYPE},
        {"type between the ways", 1, 8, 15, TRUST_NO_TYPE},
        {"type behind the last", 1, 38, 15, TRUST_NO_TYPE},
        {"zeros that are none", 2, 1, 15, TRUST_NO_CANONICAL},
        {"a length too small", 11, 2, 15, TRUST_NO_CANONICAL},
        {"a length too great", 11, 4, 15, TRUST_NO_CANONICAL},
        {"a body cut short", 11, 3, 14, TRUST_NO_CANONICAL},
    };
    for (size_t i = 0; i < sizeof bads / sizeof *bads; i++) {
        uint8_t copy[sizeof down];
        memcpy(copy, down, sizeof copy);
        copy[bads[i].at] = bads[i].byte;
        struct link_wire message = {.handle = 77};
        enum trust_error error =
            link_wire_decode(&message, (struct trust_bytes){copy, bads[i].size});
        if (error != bads[i].error)
            fail_msg("%s: %s", bads[i].why, trust_error_name(error));
        assert_int_equal(message.handle, 77);
    }
}

static void the_longest_frame_passes_and_a_longer_one_does_not(void **state)
{
    (void)state;
    static uint8_t frame[TRUST_FRAME_SIZE_MAX + 1];
    static uint8_t buffer[LINK_WIRE_SIZE_MAX];
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    struct link_wire message = {.type = LINK_WIRE_BYTES,
                                .body = {.data = frame, .size = TRUST_FRAME_SIZE_MAX}};
    struct link_wire received;
    assert_int_equal(link_wire_send(ends[0], &message), LINK_WIRE_SENT);
    assert_int_equal(link_wire_receive(ends[1], &received, buffer), TRUST_OK);
    assert_int_equal(received.body.size, TRUST_FRAME_SIZE_MAX);
    message.body.size++;
    assert_int_equal(link_wire_send(ends[0], &message), LINK_WIRE_SENT);
    assert_int_equal(link_wire_receive(ends[1], &received, buffer), TRUST_NO_SIZE);
    close(ends[0]);
    close(ends[1]);
}

static void sending_never_waits(void **state)
{
    (void)state;
    static uint8_t frame[TRUST_FRAME_SIZE_MAX];
    static uint8_t buffer[LINK_WIRE_SIZE_MAX];
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    struct link_wire received;
    assert_int_equal(link_wire_receive(ends[1], &received, buffer), TRUST_NO_FOUND);
    const struct link_wire message = {.type = LINK_WIRE_SEND,
                                      .body = {.data = frame, .size = sizeof frame}};
    enum link_wire_sent sent = LINK_WIRE_SENT;
    int count = 0;
    for (; count < 1000 && sent == LINK_WIRE_SENT; count++)
        sent = link_wire_send(ends[0], &message);
    assert_int_equal(sent, LINK_WIRE_FULL);
    close(ends[1]);
    assert_int_equal(link_wire_send(ends[0], &message), LINK_WIRE_GONE);
    close(ends[0]);
}

static void the_end_of_the_other_is_told(void **state)
{
    (void)state;
    static uint8_t buffer[LINK_WIRE_SIZE_MAX];
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
    close(ends[0]);
    struct link_wire received;
    assert_int_equal(link_wire_receive(ends[1], &received, buffer), TRUST_NO_NODE);
    close(ends[1]);
}

static void a_configuration_returns_as_it_was(void **state)
{
    (void)state;
    struct link_wire_config config = {.newcomers = true, .listen = "tcp://127.0.0.1:7717"};
    memset(config.secret, 3, sizeof config.secret);
    memset(config.key.bytes, 4, sizeof config.key.bytes);
    uint8_t body[LINK_WIRE_CONFIG_SIZE_MAX];
    size_t size = link_wire_encode_config(body, &config);
    assert_int_equal(size, 32 + 32 + 1 + 20);
    struct link_wire_config back;
    assert_int_equal(link_wire_decode_config(&back, (struct trust_bytes){body, size}), TRUST_OK);
    assert_memory_equal(back.secret, config.secret, 32);
    assert_memory_equal(back.key.bytes, config.key.bytes, 32);
    assert_true(back.newcomers);
    assert_string_equal(back.listen, config.listen);
}

static void a_damaged_configuration_is_refused(void **state)
{
    (void)state;
    struct link_wire_config config = {.newcomers = true, .listen = "tcp://127.0.0.1:7717"};
    uint8_t body[LINK_WIRE_CONFIG_SIZE_MAX + 1] = {0};
    size_t size = link_wire_encode_config(body, &config);
    struct link_wire_config back;
    assert_int_equal(link_wire_decode_config(&back, (struct trust_bytes){body, 64}),
                     TRUST_NO_CANONICAL);
    assert_int_equal(link_wire_decode_config(&back, (struct trust_bytes){body, sizeof body}),
                     TRUST_NO_CANONICAL);
    body[64] = 2;
    assert_int_equal(link_wire_decode_config(&back, (struct trust_bytes){body, size}),
                     TRUST_NO_CANONICAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_twelve_bytes_big_endian),
        cmocka_unit_test(a_message_decodes_to_what_it_says),
        cmocka_unit_test(what_is_no_message_is_refused_by_name),
        cmocka_unit_test(the_longest_frame_passes_and_a_longer_one_does_not),
        cmocka_unit_test(sending_never_waits),
        cmocka_unit_test(the_end_of_the_other_is_told),
        cmocka_unit_test(a_configuration_returns_as_it_was),
        cmocka_unit_test(a_damaged_configuration_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
