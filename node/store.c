/* See store.h: opening and closing, and what passes between the core and the writer thread. */
#include "node/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "node/store_backup.h"
#include "node/store_core.h"
#include "node/store_writer.h"

static enum trust_error read_totals(struct store *store)
{
    MDB_txn *txn = NULL;
    int code = mdb_txn_begin(store->env.lmdb, NULL, MDB_RDONLY, &txn);
    if (code != 0)
        return store_env_error(code);
    code = store_totals_read(&store->env, txn, &store->told.totals);
    mdb_txn_abort(txn);
    return code == MDB_NOTFOUND ? TRUST_FAIL_CORRUPT : store_env_error(code);
}

enum trust_error store_open(struct store **out_store, const struct store_options *options)
{
    struct store *store = calloc(1, sizeof *store);
    if (store == NULL)
        return TRUST_FAIL_MEMORY;
    int failed = pthread_mutex_init(&store->mutex, NULL);
    assert(failed == 0);
    store->limit_size = options->limit_size;
    store->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum trust_error error = store->fd < 0 ? TRUST_FAIL_SYSTEM : TRUST_OK;
    if (error == TRUST_OK)
        error = store_env_open(&store->env, options, false);
    if (error == TRUST_OK)
        error = read_totals(store);
    if (error == TRUST_OK)
        error =
            ring_open(&store->ring, TRUST_STORE_RING_SIZE, TRUST_STORE_RING_RESERVE_SIZE, false);
    if (error == TRUST_OK)
        error = store_writer_start(&store->writer, store, options->directory);
    if (error != TRUST_OK) {
        store_close(store);
        return error;
    }
    *out_store = store;
    return TRUST_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store_backup_stop(store);
    if (store->writer != NULL)
        store_writer_stop(store->writer);
    ring_close(store->ring);
    store_env_close(&store->env);
    if (store->fd >= 0)
        (void)close(store->fd);
    (void)pthread_mutex_destroy(&store->mutex);
    free(store);
}

int store_fd(const struct store *store)
{
    return store->fd;
}

void store_wake(struct store *store)
{
    uint64_t one = 1;
    ssize_t written = write(store->fd, &one, sizeof one);
    assert(written == sizeof one);
}

static struct store_told told(struct store *store)
{
    (void)pthread_mutex_lock(&store->mutex);
    struct store_told copy = store->told;
    (void)pthread_mutex_unlock(&store->mutex);
    return copy;
}

void store_poll(struct store *store, struct store_progress *out_progress)
{
    uint64_t seen = 0;
    ssize_t taken = read(store->fd, &seen, sizeof seen);
    assert(taken == sizeof seen || errno == EAGAIN);
    struct store_told now = told(store);
    bool has_room =
        ring_used(store->ring) <= (TRUST_STORE_RING_SIZE - TRUST_STORE_RING_RESERVE_SIZE) / 2;
    *out_progress = (struct store_progress){.durable = now.durable,
                                            .state_durable = now.state_durable,
                                            .fault = now.fault,
                                            .fault_code = now.fault_code,
                                            .has_room = has_room};
}

static bool erases(enum store_change_kind kind)
{
    return kind == STORE_ERASE || kind == STORE_ERASE_AUTHOR || kind == STORE_STATE_ERASE;
}

static void check_change(const struct store_change *change)
{
    bool is_state = change->kind == STORE_STATE_PUT || change->kind == STORE_STATE_ERASE;
    assert(change->bytes.size <=
           (is_state ? (size_t)TRUST_STATE_VALUE_SIZE_MAX : (size_t)TRUST_RECORD_SIZE_MAX));
    assert(change->kind != STORE_PUT || change->bytes.size >= TRUST_RECORD_SIZE_MIN);
    assert(change->state_key.size <= TRUST_STATE_KEY_SIZE_MAX);
    assert(!is_state || change->state_key.size > 0);
}

enum trust_error store_submit(struct store *store, const struct store_change *change)
{
    check_change(change);
    struct store_told now = told(store);
    if (now.fault == TRUST_FAIL_IO || now.fault == TRUST_FAIL_CORRUPT)
        return now.fault;
    uint64_t put_size = change->kind == STORE_PUT ? change->bytes.size : 0;
    uint64_t waiting_size = store->put_size - now.put_size;
    if (put_size > 0 && !change->is_owed &&
        now.totals.record_size + waiting_size + put_size > store->limit_size)
        return TRUST_NO_ROOM;
    struct store_message message = {.change = *change};
    struct trust_bytes parts[] = {
        {.data = (const uint8_t *)&message, .size = sizeof message},
        change->state_key,
        change->bytes,
    };
    bool hurries = change->urgent || (now.fault != TRUST_OK && erases(change->kind));
    unsigned flags = hurries ? RING_URGENT : RING_PLAIN;
    flags |= erases(change->kind) ? RING_RESERVE : RING_PLAIN;
    enum trust_error error = ring_push(store->ring, parts, 3, flags);
    if (error == TRUST_OK)
        store->put_size += put_size;
    return error;
}

void store_hurry(struct store *store)
{
    ring_hurry(store->ring);
}

const struct store_message *store_message_of(struct trust_bytes message)
{
    const void *data = message.data;
    assert(message.size >= sizeof(struct store_message));
    return data;
}

struct store_change store_message_change(struct trust_bytes message)
{
    struct store_change change = store_message_of(message)->change;
    change.state_key.data = message.data + sizeof(struct store_message);
    change.bytes.data = change.state_key.data + change.state_key.size;
    return change;
}

void store_report_bad(struct store *store, MDB_val key)
{
    struct store_change change = {.kind = STORE_SET_ASIDE, .state_key = store_bytes(key)};
    if (key.mv_size > STORE_RECORD_KEY_MAX)
        return; /* not a row of ours at all; --verify names it */
    /* With a full ring or a broken disk the row stays, and the next reader finds it again. */
    enum trust_error error = store_submit(store, &change);
    (void)error;
}

void store_stats(struct store *store, struct store_stats *out_stats)
{
    struct store_told now = told(store);
    struct store_stats stats = {
        .record_count = now.totals.record_count,
        .record_size = now.totals.record_size,
        .damaged_count = now.totals.damaged_count,
        .commit_count = now.commit_count,
        .scrub_count = store->scrub_count,
        .scrub_rounds = store->scrub_rounds,
        .queued_size = ring_used(store->ring),
    };
    MDB_txn *txn = NULL;
    MDB_stat authors;
    if (mdb_txn_begin(store->env.lmdb, NULL, MDB_RDONLY, &txn) == 0) {
        if (mdb_stat(txn, store->env.tables[STORE_AUTHORS], &authors) == 0)
            stats.author_count = authors.ms_entries;
        mdb_txn_abort(txn);
    }
    mdb_filehandle_t fd = -1;
    struct stat status;
    if (mdb_env_get_fd(store->env.lmdb, &fd) == 0 && fstat(fd, &status) == 0)
        stats.file_size = (uint64_t)status.st_size;
    *out_stats = stats;
}
