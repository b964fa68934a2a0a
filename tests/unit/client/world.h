/*
 * A host in a temporary folder: configuration, a board written by the real writer, the list of
 * withheld servers, a stand-in for the node's socket, and a clock that the test moves.
 */
#ifndef TESTS_UNIT_CLIENT_WORLD_H
#define TESTS_UNIT_CLIENT_WORLD_H

#include <stdatomic.h>

#include "board/mapping.h"
#include "client/state.h"
#include "peer.h"

/* Three servers of one group: a primary and two fallbacks. */
#define WORLD_FIRST "mcp:io.example/first"
#define WORLD_SECOND "mcp:io.example/second"
#define WORLD_THIRD "https://third.example/mcp"
#define WORLD_GROUP                                                                                \
    "groups:\n"                                                                                    \
    "  search:\n"                                                                                  \
    "    primary: { subject: \"" WORLD_FIRST "\", command: first }\n"                              \
    "    fallbacks:\n"                                                                             \
    "      - { subject: \"" WORLD_SECOND "\", command: second }\n"                                 \
    "      - { subject: \"" WORLD_THIRD "\", url: \"" WORLD_THIRD "\" }\n"

struct world {
    char folder[64];
    struct trust_client *client;
    struct trust_home home;
    struct trust_board_writer writer;
    struct peer peer;
    uint64_t generation;
    _Atomic uint64_t now_ms; /* both clocks */
    char path[TRUST_HOME_PATH_SIZE];
};

/* For cmocka's setup and teardown: an empty host at one million seconds; *state is the world. */
int world_setup(void **state);
int world_teardown(void **state);

/* The path of a file of the host, until the next call. */
const char *world_path(struct world *world, enum trust_home_file file);

/* Writes a file of the host. */
void world_write(struct world *world, enum trust_home_file file, const char *text);

/* A fresh, empty board that a live node writes. */
void world_board(struct world *world);

/* A cell of a server at rest with this lower bound, in percent; unknown below zero. */
struct trust_board_cell world_cell(int percent);

/* Shows the server with this cell; its digest is filled in. */
void world_put(struct world *world, const char *subject, struct trust_board_cell cell);

/* The same with a cell at rest. */
void world_show(struct world *world, const char *subject, int percent);

/* Lets time pass; with a live node its heartbeat goes on. */
void world_pass(struct world *world, uint64_t ms, bool is_node_live);

struct trust_client_clock world_clock(struct world *world);

/* Opens the client, called "agent-1". */
struct trust_client *world_client(struct world *world);

/* The same over WORLD_GROUP and a board that shows its servers at 80, 70 and unknown. */
void world_whole(struct world *world);

/* The group "search". */
struct trust_answer world_select(struct world *world,
                                 struct trust_client_choice choices[TRUST_CLIENT_GROUP_MAX]);

/* count calls of the server, each with this end. */
void world_call(struct world *world, const char *subject, uint32_t count,
                enum trust_outcome_class class_);

struct trust_client_target world_target(const char *subject);

#endif
