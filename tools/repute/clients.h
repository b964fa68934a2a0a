/*
 * The MCP clients whose configurations are read: where each keeps them, and under which members its
 * servers stand. To add a client: rows in the tables of clients.c, a file in
 * tests/cli/fixtures/clients/.
 */
#ifndef REPUTE_CLIENTS_H
#define REPUTE_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "trust/error.h"

/* Room for a path of the system. */
#define CLIENTS_PATH_SIZE 4096

/* Where the servers of a file stand: bits. */
enum clients_members {
    CLIENTS_MCP_SERVERS = 1, /* {"mcpServers": {NAME: ...}} */
    CLIENTS_PROJECTS = 2,    /* {"projects": {PATH: {"mcpServers": ...}}} */
    CLIENTS_SERVERS = 4,     /* {"servers": {NAME: ...}} */
    CLIENTS_SETTINGS = 8,    /* {"mcp": {"servers": {NAME: ...}}} */
    CLIENTS_ANY = 15,
};

/* What decides where the files are, so that tests need no environment. NULL: not set. */
struct clients_inputs {
    const char *home;
    const char *config_home; /* XDG_CONFIG_HOME; without it .config in home */
    const char *claude_home; /* CLAUDE_CONFIG_DIR; without it home */
    const char *here;        /* the working directory */
};

/* The names that --client takes; NULL-terminated. */
extern const char *const clients_names[];

/* One place that a client reads. */
struct clients_place {
    const char *client;
    const char *scope; /* "user", "project", "system" */
    unsigned members;
    char path[CLIENTS_PATH_SIZE];
};

/*
 * The place after *position, which begins at 0, in the order of clients_names; those that the
 * inputs do not lead to are left out, as is a second one of the same path. client: NULL for all.
 * False: there is none left.
 */
bool clients_next_place(struct clients_place *out_place, size_t *position,
                        const struct clients_inputs *inputs, const char *client);

/*
 * What a file that somebody named is. client: as given with --client, or NULL: then it follows from
 * the path; client is NULL in a path of no client, whose file may have any members.
 */
void clients_place_of(struct clients_place *out_place, const char *path, const char *client);

#endif
