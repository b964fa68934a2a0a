/*
 * The node's core: the one thread that owns engine, store, link and local API, and carries out what
 * the engine wants. It never looks into the meaning of an action.
 */
#ifndef CORE_H
#define CORE_H

#include <stdbool.h>

#include "trust/error.h"
#include "trust/time.h"

#include "engine/engine.h"
#include "host/config.h"
#include "host/home.h"
#include "node/audit.h"
#include "node/audit_note.h"
#include "node/events.h"
#include "node/flagbook.h"
#include "node/link.h"
#include "node/log.h"
#include "node/loop.h"
#include "node/node_key.h"
#include "node/peers.h"
#include "node/pump.h"
#include "node/scrub.h"
#include "node/server_state.h"
#include "node/showing.h"
#include "node/store.h"
#include "node/verify_pool.h"
#include "node/wall.h"

struct api;

struct core {
    struct trust_home home;
    struct trust_config config;
    const char *program;     /* of the link process */
    const char *config_path; /* NULL: the home's */
    struct trust_network network;
    struct log log;
    struct loop loop;
    struct node_key node_key;
    struct trust_key operator_key;
    bool has_operator;
    bool is_new_operator;      /* as the start was told; see operators.h */
    uint32_t former_operators; /* whose records are kept */
    struct trust_now started;
    struct trust_now now; /* read once a turn */
    struct trust_engine *engine;
    struct store *store;
    struct verify_pool *pool;
    struct link *link;
    int link_fd;   /* watched; -1: none */
    int signal_fd; /* SIGTERM, SIGINT and SIGHUP */
    struct peers peers;
    struct pump pump;
    struct showing showing;
    struct server_state server_state;
    struct audit audit;
    struct audit_mark audit_mark; /* what the store has of it */
    bool is_audit_damaged;        /* it was at the start */
    struct audit_reason audit_reason;
    struct events events;
    struct flagbook ignored; /* the home's `ignored` */
    struct scrub scrub;
    struct wall wall;
    struct api *api;
};

struct core_options {
    const char *program;     /* of the link process; see link.h */
    const char *config_path; /* read again on SIGHUP; NULL: the home's. Outlives the core */
    bool is_new_operator;    /* the former ones' records need not be kept */
    int log_fd;
    enum log_level log_level;
};

/* Opens everything of the home in order: directories, keys, store, engine with the records of the
 * store, workers, link. home and config are taken over. On an error what was opened is closed and
 * the log says what failed. */
TRUST_MUST_USE enum trust_error core_open(struct core *core, const struct trust_home *home,
                                          struct trust_config *config,
                                          const struct core_options *options);

/* Runs until core_stop, then stops cleanly: peers are told, what waits is committed. */
TRUST_MUST_USE enum trust_error core_run(struct core *core);
void core_stop(struct core *core);
void core_close(struct core *core);

/* To be called after anything that may have changed the engine: carries out its actions. */
void core_turn(struct core *core);

#endif
