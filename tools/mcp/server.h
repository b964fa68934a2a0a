/*
 * The MCP server: a line in, its answer out. It speaks the legacy era, in which a session begins
 * with initialize, and the modern one, in which each request says its version; a client may use
 * either at any time. Nothing here touches a descriptor or a clock.
 */
#ifndef MCP_SERVER_H
#define MCP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/bytes.h"

#include "mcp/reply.h"
#include "mcp/told.h"
#include "mcp/view.h"
#include "mcp/watch.h"

struct server {
    struct reply reply;
    struct view *view;
    uint64_t ticked_ms; /* when the last tick was */
    bool is_greeted;    /* initialize came */
    struct told told;
    struct watch watch;
};

/* view is borrowed until close. */
void server_init(struct server *server, struct view *view, struct reply reply);
void server_close(struct server *server);

/* A line from the client, valid JSON or not. */
void server_line(struct server *server, struct trust_bytes line);

/* A line that was too long to be kept. */
void server_overlong(struct server *server);

/* To be called every TRUST_MCP_POLL_MS while server_is_watching: tells what has changed. */
void server_tick(struct server *server, uint64_t now_ms);

/* A tick at once, out of turn: what is watched from now on is as it is now. */
void server_look(struct server *server);

bool server_is_watching(const struct server *server);

/* The client will send no more: streams that are open end. */
void server_end(struct server *server);

#endif
