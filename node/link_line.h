/*
 * Lines: the connections of the link. One ROUTER carries every inbound one, each outbound one has a
 * DEALER and a monitor of its own. A peer is known by the User-Id that ZAP gave, read from the
 * payload frame, never by a routing id.
 */
#ifndef LINK_LINE_H
#define LINK_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "trust/error.h"
#include "trust/key.h"

#include "host/endpoint.h"

/* 64 dialled, as many inbound. */
#define LINK_LINES_MAX 128
/* Automatic routing ids of libzmq 4.3: a zero and 32 bits. */
#define LINK_ROUTING_SIZE 5

struct link_line {
    bool is_used;
    bool is_up; /* the core was told */
    bool is_dialled;
    bool is_newcomer;
    uint32_t handle; /* of the connection that is up */
    struct trust_key key;
    /* dialled */
    void *dealer; /* NULL while it waits to be opened again */
    void *monitor;
    char endpoint[TRUST_ENDPOINT_SIZE_MAX + 1];
    uint8_t secret[32]; /* another client key than ours, of an invite */
    bool has_secret;
    bool uses_secret;   /* this time; the next time ours */
    bool is_over;       /* it ended; what came before is still to be read */
    uint64_t opened_ms; /* when the dealer was opened */
    uint64_t reopen_ms; /* when a closed dealer is opened again */
    uint32_t backoff_ms;
    /* inbound */
    uint8_t routing[LINK_ROUTING_SIZE];
    uint64_t ends_ms; /* when it is hung up: what comes from it is ignored; 0: it goes on */
    int fd;           /* where its last message came from; only to hang up, never a right */
    struct sockaddr_storage address;
    socklen_t address_size;
};

struct link_lines {
    void *context;
    void *router; /* NULL: nobody can call */
    struct trust_key key;
    uint8_t secret[32];
    uint32_t last_handle;
    uint32_t opened; /* monitors' names */
    struct link_line lines[LINK_LINES_MAX];
};

/* The ROUTER, with every option set before it is bound; listen may be empty. False: errno. */
bool link_lines_listen(struct link_lines *lines, const char *listen);

struct link_line *link_line_by_handle(struct link_lines *lines, uint32_t handle);
struct link_line *link_line_by_routing(struct link_lines *lines, const uint8_t *routing);
struct link_line *link_line_dialled(struct link_lines *lines, const struct trust_key *key);
/* The inbound line of a key that goes on. */
struct link_line *link_line_inbound(struct link_lines *lines, const struct trust_key *key);
/* A free row; NULL: all are taken. */
struct link_line *link_line_add(struct link_lines *lines);
/* Gives a row back and wipes what it held. */
void link_line_free(struct link_line *line);

/* Opens the dealer of a row that has key and endpoint, for one connection: libzmq would carry over
 * what was queued for an earlier one. False: errno; it is tried again later. */
bool link_line_open(struct link_lines *lines, struct link_line *line);

/* Closes the dealer; what was sent has linger_ms to leave. */
void link_line_close(struct link_line *line, int linger_ms);

/* Hangs up an inbound connection, if the descriptor is still the one its message came from. */
void link_line_hang_up(const struct link_line *line);

/* Remembers where a message of an inbound line came from. */
void link_line_note_source(struct link_line *line, int fd);

enum link_monitor_event {
    LINK_MONITOR_NOTHING,
    LINK_MONITOR_UP,   /* handshake done: the other end holds the key we dialled */
    LINK_MONITOR_DOWN, /* disconnected, refused, or nobody there: to be opened anew with back-off */
};

/* Reads one event of a dealer's monitor; false: none waits. */
bool link_line_monitor(const struct link_line *line, enum link_monitor_event *out_event);

#endif
