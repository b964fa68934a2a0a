/* See store_writer.h. */
#include "node/store_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "node/store_ahead.h"
#include "node/store_spare.h"
#include "node/thread.h"

/* Pages kept free of records, so that erasing finds room for the pages it must rewrite. */
#define SPARE_PAGES 256u
#define SPARE_SHARE 8u /* of a map that is small, at most the eighth part */
/* After a short write the disk is asked for as much as the largest batch may need. */
#define PROBE_SIZE (UINT64_C(48) << 20)
/* How long the rest of a group of changes may be under way. */
#define GROUP_WAIT_MS 5

struct item {
    struct trust_bytes message;
    uint32_t order;
};

struct store_writer {
    struct store *store;
    pthread_t thread;
    uint64_t done;       /* ring position up to which everything is durable */
    uint64_t end;        /* ring position behind the batch */
    uint64_t seen;       /* ring position behind all that was looked at for it */
    uint64_t checked_ms; /* when reader slots were checked */
    struct store_spare spare;
    enum trust_error fault;
    uint32_t limit; /* changes of a batch; less while room is short */
    uint32_t count;
    struct store_ahead ahead;
    struct item items[TRUST_STORE_BATCH_MAX + TRUST_STORE_GROUP_MAX];
};

static uint64_t clock_ms(void)
{
    struct timespec now;
    int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    assert(failed == 0);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Gathers whole groups of changes, the oldest first. */
static void collect(struct store_writer *writer)
{
    uint64_t position = writer->done;
    struct trust_bytes message;
    uint32_t count = 0;
    writer->count = 0;
    while (writer->count < writer->limit && ring_peek(writer->store->ring, &position, &message)) {
        assert(count < TRUST_STORE_BATCH_MAX + TRUST_STORE_GROUP_MAX);
        writer->items[count] = (struct item){.message = message, .order = count};
        count++;
        if (!store_message_of(message)->change.continues) {
            writer->count = count;
            writer->end = position;
        }
    }
    writer->seen = position;
}

/* Changes of one author stand together, in their order; authors do not depend on each other. */
static int compare_items(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    int order = memcmp(store_message_of(a->message)->change.author.bytes,
                       store_message_of(b->message)->change.author.bytes, sizeof(struct trust_key));
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

/* MDB_MAP_FULL when so few pages are left that only erasing may use them. */
static int check_spare_pages(const struct store_txn *txn)
{
    MDB_envinfo info;
    MDB_stat stat;
    int code = mdb_env_info(txn->env->lmdb, &info);
    if (code == 0)
        code = mdb_env_stat(txn->env->lmdb, &stat);
    if (code != 0)
        return code;
    size_t pages = info.me_mapsize / stat.ms_psize;
    size_t wanted = pages / SPARE_SHARE < SPARE_PAGES ? pages / SPARE_SHARE : SPARE_PAGES;
    size_t left = pages - (info.me_last_pgno + 1);
    size_t free_count = 0;
    if (left >= wanted)
        return 0;
    code = store_count_free_pages(txn->env->lmdb, &free_count, 0);
    if (code != 0)
        return code;
    return left + free_count >= wanted ? 0 : MDB_MAP_FULL;
}

static bool adds(enum store_change_kind kind)
{
    return kind == STORE_PUT || kind == STORE_STATE_PUT;
}

static int apply_items(struct store_txn *txn, const struct item *items, uint32_t count)
{
    int code = 0;
    bool checked = false;
    for (uint32_t i = 0; i < count && code == 0; i++) {
        const struct store_message *message = store_message_of(items[i].message);
        if (message->is_done)
            continue;
        if (adds(message->change.kind) && !checked) {
            code = check_spare_pages(txn);
            checked = true;
        }
        struct store_change change = store_message_change(items[i].message);
        if (code == 0)
            code = store_apply(txn, &change);
    }
    return code;
}

/* LMDB calls a write that the disk took only in part EIO: ask the disk whether it is full. */
static int tell_full_from_broken(const struct store_env *env)
{
    mdb_filehandle_t fd = -1;
    struct stat status;
    if (mdb_env_get_fd(env->lmdb, &fd) != 0 || fstat(fd, &status) != 0)
        return EIO;
    int refused = posix_fallocate(fd, status.st_size, (off_t)PROBE_SIZE);
    /* What the probe took is given back; failing to only leaves room that LMDB will use. */
    int kept = ftruncate(fd, status.st_size);
    (void)kept;
    return refused == ENOSPC || refused == EDQUOT || refused == EFBIG ? refused : EIO;
}

static int commit(const struct store_env *env, struct store_txn *txn, int code,
                  struct store_totals *out_totals)
{
    if (code != 0) {
        store_txn_abort(txn);
        return code;
    }
    code = store_txn_commit(txn, out_totals);
    return code == EIO ? tell_full_from_broken(env) : code;
}

static void tell_fault(struct store_writer *writer, enum trust_error fault, int code)
{
    struct store *store = writer->store;
    writer->fault = fault;
    (void)pthread_mutex_lock(&store->mutex);
    store->told.fault = fault;
    store->told.fault_code = code;
    (void)pthread_mutex_unlock(&store->mutex);
    store_wake(store);
}

/* What is durable leaves the ring and is told. */
static void tell_batch(struct store_writer *writer, const struct store_totals *totals)
{
    struct store *store = writer->store;
    uint64_t durable = 0;
    uint64_t state_durable = 0;
    uint64_t put_size = 0;
    for (uint32_t i = 0; i < writer->count; i++) {
        const struct store_change *change = &store_message_of(writer->items[i].message)->change;
        durable = change->number > durable ? change->number : durable;
        state_durable = change->state_number > state_durable ? change->state_number : state_durable;
        put_size += change->kind == STORE_PUT ? change->bytes.size : 0;
    }
    writer->done = writer->end;
    writer->fault = TRUST_OK;
    ring_drop(store->ring, writer->done);
    (void)pthread_mutex_lock(&store->mutex);
    store->told.durable = durable > 0 ? durable : store->told.durable;
    store->told.state_durable = state_durable > 0 ? state_durable : store->told.state_durable;
    store->told.put_size += put_size;
    store->told.commit_count++;
    store->told.totals = *totals;
    store->told.fault = TRUST_OK;
    store->told.fault_code = 0;
    (void)pthread_mutex_unlock(&store->mutex);
    store_wake(store);
}

static int commit_batch(struct store_writer *writer)
{
    const struct store_env *env = &writer->store->env;
    struct store_totals totals;
    struct store_txn txn;
    qsort(writer->items, writer->count, sizeof writer->items[0], compare_items);
    int code = store_txn_begin(&txn, env);
    if (code != 0)
        return code;
    code = apply_items(&txn, writer->items, writer->count);
    code = commit(env, &txn, code, &totals);
    if (code == 0)
        tell_batch(writer, &totals);
    return code;
}

/* Erases authors ahead of their turn, which makes room for what stands before them. True if any
 * was. Nothing is answered by it: numbers are told in their order. */
static bool erase_ahead(struct store_writer *writer)
{
    const struct store_env *env = &writer->store->env;
    struct store_totals totals;
    struct store_txn txn;
    store_ahead_find(&writer->ahead, writer->store->ring, writer->done);
    if (writer->ahead.count == 0)
        return false;
    store_spare_let_go(&writer->spare);
    int code = store_txn_begin(&txn, env);
    if (code != 0)
        return false;
    code = store_ahead_apply(&writer->ahead, writer->store->ring, &txn);
    if (commit(env, &txn, code, &totals) != 0)
        return false;
    store_ahead_mark(&writer->ahead, writer->store->ring);
    (void)pthread_mutex_lock(&writer->store->mutex);
    writer->store->told.totals = totals;
    (void)pthread_mutex_unlock(&writer->store->mutex);
    return true;
}

static bool may_pass(int code)
{
    switch (code) {
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case ENOMEM:
        return true;
    default:
        return false;
    }
}

/* A batch failed: smaller ones, then erasing, then waiting. False: nothing will help. */
static bool handle_failure(struct store_writer *writer, int code)
{
    enum trust_error fault = store_env_error(code);
    if (!may_pass(code)) {
        /* Whatever it was, it is our side that broke, not the input. */
        tell_fault(writer, fault > 0 ? TRUST_FAIL_IO : fault, code);
        return false;
    }
    if (writer->limit > 1) {
        writer->limit /= 4;
        writer->limit = writer->limit == 0 ? 1 : writer->limit;
        return true;
    }
    tell_fault(writer, fault, code);
    if (erase_ahead(writer))
        return true;
    if (ring_is_stopped(writer->store->ring))
        return false;
    (void)ring_wait(writer->store->ring, writer->ahead.end, UINT32_MAX, TRUST_STORE_RETRY_MS);
    return true;
}

/* What is done once a minute, whatever else happens. */
static void keep_house(struct store_writer *writer)
{
    int dead = 0;
    /* A slot that cannot be checked now is checked the next time. */
    (void)mdb_reader_check(writer->store->env.lmdb, &dead);
    writer->checked_ms = clock_ms();
    if (writer->fault == TRUST_OK)
        store_spare_hold(&writer->spare);
}

/* Waits until there is something to commit; false: the ring is stopped and empty. */
static bool wait_for_work(struct store_writer *writer)
{
    struct ring *ring = writer->store->ring;
    while (true) {
        uint64_t age_ms = clock_ms() - writer->checked_ms;
        if (age_ms >= TRUST_STORE_READER_CHECK_MS) {
            keep_house(writer);
            age_ms = 0;
        }
        if (ring_wait(ring, writer->done, 1, (int64_t)(TRUST_STORE_READER_CHECK_MS - age_ms)))
            break;
        if (ring_is_stopped(ring))
            return false;
    }
    if (writer->fault == TRUST_OK)
        (void)ring_wait(ring, writer->done, TRUST_STORE_WINDOW_SIZE, TRUST_STORE_WINDOW_MS);
    return true;
}

static void *run(void *context)
{
    struct store_writer *writer = context;
    keep_house(writer);
    while (wait_for_work(writer)) {
        collect(writer);
        if (writer->count == 0) {
            /* The rest of a group is under way; if it never comes, the group never was. */
            if (ring_is_stopped(writer->store->ring))
                break;
            (void)ring_wait(writer->store->ring, writer->seen, 1, GROUP_WAIT_MS);
            continue;
        }
        int code = commit_batch(writer);
        if (code != 0 && !handle_failure(writer, code))
            break;
        if (code == 0 && writer->limit < TRUST_STORE_BATCH_MAX)
            writer->limit *= 4;
    }
    return NULL;
}

enum trust_error store_writer_start(struct store_writer **out_writer, struct store *store,
                                    const char *directory)
{
    struct store_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return TRUST_FAIL_MEMORY;
    writer->store = store;
    writer->limit = TRUST_STORE_BATCH_MAX;
    writer->spare = store_spare_open(directory);
    enum trust_error error = thread_start(&writer->thread, "store", run, writer);
    if (error != TRUST_OK) {
        store_spare_close(&writer->spare);
        free(writer);
        return error;
    }
    *out_writer = writer;
    return TRUST_OK;
}

void store_writer_stop(struct store_writer *writer)
{
    ring_stop(writer->store->ring);
    thread_join(writer->thread);
    store_spare_close(&writer->spare);
    free(writer);
}
