/*
 * The store: every record the node keeps, on disk (LMDB, default sync mode), written by one thread
 * in groups and read by the core thread in short transactions.
 *
 * Changes go into a bounded ring and are answered by number: what store_poll calls durable has been
 * synced and survives kill -9 and power loss. Records, registers, heads and the totals change in
 * one transaction. Each record carries a keyed hash, checked whenever it is read; a bad one is set
 * aside and reported, never given out. docs/reference/store.md describes the tables.
 *
 * Threads: open, close, submit, poll and all reads belong to one thread, the core's.
 */
#ifndef STORE_H
#define STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "trust/record.h"

#include "base/limits.h"
#include "record/head.h"
#include "record/register.h"

struct store;

enum store_change_kind {
    STORE_PUT,          /* bytes: the record. The same id again replaces it (a lesser signature) */
    STORE_ERASE,        /* one record; one that is not there is no error */
    STORE_ERASE_AUTHOR, /* everything of the author but the record (seq, id), if id is not zero */
    STORE_STATE_PUT,    /* other state of the node: bytes under state_key */
    STORE_STATE_ERASE,
    STORE_SET_ASIDE, /* the store's own: state_key is the row of a record found damaged */
};

struct store_change {
    enum store_change_kind kind;
    bool urgent;     /* someone waits for it: committed within 5 ms, else within 250 ms */
    bool is_owed;    /* a PUT that was accepted before the limit was met: it may go beyond it */
    bool continues;  /* in the same transaction as the change that follows; at most
                        TRUST_STORE_GROUP_MAX in a row */
    uint64_t number; /* the caller's, greater than every one before; 0: not to be answered */
    uint64_t state_number; /* the same of a sequence of its own, for whoever waits for state */
    struct trust_key author;
    uint64_t seq;
    struct trust_id id;
    struct trust_register place; /* of PUT and ERASE */
    struct trust_head head;      /* the author's, after this change; with count 0 it is forgotten */
    struct trust_bytes state_key; /* at most TRUST_STATE_KEY_SIZE_MAX, at least 1 byte */
    struct trust_bytes bytes;     /* at most TRUST_RECORD_SIZE_MAX, or TRUST_STATE_VALUE_SIZE_MAX */
};

struct store_options {
    const char *directory; /* exists; 0700 */
    struct trust_network network;
    uint64_t limit_size; /* bytes of records at most */
    uint64_t map_size;   /* 0: chosen from limit_size; tests make it small */
};

struct store_progress {
    uint64_t durable;       /* every change numbered up to here is on disk */
    uint64_t state_durable; /* the same of state_number */
    enum trust_error fault; /* TRUST_OK; TRUST_NO_ROOM (map or disk full) and TRUST_FAIL_MEMORY:
                               nothing is lost, it tries again by itself; TRUST_FAIL_IO,
                               TRUST_FAIL_CORRUPT: nothing is written until the next start */
    int fault_code;         /* what the system or LMDB said; 0 with TRUST_OK */
    bool has_room;          /* a submit that was refused may be tried again */
};

struct store_stats {
    uint64_t record_count;
    uint64_t record_size; /* bytes of records, what limit_size bounds */
    uint64_t author_count;
    uint64_t damaged_count; /* records set aside, all time */
    uint64_t file_size;     /* bytes of the data file */
    uint64_t commit_count;  /* since open */
    uint64_t scrub_count;   /* records scrubbed since open */
    uint64_t scrub_rounds;  /* whole passes since open */
    uint64_t queued_size;   /* bytes waiting in the ring */
};

/*
 * Opens or makes the store and starts its thread.
 * TRUST_NO_VERSION: written by a newer program; TRUST_NO_NETWORK: of another network;
 * TRUST_NO_FILE: check.key is readable by others, not ours or missing beside records;
 * TRUST_FAIL_IO, TRUST_FAIL_MEMORY, TRUST_FAIL_CORRUPT, TRUST_FAIL_SYSTEM.
 */
TRUST_MUST_USE enum trust_error store_open(struct store **out_store,
                                           const struct store_options *options);

/* Commits what was submitted (unless it is faulty), stops the thread, closes. */
void store_close(struct store *store);

