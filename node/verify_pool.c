/*
 * Jobs live in slots; rings carry their indices: to the workers, and back with verdicts. Slots are
 * given out last returned first, so that a quiet node touches the memory of one.
 */
#include "node/verify_pool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "node/ring.h"
#include "node/thread.h"
#include "record/verify.h"

/* Room for every index at once: a message costs 16 bytes. */
#define RING_SIZE (TRUST_VERIFY_JOBS_MAX * 64)

struct item {
    uint64_t token;
    uint16_t size;
    bool check_key;
    uint8_t bytes[TRUST_RECORD_SIZE_MAX];
};

struct job {
    uint32_t count;
    struct item items[TRUST_VERIFY_BATCH];
    struct verify_verdict verdicts[TRUST_VERIFY_BATCH];
};

struct verify_pool {
    struct trust_network network;
    struct ring *todo;
    struct ring *ended;
    struct job *jobs;
    uint32_t free_jobs[TRUST_VERIFY_JOBS_MAX]; /* a stack; the core thread's alone */
    uint32_t free_count;
    uint32_t worker_count;
    pthread_t workers[];
};

static struct trust_bytes index_bytes(const uint32_t *index)
{
    return (struct trust_bytes){.data = (const uint8_t *)index, .size = sizeof *index};
}

static bool take_index(struct ring *ring, uint32_t *out_index)
{
    size_t size = 0;
    if (!ring_take(ring, out_index, &size, sizeof *out_index))
        return false;
    assert(size == sizeof *out_index);
    assert(*out_index < TRUST_VERIFY_JOBS_MAX);
    return true;
}

/* The key that this worker found good last: a file brings its authors one after another, and until
 * the first record of one is joined each of them is marked as new. */
struct good_key {
    bool is_set;
    struct trust_key key;
};

static bool is_good_key(const struct trust_key *key, struct good_key *last)
{
    if (last->is_set && memcmp(&last->key, key, sizeof *key) == 0)
        return true;
    if (!trust_key_is_prime_order(key))
        return false;
    *last = (struct good_key){.is_set = true, .key = *key};
    return true;
}

static void verify_one(const struct item *item, struct verify_verdict *out_verdict,
                       const struct trust_network *network, struct good_key *last)
{
    struct trust_verified verified;
    struct trust_bytes bytes = {.data = item->bytes, .size = item->size};
    *out_verdict = (struct verify_verdict){.token = item->token};
    out_verdict->error = trust_record_verify(&verified, bytes, network);
    if (out_verdict->error != TRUST_OK)
        return;
    out_verdict->id = verified.id;
    if (item->check_key && !is_good_key(&verified.record.author, last))
        out_verdict->error = TRUST_NO_KEY;
}

static void *work(void *context)
{
    struct verify_pool *pool = context;
    struct good_key last = {0};
    while (ring_wait(pool->todo, 0, 1, -1), !ring_is_stopped(pool->todo)) {
        uint32_t index = 0;
        if (!take_index(pool->todo, &index))
            continue;
        struct job *job = &pool->jobs[index];
        for (uint32_t i = 0; i < job->count; i++)
            verify_one(&job->items[i], &job->verdicts[i], &pool->network, &last);
        struct trust_bytes message = index_bytes(&index);
        enum trust_error error = ring_push(pool->ended, &message, 1, RING_PLAIN);
        assert(error == TRUST_OK);
    }
    return NULL;
}

static enum trust_error open_parts(struct verify_pool *pool)
{
    enum trust_error error = ring_open(&pool->todo, RING_SIZE, 0, false);
    if (error == TRUST_OK)
        error = ring_open(&pool->ended, RING_SIZE, 0, true);
    if (error != TRUST_OK)
        return error;
    void *jobs = mmap(NULL, TRUST_VERIFY_JOBS_MAX * sizeof(struct job), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (jobs == MAP_FAILED)
        return TRUST_FAIL_MEMORY;
    pool->jobs = jobs;
    pool->free_count = TRUST_VERIFY_JOBS_MAX;
    for (uint32_t i = 0; i < TRUST_VERIFY_JOBS_MAX; i++)
        pool->free_jobs[i] = TRUST_VERIFY_JOBS_MAX - 1 - i;
    return TRUST_OK;
}

enum trust_error verify_pool_open(struct verify_pool **out_pool, uint32_t workers,
                                  const struct trust_network *network)
{
    assert(workers >= 1);
    struct verify_pool *pool = calloc(1, sizeof *pool + workers * sizeof pool->workers[0]);
    if (pool == NULL)
        return TRUST_FAIL_MEMORY;
    pool->network = *network;
    enum trust_error error = open_parts(pool);
    while (error == TRUST_OK && pool->worker_count < workers) {
        error = thread_start(&pool->workers[pool->worker_count], "verify", work, pool);
        if (error == TRUST_OK)
            pool->worker_count++;
    }
    if (error != TRUST_OK) {
        verify_pool_close(pool);
        return error;
    }
    *out_pool = pool;
    return TRUST_OK;
}

void verify_pool_close(struct verify_pool *pool)
{
    if (pool == NULL)
        return;
    if (pool->todo != NULL)
        ring_stop(pool->todo);
    for (uint32_t i = 0; i < pool->worker_count; i++)
        thread_join(pool->workers[i]);
    ring_close(pool->todo);
    ring_close(pool->ended);
    if (pool->jobs != NULL)
        (void)munmap(pool->jobs, TRUST_VERIFY_JOBS_MAX * sizeof(struct job));
    free(pool);
}

int verify_pool_fd(const struct verify_pool *pool)
{
    return ring_fd(pool->ended);
}

enum trust_error verify_pool_submit(struct verify_pool *pool, const struct verify_item *items,
                                    uint32_t count)
{
    assert(count >= 1);
    assert(count <= TRUST_VERIFY_BATCH);
    if (pool->free_count == 0)
        return TRUST_NO_BUSY;
    uint32_t index = pool->free_jobs[pool->free_count - 1];
    struct job *job = &pool->jobs[index];
    job->count = count;
    for (uint32_t i = 0; i < count; i++) {
        assert(items[i].bytes.size <= TRUST_RECORD_SIZE_MAX);
        job->items[i].token = items[i].token;
        job->items[i].size = (uint16_t)items[i].bytes.size;
        job->items[i].check_key = items[i].check_key;
        if (items[i].bytes.size > 0)
            memcpy(job->items[i].bytes, items[i].bytes.data, items[i].bytes.size);
    }
    struct trust_bytes message = index_bytes(&index);
    enum trust_error error = ring_push(pool->todo, &message, 1, RING_PLAIN);
    assert(error == TRUST_OK);
    pool->free_count--;
    return TRUST_OK;
}

uint32_t verify_pool_poll(struct verify_pool *pool,
                          struct verify_verdict out_verdicts[TRUST_VERIFY_BATCH])
{
    uint32_t index = 0;
    if (!take_index(pool->ended, &index))
        return 0;
    const struct job *job = &pool->jobs[index];
    memcpy(out_verdicts, job->verdicts, job->count * sizeof out_verdicts[0]);
    assert(pool->free_count < TRUST_VERIFY_JOBS_MAX);
    pool->free_jobs[pool->free_count++] = index;
    return job->count;
}
