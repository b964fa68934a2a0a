/* node/link_process: how the process is asked for, starts, and ends with its core. */
#include "node/link_process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "linking.h"

/* Whose keys it has: those of linking.h are another's. */
#define OWN 2

/* A link process of its own, and the core's end of its socket. */
struct child {
    pid_t pid;
    int core;
    uint8_t packet[LINK_WIRE_SIZE_MAX];
};

static struct child child;

/* Starts it with this first message; a body of NULL: none comes, the core is gone. */
static void start(enum link_wire_type type, const void *body, size_t size)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, ends), 0);
    if (body != NULL) {
        const struct link_wire message = {.type = type, .body = {.data = body, .size = size}};
        assert_int_equal(link_wire_send(ends[0], &message), LINK_WIRE_SENT);
    } else {
        assert_int_equal(shutdown(ends[0], SHUT_WR), 0);
    }
    child.pid = fork();
    assert_true(child.pid >= 0);
    if (child.pid == 0) {
        (void)close(ends[0]);
        _exit(link_process_run(ends[1]));
    }
    (void)close(ends[1]);
    child.core = ends[0];
}

static void configure(const char *listen)
{
    const struct pair own = pair_of(OWN);
    struct link_wire_config config = {.key = own.key};
    memcpy(config.secret, own.secret, sizeof config.secret);
    (void)snprintf(config.listen, sizeof config.listen, "%s", listen);
    uint8_t body[LINK_WIRE_CONFIG_SIZE_MAX];
    start(LINK_WIRE_CONFIG, body, link_wire_encode_config(body, &config));
}

static struct link_wire expect(enum link_wire_type type)
{
    struct link_wire message = {.handle = 0};
    struct pollfd item = {.fd = child.core, .events = POLLIN};
    assert_int_equal(poll(&item, 1, LINKING_WAIT_MS), 1);
    assert_int_equal(link_wire_receive(child.core, &message, child.packet), TRUST_OK);
    assert_int_equal(message.type, type);
    return message;
}

static void order(enum link_wire_type type, uint32_t handle, const void *body, size_t size)
{
    const struct link_wire message = {
        .type = type, .handle = handle, .body = {.data = body, .size = size}};
    assert_int_equal(link_wire_send(child.core, &message), LINK_WIRE_SENT);
}

/* Its wait status, once it ended by itself; the core's end is closed before. */
static int end(void)
{
    int status = 0;
    if (child.core >= 0)
        (void)close(child.core);
    child.core = -1;
    for (int i = 0; i < LINKING_WAIT_MS; i++) {
        if (waitpid(child.pid, &status, WNOHANG) == child.pid)
            return status;
        usleep(1000);
    }
    (void)kill(child.pid, SIGKILL);
    (void)waitpid(child.pid, &status, 0);
    fail_msg("the link process does not end");
    return status;
}

static void assert_ends_with(int code)
{
    int status = end();
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
}