/* Readable when store_poll has something new. */
int store_fd(const struct store *store);

/* Clears the descriptor and says how far the disk is. */
void store_poll(struct store *store, struct store_progress *out_progress);

/*
 * Queues a change; everything it points to is copied. TRUST_NO_BUSY: the ring is full, stop reading
 * your source until has_room. TRUST_NO_ROOM: a PUT over limit_size; erase something first.
 * Erasing is accepted while puts are refused.
 */
TRUST_MUST_USE enum trust_error store_submit(struct store *store,
                                             const struct store_change *change);

/* Somebody waits for all that was submitted so far: it is committed at once. */
void store_hurry(struct store *store);

/* A record as it is stored; views are valid during the call. Return false to stop. */
typedef bool store_visit(void *context, const struct trust_key *author, struct trust_bytes record);

/*
 * Visits every committed record, author by author, each author's by (seq, id). Those whose hash
 * does not agree are left out, set aside and counted in out_damaged.
 */
TRUST_MUST_USE enum trust_error store_load(struct store *store, uint64_t *out_damaged,
                                           store_visit *visit, void *context);

struct store_range {
    struct trust_key author;
    uint64_t from_seq; /* both ends included */
    uint64_t to_seq;
};

/* Visits an author's committed records of a range in order of seq until visit returns false. */
TRUST_MUST_USE enum trust_error store_read_range(struct store *store,
                                                 const struct store_range *range,
                                                 store_visit *visit, void *context);

/* Copies one committed record. TRUST_NO_FOUND: not there, or damaged. */
TRUST_MUST_USE enum trust_error store_read_one(struct store *store,
                                               uint8_t out_bytes[TRUST_RECORD_SIZE_MAX],
                                               size_t *out_size, const struct store_change *place);

/* Where an export goes on. All zero: from the start. */
struct store_export {
    bool started;
    bool done;
    struct trust_key author; /* the one that is being visited */
    uint8_t row[44];         /* of it, the last row that was; size 0: none */
    uint32_t row_size;
};

/*
 * Visits at least count of the next records in the order of (author, seq, id), unless there are
 * fewer; call it again until done. Hash, id and signature of each are checked anew, which costs as
 * much as receiving it. visit's answer is not asked.
 */
TRUST_MUST_USE enum trust_error store_export_step(struct store *store, struct store_export *cursor,
                                                  uint32_t count, store_visit *visit,
                                                  void *context);

/* The committed head of an author. TRUST_NO_FOUND: nothing of it is stored. */
TRUST_MUST_USE enum trust_error store_read_head(struct store *store, struct trust_head *out_head,
                                                const struct trust_key *author);

/* One state entry; views are valid during the call. Return false to stop. */
typedef bool store_visit_state(void *context, struct trust_bytes key, struct trust_bytes value);

/* Visits the committed state entries whose keys begin with prefix (size 0: all), in key order. */
TRUST_MUST_USE enum trust_error store_read_state(struct store *store, struct trust_bytes prefix,
                                                 store_visit_state *visit, void *context);

/* A record that a check found damaged; it is set aside and no longer given out. */
struct store_bad {
    bool found;
    struct trust_key author;
    uint64_t seq;
};

/* Takes one of those that reads found since the last call; false: none. */
bool store_take_bad(struct store *store, struct store_bad *out_bad);

/*
 * Checks the next records (hash, id, signature, register), at most count of them, stops at a bad
 * one, and begins again after the last. The loop calls it so often that it stays below 5 % of a
 * core.
 */
TRUST_MUST_USE enum trust_error store_scrub_step(struct store *store, struct store_bad *out_bad,
                                                 uint32_t count);

void store_stats(struct store *store, struct store_stats *out_stats);

/*
 * Copies the store, compact and whole as of now, to the file on a thread of its own: temporary
 * name, fsync, rename. TRUST_NO_BUSY: one is running.
 */
TRUST_MUST_USE enum trust_error store_backup_start(struct store *store, const char *path);

/* True once per backup, when it has ended; store_fd became readable for it. */
bool store_backup_poll(struct store *store, enum trust_error *out_result);

#endif
