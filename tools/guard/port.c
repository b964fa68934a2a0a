/* See port.h. */
#include "guard/port.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that wait while the guard is busy. */
#define BACKLOG 128

union any_address {
    struct sockaddr plain;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static socklen_t fill(union any_address *out_any, const struct face_address *address)
{
    *out_any = (union any_address){0};
    if (address->is_v6) {
        out_any->six = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                             .sin6_port = htons(address->port),
                                             .sin6_addr = IN6ADDR_LOOPBACK_INIT};
        return sizeof out_any->six;
    }
    out_any->four.sin_family = AF_INET;
    out_any->four.sin_port = htons(address->port);
    (void)inet_pton(AF_INET, address->host, &out_any->four.sin_addr);
    return sizeof out_any->four;
}

static enum trust_error error_of(int number)
{
    if (number == EADDRINUSE)
        return TRUST_NO_RUNNING;
    if (number == EACCES)
        return TRUST_NO_PERMISSION;
    bool is_missing = number == EADDRNOTAVAIL || number == EAFNOSUPPORT;
    return is_missing ? TRUST_NO_FOUND : TRUST_FAIL_SYSTEM;
}

static int bind_and_listen(int fd, const union any_address *any, socklen_t size)
{
    static const int yes = 1;
    /* Connections of a guard before this one may linger; two that listen exclude each other. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, &any->plain, size) != 0)
        return -1;
    return listen(fd, BACKLOG);
}

enum trust_error port_open(int *out_fd, struct face_address *inout_address)
{
    union any_address any;
    socklen_t size = fill(&any, inout_address);
    int fd = socket(any.plain.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return error_of(errno);
    if (bind_and_listen(fd, &any, size) != 0 || getsockname(fd, &any.plain, &size) != 0) {
        enum trust_error error = error_of(errno);
        (void)close(fd);
        return error;
    }
    inout_address->port = ntohs(inout_address->is_v6 ? any.six.sin6_port : any.four.sin_port);
    *out_fd = fd;
    return TRUST_OK;
}
