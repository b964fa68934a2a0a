/*
 * store: records that are all new, from bytes to durable: verify workers, one a core, then the
 * store; beside it raw libsodium verifies on one core, times the cores. Signing and the file system
 * below /tmp stand outside. Once with every record waited for (commits within 5 ms), once without.
 */
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "bench.h"
#include "fixture.h"
#include "node/verify_pool.h"

#define RECORDS 40000u
#define AUTHORS 200u
#define ROUNDS 3

struct bench {
    struct fixture *fixture; /* for its directory and network */
    struct fixture_record *records;
    struct trust_head heads[AUTHORS];
    uint32_t author[RECORDS];
    struct verify_pool *pool;
    uint32_t submitted; /* to the workers */
    uint32_t verified;
    uint32_t stored; /* handed to the store */
    bool is_urgent;
    double cpu_ns;           /* of the last ingest, a record, all threads */
    uint32_t ready[RECORDS]; /* verified, in the order they were */
};

/* A rating of about 300 bytes: a long name with a manifest. */
static struct fixture_record rate(const struct fixture *fixture, uint32_t k)
{
    static const uint8_t manifest[32] = {1, 2, 3};
    struct fixture_record made = {.author = fixture->keys[0], .seq = FIXTURE_SEQ + k};
    char subject[TRUST_SUBJECT_SIZE_MAX];
    int size = snprintf(subject, sizeof subject, "https://s%06u.example/%0110u/mcp", k, k);
    struct trust_record record = {
        .kind = TRUST_KIND_RATING,
        .author = made.author,
        .seq = made.seq,
        .expires = made.seq / 1000 + 86400,
        .rating = {.subject = {.data = (const uint8_t *)subject, .size = (size_t)size},
                   .manifest = {.data = manifest, .size = sizeof manifest},
                   .category = TRUST_CATEGORY_OVERALL,
                   .value = 500,
                   .calls = 1000,
                   .origin = TRUST_ORIGIN_HUMAN},
    };
    must(trust_record_sign(&made.bytes, &record, fixture->secrets[0], &fixture->network));
    trust_record_id(&made.id, fixture_bytes(&made), &fixture->network);
    trust_register_init(&made.place, &record);
    return made;
}

/* in_order: author by author, as an export lists them; else the authors take turns. */
static void sign_all(struct bench *bench, bool in_order)
{
    uint32_t each = RECORDS / AUTHORS;
    for (uint32_t i = 0; i < AUTHORS; i++) {
        uint8_t seed[TRUST_SEED_SIZE] = {(uint8_t)i, (uint8_t)(i >> 8), 77};
        must(trust_secret_open(&bench->fixture->secrets[0], seed));
        trust_secret_key(&bench->fixture->keys[0], bench->fixture->secrets[0]);
        for (uint32_t n = 0; n < each; n++) {
            uint32_t k = in_order ? i * each + n : n * AUTHORS + i;
            bench->records[k] = rate(bench->fixture, k);
            bench->author[k] = i;
        }
        trust_secret_close(bench->fixture->secrets[0]);
        bench->fixture->secrets[0] = NULL;
    }
}

static void feed_workers(struct bench *bench)
{
    struct verify_item items[TRUST_VERIFY_BATCH];
    while (bench->submitted < RECORDS) {
        uint32_t count = 0;
        for (; count < TRUST_VERIFY_BATCH && bench->submitted + count < RECORDS; count++) {
            uint32_t k = bench->submitted + count;
            items[count] = (struct verify_item){
                .token = k, .bytes = fixture_bytes(&bench->records[k]), .check_key = k < AUTHORS};
        }
        if (verify_pool_submit(bench->pool, items, count) != TRUST_OK)
            return;
        bench->submitted += count;
    }
}

static void take_verdicts(struct bench *bench)
{
    struct verify_verdict verdicts[TRUST_VERIFY_BATCH];
    uint32_t count = 0;
    while ((count = verify_pool_poll(bench->pool, verdicts)) > 0) {
        for (uint32_t i = 0; i < count; i++) {
            assert(verdicts[i].error == TRUST_OK);
            bench->ready[bench->verified++] = (uint32_t)verdicts[i].token;
        }
        feed_workers(bench);
    }
}

static void feed_store(struct bench *bench)
{
    while (bench->stored < bench->verified) {
        uint32_t k = bench->ready[bench->stored];
        const struct fixture_record *record = &bench->records[k];
        struct trust_head head = bench->heads[bench->author[k]];
        struct trust_signature signature = fixture_signature(record);
        trust_head_add(&head, &record->id, &signature);
        head.seq = record->seq > head.seq ? record->seq : head.seq;
        struct store_change change = {.kind = STORE_PUT,
                                      .urgent = bench->is_urgent,
                                      .number = bench->stored + 1,
                                      .author = record->author,
                                      .seq = record->seq,
                                      .id = record->id,
                                      .place = record->place,
                                      .head = head,
                                      .bytes = fixture_bytes(record)};
        if (store_submit(bench->fixture->store, &change) != TRUST_OK)
            return;
        bench->heads[bench->author[k]] = head;
        bench->stored++;
        if (bench->stored == RECORDS)
            store_hurry(bench->fixture->store); /* as the end of an import does */
    }
}

