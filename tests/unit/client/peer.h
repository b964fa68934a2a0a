/*
 * A small HTTP server on a Unix socket that stands in for the node: it answers each POST with what
 * a function of the test makes of it, and keeps what it was asked. One thread, many connections.
 */
#ifndef TESTS_UNIT_CLIENT_PEER_H
#define TESTS_UNIT_CLIENT_PEER_H

#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define PEER_CONNECTIONS_MAX 16
#define PEER_ASKED_MAX 64

/* Returns the HTTP status; 0: no answer at all, the connection stays open. *out_answer is taken. */
typedef int peer_answer(void *context, const char *path, const json_t *body, json_t **out_answer);

struct peer_asked {
    char path[128];
    json_t *body;
};

struct peer {
    pthread_t thread;
    pthread_mutex_t lock; /* over asked */
    peer_answer *answer;
    void *context;
    int listener;
    int stop[2]; /* a pipe: closed to stop */
    int connections[PEER_CONNECTIONS_MAX];
    uint32_t asked_count;
    struct peer_asked asked[PEER_ASKED_MAX];
    bool is_running;
};

bool peer_start(struct peer *peer, const char *socket_path, peer_answer *answer, void *context);

/* Stops listening at once, as a killed node does; the socket's file stays. */
void peer_stop(struct peer *peer);

/* Requests so far. */
uint32_t peer_count(struct peer *peer);

/* Waits up to two seconds for this many requests. */
bool peer_wait(struct peer *peer, uint32_t count);

#endif
