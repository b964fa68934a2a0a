/*
 * A store in a directory of its own, authors with real keys and records they really signed, and
 * changes as the ledger would make them. For the tests of the store's files.
 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <string.h>

#include "node/store.h"
#include "node/store_env.h"
#include "node/store_offline.h"
#include "record/sign.h"

#define FIXTURE_AUTHORS 4
/* 2026-11-20, in milliseconds. */
#define FIXTURE_SEQ UINT64_C(1795132800000)

struct fixture_record {
    struct trust_signed bytes;
    struct trust_id id;
    struct trust_key author;
    uint64_t seq;
    struct trust_register place;
};

struct fixture {
    char directory[64];
    char path[80]; /* of the store */
    struct trust_network network;
    struct trust_secret *secrets[FIXTURE_AUTHORS];
    struct trust_key keys[FIXTURE_AUTHORS];
    struct trust_head heads[FIXTURE_AUTHORS];
    struct store_options options;
    struct store *store; /* NULL: closed */
    uint64_t number;     /* of the last change */
};

void must(enum trust_error error);

void fixture_start(struct fixture *fixture);

void fixture_stop(struct fixture *fixture);

/* map_size 0: the store's own choice. */
struct fixture *fixture_make(const char *parent, uint64_t map_size);

struct fixture *fixture_open(void);

void fixture_close(struct fixture *fixture);

/* A rating by author of server number server; seq is FIXTURE_SEQ + at. */
struct fixture_record fixture_rate(const struct fixture *fixture, size_t author, unsigned server,
                                   uint64_t at);

/* A record of the network "main" whose signature verifies, by a key of order 2L: it must never be
 * taken for one of an author. From tests/vectors/records.txt. */
struct fixture_record fixture_order_2l(void);

struct trust_bytes fixture_bytes(const struct fixture_record *record);

struct trust_signature fixture_signature(const struct fixture_record *record);

size_t fixture_author(const struct fixture *fixture, const struct trust_key *key);

/* The change that stores the record; its author's head grows by it. */
struct store_change fixture_put(struct fixture *fixture, const struct fixture_record *record);

/* The change that erases it; the greatest seq of what is left is the caller's to know. */
struct store_change fixture_erase(struct fixture *fixture, const struct fixture_record *record,
                                  uint64_t left_seq);

/* The change that erases the author but for one record (NULL: without exception). */
struct store_change fixture_erase_author(struct fixture *fixture, size_t author,
                                         const struct fixture_record *spared);

struct store_change fixture_state(struct fixture *fixture, const char *key, const char *value);

/* Waits until the store tells something; aborts after ten seconds of silence. */
struct store_progress fixture_poll(const struct fixture *fixture);

/* Waits until everything submitted is durable. */
void fixture_settle(const struct fixture *fixture);

void fixture_submit(struct fixture *fixture, struct store_change change);

/* Stores one rating and waits until it is durable. */
struct fixture_record fixture_store(struct fixture *fixture, size_t author, unsigned server,
                                    uint64_t at);

/* What a visit saw: how many, and of each the seq, less FIXTURE_SEQ, and the author's index. */
struct fixture_seen {
    const struct fixture *fixture;
    uint32_t count;
    uint32_t stop_at; /* 0: never */
    uint64_t at[64];
    size_t author[64];
};

bool fixture_see(void *context, const struct trust_key *author, struct trust_bytes bytes);

struct fixture_seen fixture_load(struct fixture *fixture, uint64_t *out_damaged);

void fixture_ignore(void *context, const struct store_complaint *complaint);

/* Closes the store and holds every table against every other. */
enum trust_error fixture_verify(struct fixture *fixture, struct store_report *out_report);

/* Runs change on the raw tables of the closed store. */
void fixture_edit(const struct fixture *fixture,
                  int (*change)(const struct store_env *env, MDB_txn *txn));

#endif
