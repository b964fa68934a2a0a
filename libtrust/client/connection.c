/* See connection.h. */
#include "client/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "client/clock.h"

uint64_t trust_connection_now_ms(void)
{
    const struct trust_client_clock clock = trust_client_clock_system();
    return trust_client_clock_read(&clock).mono.ms;
}

static uint64_t left_ms(uint64_t end_ms)
{
    uint64_t now_ms = trust_connection_now_ms();
    return end_ms > now_ms ? end_ms - now_ms : 0;
}

/* ---- opening ---- */

/* A connect that does not block fails at once when the queue is full: this one waits in the kernel,
 * which a timeout for sending bounds. */
static enum trust_error connect_until(int fd, const struct sockaddr_un *address, uint64_t end_ms)
{
    for (;;) {
        uint64_t ms = left_ms(end_ms);
        if (ms == 0)
            ms = 1; /* 0 would be for ever */
        const struct timeval wait = {.tv_sec = (time_t)(ms / 1000),
                                     .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
        if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0)
            return TRUST_FAIL_SYSTEM;
        if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
            return TRUST_OK;
        if (errno == EACCES || errno == EPERM)
            return TRUST_NO_PERMISSION;
        if (errno != EINTR && errno != EAGAIN)
            return TRUST_NO_NODE;
        if (left_ms(end_ms) == 0)
            return TRUST_NO_BUSY;
    }
}

enum trust_error trust_connection_open(int *out_fd, const struct sockaddr_un *address,
                                       uint64_t end_ms)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return TRUST_FAIL_SYSTEM;
    enum trust_error error = connect_until(fd, address, end_ms);
    if (error == TRUST_OK && fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        error = TRUST_FAIL_SYSTEM;
    if (error != TRUST_OK) {
        (void)close(fd);
        return error;
    }
    *out_fd = fd;
    return TRUST_OK;
}

/* ---- waiting ---- */

bool trust_connection_is_quiet(int fd)
{
    struct pollfd one = {.fd = fd, .events = POLLIN | POLLRDHUP};
    int count = poll(&one, 1, 0);
    return count == 0;
}

enum trust_error trust_connection_wait(int fd, short *out_events, short events, uint64_t end_ms)
{
    struct pollfd one = {.fd = fd, .events = events};
    for (;;) {
        uint64_t ms = left_ms(end_ms);
        int count = poll(&one, 1, ms > INT_MAX ? INT_MAX : (int)ms);
        if (count < 0 && errno != EINTR)
            return TRUST_FAIL_SYSTEM;
        if (count > 0) {
            *out_events = one.revents;
            return TRUST_OK;
        }
        if (left_ms(end_ms) == 0)
            return TRUST_NO_BUSY;
    }
}

/* ---- bytes ---- */

enum trust_error trust_connection_send(int fd, size_t *out_size, struct trust_bytes bytes)
{
    ssize_t size = 0;
    do
        size = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);
    while (size < 0 && errno == EINTR);
    if (size < 0 && errno != EAGAIN)
        return TRUST_NO_NODE;
    *out_size = size < 0 ? 0 : (size_t)size;
    return TRUST_OK;
}

enum trust_error trust_connection_receive(int fd, size_t *out_size, void *out_bytes, size_t room)
{
    ssize_t size = 0;
    do
        size = recv(fd, out_bytes, room, 0);
    while (size < 0 && errno == EINTR);
    if (size == 0)
        return TRUST_NO_NODE;
    if (size < 0 && errno != EAGAIN)
        return errno == ECONNRESET ? TRUST_NO_CONFLICT : TRUST_NO_NODE;
    *out_size = size < 0 ? 0 : (size_t)size;
    return TRUST_OK;
}
