/* See peer.h. */
#include "peer.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_SIZE_MAX (1u << 20)

/* Reads one request whole; false: the connection ended. The caller frees *out_text. */
static bool read_request(int fd, char **out_text)
{
    char *text = malloc(REQUEST_SIZE_MAX);
    size_t size = 0;
    size_t wanted = SIZE_MAX;
    while (text != NULL && size < wanted) {
        ssize_t taken = read(fd, text + size, REQUEST_SIZE_MAX - 1 - size);
        if (taken <= 0) {
            free(text);
            return false;
        }
        size += (size_t)taken;
        text[size] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        const char *length = strcasestr(text, "content-length:");
        if (end != NULL && length != NULL)
            wanted = (size_t)(end + 4 - text) + strtoul(length + 15, NULL, 10);
    }
    *out_text = text;
    return text != NULL;
}

static void reply(int fd, int status, const json_t *answer)
{
    char *body = answer != NULL ? json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY) : strdup("{}");
    char head[128];
    int size = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n", status,
                        strlen(body));
    if (send(fd, head, (size_t)size, MSG_NOSIGNAL) < 0 ||
        send(fd, body, strlen(body), MSG_NOSIGNAL) < 0)
        perror("peer");
    free(body);
}

static void keep(struct peer *peer, const char *path, json_t *body)
{
    pthread_mutex_lock(&peer->lock);
    if (peer->asked_count < PEER_ASKED_MAX) {
        struct peer_asked *asked = &peer->asked[peer->asked_count++];
        (void)snprintf(asked->path, sizeof asked->path, "%s", path);
        asked->body = json_incref(body);
    }
    pthread_mutex_unlock(&peer->lock);
}

static bool serve(struct peer *peer, int fd)
{
    char *text = NULL;
    if (!read_request(fd, &text))
        return false;
    char path[128] = "";
    if (sscanf(text, "POST %127s ", path) != 1)
        abort();
    json_t *body = json_loads(strstr(text, "\r\n\r\n") + 4, 0, NULL);
    free(text);
    json_t *answer = NULL;
    int status = peer->answer(peer->context, path, body, &answer);
    keep(peer, path, body);
    if (status != 0)
        reply(fd, status, answer);
    json_decref(answer);
    json_decref(body);
    return true;
}

static void add(struct peer *peer, int fd)
{
    for (int i = 0; i < PEER_CONNECTIONS_MAX; i++) {
        if (peer->connections[i] < 0) {
            peer->connections[i] = fd;
            return;
        }
    }
    (void)close(fd);
}

static void *run(void *argument)
{
    struct peer *peer = argument;
    for (;;) {
        struct pollfd fds[PEER_CONNECTIONS_MAX + 2] = {{.fd = peer->stop[0], .events = POLLIN},
                                                       {.fd = peer->listener, .events = POLLIN}};
        for (int i = 0; i < PEER_CONNECTIONS_MAX; i++)
            fds[2 + i] = (struct pollfd){.fd = peer->connections[i], .events = POLLIN};
        if (poll(fds, PEER_CONNECTIONS_MAX + 2, -1) < 0)
            abort();
        if (fds[0].revents != 0)
            return NULL;
        if (fds[1].revents != 0)
            add(peer, accept(peer->listener, NULL, NULL));
        for (int i = 0; i < PEER_CONNECTIONS_MAX; i++) {
            if (fds[2 + i].fd < 0 || fds[2 + i].revents == 0 || serve(peer, fds[2 + i].fd))
                continue;
            (void)close(peer->connections[i]);
            peer->connections[i] = -1;
        }
    }
}

bool peer_start(struct peer *peer, const char *socket_path, peer_answer *answer, void *context)
{
    *peer = (struct peer){.answer = answer, .context = context};
    for (int i = 0; i < PEER_CONNECTIONS_MAX; i++)
        peer->connections[i] = -1;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
    (void)unlink(socket_path);
    peer->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    peer->is_running = pthread_mutex_init(&peer->lock, NULL) == 0 && pipe(peer->stop) == 0 &&
                       bind(peer->listener, (struct sockaddr *)&address, sizeof address) == 0 &&
                       listen(peer->listener, 8) == 0 &&
                       pthread_create(&peer->thread, NULL, run, peer) == 0;
    return peer->is_running;
}

void peer_stop(struct peer *peer)
{
    if (!peer->is_running)
        return;
    (void)close(peer->stop[1]);
    (void)pthread_join(peer->thread, NULL);
    (void)close(peer->stop[0]);
    (void)close(peer->listener);
    for (int i = 0; i < PEER_CONNECTIONS_MAX; i++) {
        if (peer->connections[i] >= 0)
            (void)close(peer->connections[i]);
    }
    for (uint32_t i = 0; i < peer->asked_count; i++)
        json_decref(peer->asked[i].body);
    (void)pthread_mutex_destroy(&peer->lock);
    peer->is_running = false;
}

uint32_t peer_count(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    uint32_t count = peer->asked_count;
    pthread_mutex_unlock(&peer->lock);
    return count;
}

bool peer_wait(struct peer *peer, uint32_t count)
{
    for (int i = 0; i < 2000 && peer_count(peer) < count; i++)
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return peer_count(peer) >= count;
}