/* What all threads of this process have used. */
static uint64_t cpu_ns(void)
{
    struct timespec used;
    int failed = clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    assert(failed == 0);
    return (uint64_t)used.tv_sec * 1000000000 + (uint64_t)used.tv_nsec;
}

/* Nanoseconds a record, from the first byte to the last commit. */
static double ingest(struct bench *bench, uint32_t workers)
{
    struct fixture *fixture = bench->fixture;
    char command[256];
    (void)snprintf(command, sizeof command, "rm -rf '%s' && mkdir '%s'", fixture->path,
                   fixture->path);
    int failed = system(command);
    assert(failed == 0);
    fixture_start(fixture);
    must(verify_pool_open(&bench->pool, workers, &fixture->network));
    memset(bench->heads, 0, sizeof bench->heads);
    bench->submitted = 0;
    bench->verified = 0;
    bench->stored = 0;
    uint64_t began = bench_now_ns();
    uint64_t cpu_began = cpu_ns();
    struct store_progress progress = {0};
    feed_workers(bench);
    while (progress.durable < RECORDS) {
        struct pollfd watched[] = {{.fd = verify_pool_fd(bench->pool), .events = POLLIN},
                                   {.fd = store_fd(fixture->store), .events = POLLIN}};
        (void)poll(watched, 2, -1);
        take_verdicts(bench);
        feed_store(bench);
        store_poll(fixture->store, &progress);
        assert(progress.fault == TRUST_OK);
    }
    uint64_t ended = bench_now_ns();
    bench->cpu_ns = (double)(cpu_ns() - cpu_began) / RECORDS;
    verify_pool_close(bench->pool);
    fixture_stop(fixture);
    return (double)(ended - began) / RECORDS;
}

/* The bare call on a prepared message: what no ingest can do without. */
static void verify_raw(void *context, uint64_t count)
{
    struct bench *bench = context;
    for (uint64_t i = 0; i < count; i++) {
        const struct fixture_record *record = &bench->records[i % RECORDS];
        const uint8_t *signature = record->bytes.data + record->bytes.size - TRUST_SIGNATURE_SIZE;
        int bad = crypto_sign_verify_detached(signature, record->bytes.data,
                                              record->bytes.size - TRUST_SIGNATURE_SIZE,
                                              record->author.bytes);
        bench_keep(&bad);
    }
}

static void print(const char *name, double ns, double raw_ns, uint32_t cores, double target)
{
    struct bench_line line = {.name = name,
                              .value = 1e9 / ns,
                              .unit = "records/s",
                              .baseline_name = "cores x raw verify",
                              .baseline = 1e9 / raw_ns * cores,
                              .ratio_at_least = target};
    bench_print(&line);
}

static void print_size(const struct bench *bench, const char *name)
{
    uint64_t record_size = 0;
    for (uint32_t k = 0; k < RECORDS; k++)
        record_size += bench->records[k].bytes.size;
    char path[160];
    struct stat status;
    (void)snprintf(path, sizeof path, "%s/data.mdb", bench->fixture->path);
    int failed = stat(path, &status);
    assert(failed == 0);
    struct bench_line line = {.name = name,
                              .value = (double)status.st_size / RECORDS,
                              .unit = "B/record",
                              .baseline_name = "record bytes",
                              .baseline = (double)record_size / RECORDS,
                              .ratio_at_most = 1.75};
    bench_print(&line);
}

int main(void)
{
    struct bench *bench = calloc(1, sizeof *bench);
    uint32_t cores = (uint32_t)sysconf(_SC_NPROCESSORS_ONLN);
    assert(bench != NULL);
    bench->fixture = fixture_make("/tmp", 0);
    for (size_t i = 0; i < FIXTURE_AUTHORS; i++) {
        trust_secret_close(bench->fixture->secrets[i]);
        bench->fixture->secrets[i] = NULL;
    }
    bench->records = calloc(RECORDS, sizeof *bench->records);
    assert(bench->records != NULL);
    sign_all(bench, false);
    double waited[ROUNDS];
    double together[ROUNDS];
    struct bench_timing raw = {.body = verify_raw, .context = bench};
    bench_time(&raw, 1);
    for (int i = 0; i < ROUNDS; i++) {
        bench->is_urgent = true;
        waited[i] = ingest(bench, cores);
        bench->is_urgent = false;
        together[i] = ingest(bench, cores);
    }
    print("ingest, durable within 5 ms", bench_median(waited, ROUNDS), raw.ns, cores, 0.70);
    print("ingest, durable within 250 ms", bench_median(together, ROUNDS), raw.ns, cores, 0.75);
    uint64_t cpu_began = cpu_ns();
    verify_raw(bench, RECORDS / 4);
    struct bench_line cpu = {.name = "ingest, CPU time of all threads",
                             .value = bench->cpu_ns / 1000,
                             .unit = "us/record",
                             .baseline_name = "raw verify",
                             .baseline = (double)(cpu_ns() - cpu_began) / (RECORDS / 4.0) / 1000,
                             .ratio_at_most = 1 / 0.75};
    bench_print(&cpu);
    print_size(bench, "store size, authors in turn");
    sign_all(bench, true);
    (void)ingest(bench, cores);
    print_size(bench, "store size, author by author");
    free(bench->records);
    fixture_close(bench->fixture);
    free(bench);
    return 0;
}
