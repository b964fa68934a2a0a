/* The client's inside: what its files share. Everything but the sender is under one lock, held for
 * microseconds and never over a round trip. */
#ifndef TRUST_CLIENT_STATE_H
#define TRUST_CLIENT_STATE_H

#include <pthread.h>

#include "trust/client.h"

#include "client/clock.h"
#include "client/groups.h"
#include "client/sender.h"
#include "client/servers.h"
#include "client/withheld_list.h"
#include "host/home.h"

struct trust_client {
    pthread_mutex_t lock;
    struct trust_client_clock clock;
    char board_path[TRUST_HOME_PATH_SIZE];
    char config_path[TRUST_HOME_PATH_SIZE];
    char withheld_path[TRUST_HOME_PATH_SIZE];
    char socket_path[TRUST_HOME_PATH_SIZE];
    char agent[TRUST_PETNAME_SIZE_MAX + 1];
    struct trust_board board;
    struct trust_client_servers servers;
    struct trust_client_groups groups;
    struct trust_client_withheld withheld;
    struct trust_client_sender *sender;

    /* Of one selection, TRUST_SELECT_MAX each. */
    struct trust_client_target **wanted;
    struct trust_client_target *typed; /* candidates that are not a group's */
    struct trust_candidate *candidates;
    struct trust_choice *choices;

    void *memory; /* of the tables and of the above */
    size_t memory_size;
};

/* What trust_client_open takes from the machine. */
struct trust_client_parameters {
    struct trust_home home;
    struct trust_client_clock clock;
    const char *agent;
    uint64_t seed;
};

TRUST_MUST_USE enum trust_error
trust_client_open_with(struct trust_client **out_client,
                       const struct trust_client_parameters *parameters);

/* ---- under the lock ---- */

/* Brings board, configuration and list of withheld servers up to date, as far as it is time to. */
struct trust_basis trust_client_refresh(struct trust_client *client, struct trust_now now);

/* Reads what the board says of the server now; what it said last stays while its slot is busy. */
enum trust_error trust_client_show(const struct trust_client *client,
                                   struct trust_client_server *server);

/* What is known of the server apart from the own cells: its board cell, and whether the list of
 * withheld servers has it. The rest of the candidate is left as it is. */
void trust_client_fill(const struct trust_client *client, struct trust_candidate *candidate,
                       const struct trust_client_server *server, const struct trust_now *now,
                       bool is_live);

#endif
