/* client/connection: nothing waits for ever, and every end has its name. */
#include "client/connection.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"

static struct sockaddr_un address_in(const char *directory)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/s", directory);
    return address;
}

static int listen_at(const struct sockaddr_un *address, int backlog)
{
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)address, sizeof *address), 0);
    assert_int_equal(listen(listener, backlog), 0);
    return listener;
}

static void close_and_remove(int fd, const char *directory)
{
    const struct sockaddr_un address = address_in(directory);
    if (fd >= 0)
        assert_int_equal(close(fd), 0);
    (void)unlink(address.sun_path);
    assert_int_equal(rmdir(directory), 0);
}

static void it_neither_blocks_nor_is_inherited(void **state)
{
    (void)state;
    char directory[] = "/tmp/repute-connection-XXXXXX";
    assert_non_null(mkdtemp(directory));
    const struct sockaddr_un address = address_in(directory);
    int fd = -1;
    assert_int_equal(trust_connection_open(&fd, &address, trust_connection_now_ms() + 1000),
                     TRUST_NO_NODE);
    assert_int_equal(fd, -1);
    int listener = listen_at(&address, 4);
    assert_int_equal(trust_connection_open(&fd, &address, trust_connection_now_ms() + 1000),
                     TRUST_OK);
    assert_int_equal(fcntl(fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    assert_int_equal(close(fd), 0);
    close_and_remove(listener, directory);
}

static void a_full_queue_is_waited_for_until_the_moment_that_was_named(void **state)
{
    (void)state;
    char directory[] = "/tmp/repute-connection-XXXXXX";
    assert_non_null(mkdtemp(directory));
    const struct sockaddr_un address = address_in(directory);
    int listener = listen_at(&address, 0);
    int waiting[8];
    size_t count = 0;
    enum trust_error error = TRUST_OK;
    uint64_t began_ms = 0;
    while (error == TRUST_OK && count < 8) {
        began_ms = trust_connection_now_ms();
        error = trust_connection_open(&waiting[count], &address, began_ms + 40);
        count += error == TRUST_OK;
    }
    assert_int_equal(error, TRUST_NO_BUSY);
    assert_int_equal(count, 1);
    assert_true(trust_connection_now_ms() >= began_ms + 40);
    /* Somebody is taken from the queue: there is room again. */
    int taken = accept(listener, NULL, NULL);
    assert_true(taken >= 0);
    assert_int_equal(
        trust_connection_open(&waiting[count++], &address, trust_connection_now_ms() + 1000),
        TRUST_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(close(waiting[i]), 0);
    assert_int_equal(close(taken), 0);
    close_and_remove(listener, directory);
}

static void pass(int number)
{
    (void)number;
}

static void signals_neither_end_nor_prolong_a_wait(void **state)
{
    (void)state;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    const struct sigaction action = {.sa_handler = pass};
    struct sigaction before;
    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    const struct itimerval often = {.it_interval = {.tv_usec = 2000},
                                    .it_value = {.tv_usec = 2000}};
    const struct itimerval never = {{0}, {0}};
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    short events = 0;
    uint64_t began_ms = trust_connection_now_ms();
    enum trust_error error = trust_connection_wait(pair[0], &events, POLLIN, began_ms + 30);
    uint64_t ended_ms = trust_connection_now_ms();
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
    assert_int_equal(error, TRUST_NO_BUSY);
    assert_true(ended_ms >= began_ms + 30);
    assert_int_equal(events, 0);
    assert_int_equal(close(pair[0]), 0);
    assert_int_equal(close(pair[1]), 0);
}

static void the_other_side_is_quiet_or_has_spoken_or_gone(void **state)
{
    (void)state;
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    assert_true(trust_connection_is_quiet(pair[0]));
    assert_int_equal(write(pair[1], "x", 1), 1);
    assert_false(trust_connection_is_quiet(pair[0]));
    char byte = 0;
    assert_int_equal(read(pair[0], &byte, 1), 1);
    assert_true(trust_connection_is_quiet(pair[0]));
    assert_int_equal(close(pair[1]), 0);
    assert_false(trust_connection_is_quiet(pair[0]));
    assert_int_equal(close(pair[0]), 0);
}

static void bytes_go_as_far_as_they_can_and_ends_are_told_apart(void **state)
{
    (void)state;
    static char many[1 << 20];
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    size_t size = 7;
    char bytes[8] = "";
    assert_int_equal(trust_connection_receive(pair[0], &size, bytes, sizeof bytes), TRUST_OK);
    assert_int_equal(size, 0);
    assert_int_equal(trust_connection_send(pair[1], &size, trust_bytes_text("hello")), TRUST_OK);
    assert_int_equal(size, 5);
    assert_int_equal(trust_connection_receive(pair[0], &size, bytes, sizeof bytes), TRUST_OK);
    assert_int_equal(size, 5);
    assert_memory_equal(bytes, "hello", 5);
    struct trust_bytes more = {.data = (const uint8_t *)many, .size = sizeof many};
    assert_int_equal(trust_connection_send(pair[0], &size, more), TRUST_OK);
    assert_in_range(size, 1, sizeof many - 1);
    assert_int_equal(trust_connection_send(pair[0], &size, more), TRUST_OK);
    assert_int_equal(size, 0);
    /* What was sent is thrown away unread: no signal, and a name of its own. */
    assert_int_equal(close(pair[1]), 0);
    assert_int_equal(trust_connection_receive(pair[0], &size, bytes, sizeof bytes),
                     TRUST_NO_CONFLICT);
    assert_int_equal(trust_connection_receive(pair[0], &size, bytes, sizeof bytes), TRUST_NO_NODE);
    assert_int_equal(trust_connection_send(pair[0], &size, more), TRUST_NO_NODE);
    assert_int_equal(close(pair[0]), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_neither_blocks_nor_is_inherited),
        cmocka_unit_test(a_full_queue_is_waited_for_until_the_moment_that_was_named),
        cmocka_unit_test(signals_neither_end_nor_prolong_a_wait),
        cmocka_unit_test(the_other_side_is_quiet_or_has_spoken_or_gone),
        cmocka_unit_test(bytes_go_as_far_as_they_can_and_ends_are_told_apart),
    };
    return cmocka_run_group_tests_name("client/connection", tests, NULL, NULL);
}
