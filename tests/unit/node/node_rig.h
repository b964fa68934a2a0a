/*
 * A whole core on a home of its own, driven turn by turn by the test: real store, engine and
 * workers, a link process that listens nowhere. The home's records are those of fixture.h.
 */
#ifndef NODE_RIG_H
#define NODE_RIG_H

#include "engine/servers.h"
#include "fixture.h"
#include "node/core.h"

#define NODE_RIG_CONFIG_MAX 2048

struct node_rig {
    struct fixture *fixture; /* directory, keys and records; its store stays closed */
    char config[NODE_RIG_CONFIG_MAX];
    uint64_t store_limit; /* 0: the configuration's */
    bool is_new_operator; /* as the option of that name */
    int log_fd;
    struct core core;
    bool is_open;
    MDB_txn *held; /* of the store: see node_rig_hold_disk */
    uint32_t verdict_count;
    struct trust_verdict_action verdict; /* the last one */
};

/* A home with this reputed.yaml, of the network "test", and the core on it. */
struct node_rig *node_rig_open(const char *config);

/* The same, not yet started. */
struct node_rig *node_rig_make(const char *config);

/* Opens the core and no more. All authors of the fixture are named, so that they are taken. */
enum trust_error node_rig_try(struct node_rig *rig);

/* Opens it, and goes on to where core_run waits for the first time. */
void node_rig_start(struct node_rig *rig);

/* As a signal stops the daemon. */
void node_rig_stop(struct node_rig *rig);

/* As a crash does, as far as the core is concerned: nothing is saved any more. */
void node_rig_drop(struct node_rig *rig);
void node_rig_close(struct node_rig *rig);

/* Turns, with whatever store and workers have ready, for so long at most. */
void node_rig_run(struct node_rig *rig, uint32_t ms);

/* Turns until the condition holds; fails the test after ten seconds. */
typedef bool node_rig_condition(struct node_rig *rig);
void node_rig_until(struct node_rig *rig, node_rig_condition *condition);

/* Publishes and waits for the verdict. */
enum trust_error node_rig_publish(struct node_rig *rig, const struct fixture_record *record);

uint32_t node_rig_watch(struct node_rig *rig, const char *subject);

/* Keeps the store's thread from writing, as a disk does that does not answer, until let_go. */
void node_rig_hold_disk(struct node_rig *rig);
void node_rig_let_go(struct node_rig *rig);

/* Fills the store's ring with state that nobody reads. */
void node_rig_fill_ring(struct node_rig *rig);

/* The path of a file of the home; valid until the next call. */
const char *node_rig_path(const struct node_rig *rig, enum trust_home_file file);

/* A file's text, NUL-terminated; "" if it is not there. Valid until the next call. */
const char *node_rig_text(const char *path);

/* What was logged so far. */
const char *node_rig_log(const struct node_rig *rig);

/* The value of a state row of a server; its size, 0: there is none. */
size_t node_rig_row(struct node_rig *rig, char kind, uint32_t server, uint8_t out_value[4096]);

#endif
