/* guard/port: sockets on the loopback of this host. */
#include "guard/port.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static int connect_to(uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port),
                                  .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    int result = connect(fd, (const struct sockaddr *)&address, sizeof address);
    (void)close(fd);
    return result;
}

static void the_system_chooses_a_port_that_can_be_reached(void **state)
{
    (void)state;
    struct face_address address;
    int fd = -1;
    assert_int_equal(face_address_read(&address, "127.0.0.1:0"), TRUST_OK);
    assert_int_equal(port_open(&fd, &address), TRUST_OK);
    assert_int_not_equal(address.port, 0);
    assert_int_equal(connect_to(address.port), 0);
    assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    /* Who comes second is told so. */
    struct face_address same = address;
    int other = -1;
    assert_int_equal(port_open(&other, &same), TRUST_NO_RUNNING);
    assert_int_equal(other, -1);
    (void)close(fd);
    assert_int_equal(port_open(&fd, &same), TRUST_OK);
    assert_int_equal(same.port, address.port);
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_chooses_a_port_that_can_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
