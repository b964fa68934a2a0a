/*
 * An MCP server over Streamable HTTP that costs next to nothing, for measurements: it looks for the
 * length, the id and the method of each request, and answers from fixed text. Connections are kept.
 *
 * usage: null_http_server
 *
 * It prints its port, and ends with its standard input.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 1024
#define REQUEST_SIZE_MAX 65536
#define EVENTS_AT_ONCE 64

#define ANSWER "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}"
#define TOOLS                                                                                      \
    "{\"tools\":[{\"name\":\"look\",\"inputSchema\":{\"type\":\"object\"},"                        \
    "\"annotations\":{\"readOnlyHint\":true}},"                                                    \
    "{\"name\":\"change\",\"inputSchema\":{\"type\":\"object\"}}]}"
#define GREETING                                                                                   \
    "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"                         \
    "\"serverInfo\":{\"name\":\"null\",\"version\":\"1\"}}"

struct connection {
    char *taken;
    size_t size;
};

static struct connection connections[CONNECTIONS_MAX];

static const char *result_of(const char *body)
{
    if (strstr(body, "\"tools/call\"") != NULL)
        return ANSWER;
    return strstr(body, "\"tools/list\"") != NULL ? TOOLS : GREETING;
}

static int send_all(int fd, const char *text, size_t size)
{
    return send(fd, text, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static int answer(int fd, const char *head, const char *body)
{
    static const char nothing[] = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    static const char refusal[] = "HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n";
    char text[2048];
    char json[1024];
    const char *id = strstr(body, "\"id\":");
    if (strncmp(head, "POST ", 5) != 0)
        return send_all(fd, refusal, sizeof refusal - 1);
    if (id == NULL)
        return send_all(fd, nothing, sizeof nothing - 1);
    id += strlen("\"id\":");
    int size = snprintf(json, sizeof json, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":%s}",
                        (int)strcspn(id, ",}"), id, result_of(body));
    size = snprintf(text, sizeof text,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    "Content-Length: %d\r\n\r\n%s",
                    size, json);
    return send_all(fd, text, (size_t)size);
}

/* Answers the first request that is whole: how many bytes it had; 0: it is not whole; -1: gone. */
static long take(int fd, char *text, size_t size)
{
    text[size] = '\0';
    char *end = strstr(text, "\r\n\r\n");
    if (end == NULL)
        return 0;
    *end = '\0';
    const char *length = strcasestr(text, "\r\nContent-Length:");
    size_t body_size = length == NULL ? 0 : strtoul(length + 17, NULL, 10);
    char *body = end + 4;
    size_t whole = (size_t)(body - text) + body_size;
    *end = '\r';
    if (size < whole)
        return 0;
    char next = body[body_size];
    body[body_size] = '\0';
    int is_sent = answer(fd, text, body);
    body[body_size] = next;
    return is_sent ? (long)whole : -1;
}

static void drop(int fd)
{
    free(connections[fd].taken);
    connections[fd] = (struct connection){0};
    (void)close(fd);
}

static void hear(int fd)
{
    struct connection *connection = &connections[fd];
    ssize_t size =
        read(fd, connection->taken + connection->size, REQUEST_SIZE_MAX - connection->size);
    if (size <= 0) {
        drop(fd);
        return;
    }
    connection->size += (size_t)size;
    long taken = 0;
    while ((taken = take(fd, connection->taken, connection->size)) > 0) {
        connection->size -= (size_t)taken;
        memmove(connection->taken, connection->taken + taken, connection->size);
    }
    if (taken < 0)
        drop(fd);
}

static void welcome(int epoll, int listener)
{
    const int on = 1;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (fd < 0 || fd >= CONNECTIONS_MAX)
        abort();
    connections[fd].taken = malloc(REQUEST_SIZE_MAX + 1);
    if (connections[fd].taken == NULL ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        abort();
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    (void)printf("%u\n", (unsigned)ntohs(address.sin_port));
    (void)fflush(stdout);
    return fd;
}

int main(void)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int listener = listen_anywhere();
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) != 0)
        return EXIT_FAILURE;
    event = (struct epoll_event){.events = EPOLLIN | EPOLLHUP, .data.fd = STDIN_FILENO};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0)
        return EXIT_FAILURE;
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS_AT_ONCE, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == STDIN_FILENO)
                return EXIT_SUCCESS;
            if (fd == listener)
                welcome(epoll, listener);
            else
                hear(fd);
        }
    }
}
