/*
 * The servers that this agent deals with: of each its handle on the board and what was last read
 * there, and the agent's own breaker; and the breakers of single tools. Bounded: the one used the
 * longest ago makes room.
 */
#ifndef TRUST_CLIENT_SERVERS_H
#define TRUST_CLIENT_SERVERS_H

#include "trust/board.h"
#include "trust/client.h"

#include "base/siphash.h"
#include "base/table.h"

/* A target's slot before its first use. */
#define TRUST_CLIENT_NO_SLOT UINT32_MAX

struct trust_client_server {
    struct trust_board_handle handle; /* with the digest: the key */
    bool is_shown;                    /* shown holds what the board said last */
    bool has_calls;                   /* the own cell was used */
    struct trust_board_cell shown;
    struct trust_breaker cell;
    uint64_t used;            /* when, in uses of the table */
    struct trust_mono asked;  /* when the node was last asked to show it; 0: never */
    struct trust_mono trying; /* end of an outstanding last attempt; 0: none */
};

struct trust_client_tool {
    uint8_t digest[32]; /* of the server */
    char tool[TRUST_CLIENT_TOOL_SIZE];
    struct trust_breaker cell;
    uint64_t used;
};

struct trust_client_servers {
    struct trust_client_server *servers;
    struct trust_client_tool *tools;
    struct trust_table by_digest;
    struct trust_table by_tool;
    uint32_t server_count; /* slots ever used, as is the next */
    uint32_t tool_count;
    uint64_t uses;
    uint64_t seed; /* of hashes and breakers */
};

/* Cuts all room; the arena's memory is zero. */
void trust_client_servers_init(struct trust_client_servers *servers, struct trust_arena *arena,
                               uint64_t seed);

/* The target's server, new if need be. Valid until the next call that adds. target->slot is
 * brought up to date. */
struct trust_client_server *trust_client_servers_add(struct trust_client_servers *servers,
                                                     struct trust_client_target *target,
                                                     struct trust_mono now);

/* The cell of the target's tool, new if need be; the target has one. */
struct trust_client_tool *trust_client_servers_add_tool(struct trust_client_servers *servers,
                                                        struct trust_client_target *target,
                                                        struct trust_mono now);

/* The cell of a server's tool, or NULL if it was never called. */
struct trust_client_tool *trust_client_servers_find_tool(struct trust_client_servers *servers,
                                                         struct trust_client_target *target);

/* Every cell goes over to another policy. */
void trust_client_servers_adopt(struct trust_client_servers *servers,
                                const struct trust_breaker_policy *policy, struct trust_mono now);

#endif