static void only_a_descriptor_of_the_core_makes_a_link_process(void **state)
{
    (void)state;
    static char program[] = "reputed-link";
    static char option[] = "--link-process";
    static const struct {
        const char *option;
        const char *text;
        int fd;
    } rows[] = {
        {option, "3", 3},
        {option, "1048575", 1048575},
        {option, "2", -1},
        {option, "0", -1},
        {option, "-3", -1},
        {option, "1048576", -1},
        {option, "3x", -1},
        {option, "x", -1},
        {option, "", -1},
        {"--link-proc", "3", -1},
        {option, "99999999999999999999", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char first[24];
        char second[24];
        (void)snprintf(first, sizeof first, "%s", rows[i].option);
        (void)snprintf(second, sizeof second, "%s", rows[i].text);
        char *arguments[] = {program, first, second, NULL};
        assert_int_equal(link_process_fd(3, arguments), rows[i].fd);
    }
    char three[] = "3";
    char *more[] = {program, option, three, three, NULL};
    assert_int_equal(link_process_fd(4, more), -1);
    assert_int_equal(link_process_fd(2, more), -1);
}

static void it_starts_and_ends_with_its_core(void **state)
{
    (void)state;
    configure("");
    struct link_wire message = expect(LINK_WIRE_STARTED);
    assert_int_equal(message.body.size, 1);
    assert_int_equal(message.body.data[0] & ~3, 0);
    assert_ends_with(EXIT_SUCCESS);
}

static void a_core_that_says_nothing_sensible_is_refused(void **state)
{
    (void)state;
    static const uint8_t bytes[32] = {0};
    const struct pair own = pair_of(OWN);
    const struct link_wire_config config = {.key = own.key};
    uint8_t good[LINK_WIRE_CONFIG_SIZE_MAX];
    size_t good_size = link_wire_encode_config(good, &config);
    const struct {
        enum link_wire_type type;
        const void *body;
        size_t size;
    } rows[] = {
        {LINK_WIRE_CONFIG, NULL, 0},             /* it is gone */
        {LINK_WIRE_ALLOW, good, good_size},      /* another first message */
        {LINK_WIRE_CONFIG, bytes, sizeof bytes}, /* no key */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        start(rows[i].type, rows[i].body, rows[i].size);
        struct link_wire message = expect(LINK_WIRE_FAILED);
        const uint8_t code[4] = {0, 0, 0, EIO};
        assert_int_equal(message.body.size, 4);
        assert_memory_equal(message.body.data, code, 4);
        assert_ends_with(EXIT_FAILURE);
    }
}

static void an_address_that_is_in_use_is_named(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int taken = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(taken >= 0);
    assert_int_equal(bind(taken, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(taken, 1), 0);
    assert_int_equal(getsockname(taken, (struct sockaddr *)&address, &size), 0);
    char endpoint[64];
    (void)snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    configure(endpoint);
    struct link_wire message = expect(LINK_WIRE_FAILED);
    const uint8_t code[4] = {0, 0, 0, EADDRINUSE};
    assert_int_equal(message.body.size, 4);
    assert_memory_equal(message.body.data, code, 4);
    assert_ends_with(EXIT_FAILURE);
    (void)close(taken);
}

/* The child dials the other, which lets it in; the handle that the child gave it. */
static uint32_t dial(struct linking *other)
{
    const struct pair own = pair_of(OWN);
    uint8_t body[32 + sizeof other->endpoint];
    size_t size = strlen(other->endpoint);
    memcpy(body, other->server.key.bytes, 32);
    memcpy(body + 32, other->endpoint, size);
    linking_allow(other, &own.key, "");
    order(LINK_WIRE_ALLOW, 0, body, 32 + size);
    struct pollfd item = {.fd = child.core, .events = POLLIN};
    for (int i = 0; i < LINKING_WAIT_MS && poll(&item, 1, 1) == 0; i++)
        linking_turn(other);
    struct link_wire message = expect(LINK_WIRE_UP);
    assert_memory_equal(message.body.data, other->server.key.bytes, 32);
    assert_int_equal(message.body.data[32], LINK_WIRE_DIALLED);
    return message.handle;
}

static void expect_bytes(struct linking *other, const char *text)
{
    struct link_wire message;
    assert_true(linking_next(other, &message));
    assert_int_equal(message.type, LINK_WIRE_UP);
    assert_true(linking_next(other, &message));
    assert_int_equal(message.type, LINK_WIRE_BYTES);
    assert_int_equal(message.body.size, strlen(text));
    assert_memory_equal(message.body.data, text, strlen(text));
}

/* The signals of a terminal and of a service manager are for the core. */
static void signals_for_the_core_do_not_end_it(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    configure("");
    (void)expect(LINK_WIRE_STARTED);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        assert_int_equal(kill(child.pid, signals[i]), 0);
    struct linking other = linking_open();
    order(LINK_WIRE_SEND, dial(&other), "still here", 10);
    expect_bytes(&other, "still here");
    assert_ends_with(EXIT_SUCCESS);
    linking_close(&other);
}

static void what_the_core_sent_last_still_leaves(void **state)
{
    (void)state;
    configure("");
    (void)expect(LINK_WIRE_STARTED);
    struct linking other = linking_open();
    order(LINK_WIRE_SEND, dial(&other), "bye", 3);
    (void)close(child.core);
    child.core = -1;
    expect_bytes(&other, "bye");
    assert_ends_with(EXIT_SUCCESS);
    linking_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_descriptor_of_the_core_makes_a_link_process),
        cmocka_unit_test(it_starts_and_ends_with_its_core),
        cmocka_unit_test(a_core_that_says_nothing_sensible_is_refused),
        cmocka_unit_test(an_address_that_is_in_use_is_named),
        cmocka_unit_test(signals_for_the_core_do_not_end_it),
        cmocka_unit_test(what_the_core_sent_last_still_leaves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
