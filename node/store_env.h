/*
 * The LMDB environment of a store: its tables, keys and totals. docs/reference/store.md is the
 * description for people; this is the one place where the bytes are made.
 *
 * Functions here return LMDB's or errno's numbers (0: done), because the writer tells a full disk
 * from a broken one by them; store_env_error turns them into ours.
 */
#ifndef STORE_ENV_H
#define STORE_ENV_H

#include <lmdb.h>

#include "base/siphash.h"
#include "node/store.h"
#include "node/store_row.h"

#define STORE_SCHEMA 1u

enum store_table {
    STORE_META,      /* "schema", "network", "check", "totals" */
    STORE_AUTHORS,   /* author key (32) -> number (4) */
    STORE_HEADS,     /* number (4) -> author key (32), seq (8), count (4), digest (32) */
    STORE_RECORDS,   /* number (4), seq (8), id (first 8 or all 32) -> hash (8), record */
    STORE_REGISTERS, /* number (4), register digest (16) -> seq (8), first 8 of the id; 1 to 4 */
    STORE_STATE,     /* the node's own */
    STORE_DAMAGED,   /* as records; the value as it was found */
    STORE_TABLES,
};

struct store_env {
    MDB_env *lmdb;
    MDB_dbi tables[STORE_TABLES];
    struct trust_siphash_key check;
    struct trust_network network;
};

/* Opens what store_open describes; makes the store if there is none, unless read_only. */
TRUST_MUST_USE enum trust_error store_env_open(struct store_env *out_env,
                                               const struct store_options *options, bool read_only);
void store_env_close(struct store_env *env);

/* Opens a backup file to be read; its check key is not known and not needed. */
TRUST_MUST_USE enum trust_error store_env_open_file(struct store_env *out_env, const char *file,
                                                    const struct trust_network *network);

enum trust_error store_env_error(int code);

/* Counts LMDB's free pages numbered from and above. A number of LMDB or errno. */
int store_count_free_pages(MDB_env *lmdb, size_t *out_count, size_t from);

#endif
