/*
 * The object behind store.h, shared by its files. What stands under mutex belongs to both threads;
 * what stands above it is set at open, everything below belongs to the core thread.
 */
#ifndef STORE_CORE_H
#define STORE_CORE_H

#include <pthread.h>

#include "node/ring.h"
#include "node/store_apply.h"

/* A change as it stands in the ring: this, then the state key, then the bytes. */
struct store_message {
    bool is_done; /* made ahead of its turn; the writer's own mark */
    struct store_change change;
};

/* What the writer tells. */
struct store_told {
    uint64_t durable;
    uint64_t state_durable;
    uint64_t put_size; /* bytes of all records put and committed since open */
    uint64_t commit_count;
    struct store_totals totals;
    enum trust_error fault;
    int fault_code;
};

/* Damaged records that reads may have found between two looks; what is beyond is found again. */
#define STORE_BADS_MAX 16

struct store_backup;
struct store_writer;

struct store {
    struct store_env env;
    struct ring *ring;
    uint64_t limit_size;
    int fd;

    pthread_mutex_t mutex;
    struct store_told told;
    bool backup_ended;
    enum trust_error backup_result;

    struct store_writer *writer;
    uint64_t put_size; /* bytes of all records submitted since open */
    struct store_key scrubbed;
    uint64_t scrub_count;
    uint64_t scrub_rounds;
    struct store_backup *backup;
    struct store_bad bads[STORE_BADS_MAX]; /* found by reads and not yet taken */
    uint32_t bad_count;
};

/* Makes store_fd readable. */
void store_wake(struct store *store);

/* Asks the writer to set a row aside; if the ring is full, the next check will find it again. */
void store_report_bad(struct store *store, MDB_val key);

/* A message of the ring as it lies there; the pointers in its change are those of another time. */
const struct store_message *store_message_of(struct trust_bytes message);

/* The change of a message, with views into it. */
struct store_change store_message_change(struct trust_bytes message);

#endif
