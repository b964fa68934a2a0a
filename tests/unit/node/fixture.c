/* See fixture.h. */
#include "fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "record/rechex.h"
#include "record/sodium.h"
#include "record/verify.h"

void must(enum trust_error error)
{
    if (error != TRUST_OK)
        (void)fprintf(stderr, "%s\n", trust_error_name(error));
    assert(error == TRUST_OK);
}

void fixture_start(struct fixture *fixture)
{
    must(store_open(&fixture->store, &fixture->options));
}

void fixture_stop(struct fixture *fixture)
{
    store_close(fixture->store);
    fixture->store = NULL;
}

struct fixture *fixture_make(const char *parent, uint64_t map_size)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    must(trust_sodium_start());
    (void)snprintf(fixture->directory, sizeof fixture->directory, "%s/repute-XXXXXX", parent);
    char *made = mkdtemp(fixture->directory);
    assert(made != NULL);
    (void)snprintf(fixture->path, sizeof fixture->path, "%s/store", fixture->directory);
    int failed = mkdir(fixture->path, 0700);
    assert(failed == 0);
    must(trust_network_init(&fixture->network, "test"));
    for (uint8_t i = 0; i < FIXTURE_AUTHORS; i++) {
        uint8_t seed[TRUST_SEED_SIZE] = {(uint8_t)(i + 1)};
        must(trust_secret_open(&fixture->secrets[i], seed));
        trust_secret_key(&fixture->keys[i], fixture->secrets[i]);
    }
    fixture->options = (struct store_options){.directory = fixture->path,
                                              .network = fixture->network,
                                              .limit_size = UINT64_C(64) << 20,
                                              .map_size = map_size};
    return fixture;
}

struct fixture *fixture_open(void)
{
    struct fixture *fixture = fixture_make("/tmp", 0);
    fixture_start(fixture);
    return fixture;
}

void fixture_close(struct fixture *fixture)
{
    char command[128];
    store_close(fixture->store);
    for (size_t i = 0; i < FIXTURE_AUTHORS; i++)
        trust_secret_close(fixture->secrets[i]);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", fixture->directory);
    int failed = system(command);
    assert(failed == 0);
    free(fixture);
}

struct fixture_record fixture_rate(const struct fixture *fixture, size_t author, unsigned server,
                                   uint64_t at)
{
    struct fixture_record made = {.author = fixture->keys[author], .seq = FIXTURE_SEQ + at};
    char subject[64];
    int size = snprintf(subject, sizeof subject, "https://s%u.example/mcp", server);
    struct trust_record record = {
        .kind = TRUST_KIND_RATING,
        .author = made.author,
        .seq = made.seq,
        .expires = made.seq / 1000 + 86400,
        .rating = {.subject = {.data = (const uint8_t *)subject, .size = (size_t)size},
                   .category = TRUST_CATEGORY_OVERALL,
                   .value = (uint16_t)(at % 1000),
                   .calls = 7,
                   .origin = TRUST_ORIGIN_HUMAN},
    };
    must(trust_record_sign(&made.bytes, &record, fixture->secrets[author], &fixture->network));
    struct trust_bytes bytes = {.data = made.bytes.data, .size = made.bytes.size};
    trust_record_id(&made.id, bytes, &fixture->network);
    trust_register_init(&made.place, &record);
    return made;
}

struct trust_bytes fixture_bytes(const struct fixture_record *record)
{
    return (struct trust_bytes){.data = record->bytes.data, .size = record->bytes.size};
}

struct trust_signature fixture_signature(const struct fixture_record *record)
{
    struct trust_signature signature;
    memcpy(signature.bytes, trust_record_signature(fixture_bytes(record)), 64);
    return signature;
}

size_t fixture_author(const struct fixture *fixture, const struct trust_key *key)
{
    size_t i = 0;
    while (i < FIXTURE_AUTHORS && memcmp(&fixture->keys[i], key, sizeof *key) != 0)
        i++;
    assert(i < FIXTURE_AUTHORS);
    return i;
}

struct store_change fixture_put(struct fixture *fixture, const struct fixture_record *record)
{
    struct trust_head *head = &fixture->heads[fixture_author(fixture, &record->author)];
    struct trust_signature signature = fixture_signature(record);
    trust_head_add(head, &record->id, &signature);
    head->seq = record->seq > head->seq ? record->seq : head->seq;
    return (struct store_change){.kind = STORE_PUT,
                                 .urgent = true,
                                 .number = ++fixture->number,
                                 .author = record->author,
                                 .seq = record->seq,
                                 .id = record->id,
                                 .place = record->place,
                                 .head = *head,
                                 .bytes = fixture_bytes(record)};
}

struct store_change fixture_erase(struct fixture *fixture, const struct fixture_record *record,
                                  uint64_t left_seq)
{
    struct trust_head *head = &fixture->heads[fixture_author(fixture, &record->author)];
    struct trust_signature signature = fixture_signature(record);
    trust_head_remove(head, &record->id, &signature);
    head->seq = left_seq;
    return (struct store_change){.kind = STORE_ERASE,
                                 .urgent = true,
                                 .number = ++fixture->number,
                                 .author = record->author,
                                 .seq = record->seq,
                                 .id = record->id,
                                 .place = record->place,
                                 .head = *head};
}

struct store_change fixture_erase_author(struct fixture *fixture, size_t author,
                                         const struct fixture_record *spared)
{
    struct trust_head *head = &fixture->heads[author];
    *head = (struct trust_head){0};
    struct store_change change = {.kind = STORE_ERASE_AUTHOR,
                                  .urgent = true,
                                  .number = ++fixture->number,
                                  .author = fixture->keys[author]};
    if (spared != NULL) {
        struct trust_signature signature = fixture_signature(spared);
        trust_head_add(head, &spared->id, &signature);
        head->seq = spared->seq;
        change.seq = spared->seq;
        change.id = spared->id;
    }
    change.head = *head;
    return change;
}

struct store_change fixture_state(struct fixture *fixture, const char *key, const char *value)
{
    return (struct store_change){
        .kind = value == NULL ? STORE_STATE_ERASE : STORE_STATE_PUT,
        .urgent = true,
        .number = ++fixture->number,
        .state_key = {.data = (const uint8_t *)key, .size = strlen(key)},
        .bytes = {.data = (const uint8_t *)value, .size = value == NULL ? 0 : strlen(value)}};
}

struct store_progress fixture_poll(const struct fixture *fixture)
{
    struct store_progress progress;
    struct pollfd watched = {.fd = store_fd(fixture->store), .events = POLLIN};
    int ready = poll(&watched, 1, 10000);
    assert(ready == 1);
    store_poll(fixture->store, &progress);
    return progress;
}

void fixture_settle(const struct fixture *fixture)
{
    struct store_progress progress;
    store_poll(fixture->store, &progress);
    while (progress.durable < fixture->number) {
        assert(progress.fault == TRUST_OK);
        progress = fixture_poll(fixture);
    }
}

void fixture_submit(struct fixture *fixture, struct store_change change)
{
    must(store_submit(fixture->store, &change));
}

struct fixture_record fixture_store(struct fixture *fixture, size_t author, unsigned server,
                                    uint64_t at)
{
    struct fixture_record record = fixture_rate(fixture, author, server, at);
    fixture_submit(fixture, fixture_put(fixture, &record));
    fixture_settle(fixture);
    return record;
}

bool fixture_see(void *context, const struct trust_key *author, struct trust_bytes bytes)
{
    struct fixture_seen *seen = context;
    struct trust_record record;
    must(trust_record_decode(&record, bytes));
    assert(memcmp(&record.author, author, sizeof *author) == 0);
    if (seen->count < 64) {
        seen->at[seen->count] = record.seq - FIXTURE_SEQ;
        seen->author[seen->count] = fixture_author(seen->fixture, author);
    }
    seen->count++;
    return seen->count != seen->stop_at;
}

struct fixture_seen fixture_load(struct fixture *fixture, uint64_t *out_damaged)
{
    struct fixture_seen seen = {.fixture = fixture};
    must(store_load(fixture->store, out_damaged, fixture_see, &seen));
    return seen;
}

void fixture_ignore(void *context, const struct store_complaint *complaint)
{
    (void)context;
    (void)complaint;
}

enum trust_error fixture_verify(struct fixture *fixture, struct store_report *out_report)
{
    fixture_stop(fixture);
    return store_verify(out_report, &fixture->options, fixture_ignore, NULL);
}

void fixture_edit(const struct fixture *fixture,
                  int (*change)(const struct store_env *env, MDB_txn *txn))
{
    struct store_env env;
    MDB_txn *txn = NULL;
    must(store_env_open(&env, &fixture->options, false));
    int code = mdb_txn_begin(env.lmdb, NULL, 0, &txn);
    assert(code == 0);
    code = change(&env, txn);
    assert(code == 0);
    code = mdb_txn_commit(txn);
    assert(code == 0);
    store_env_close(&env);
}

struct fixture_record fixture_order_2l(void)
{
    static const char hex[] =
        "980105c42063771c228bf60e6a02ad24d2c345a28d3598f640e26bede40c8b77fe4bf090a3cf0000"
        "01a1f640bc7b0002cf000001a1f640bc7bc400411af04b6651c102d6f1b7f5353683c3e9d8f5cb37"
        "868b567438e56c4bbcbcb37a0c8126a191e842660676857dace4c66bf3d3372b2d342fdd612de5aa"
        "c7cf00";
    struct fixture_record made = {0};
    struct trust_record record;
    struct trust_network network;
    struct trust_bytes text = {.data = (const uint8_t *)hex, .size = sizeof hex - 1};
    must(trust_rechex_read(made.bytes.data, &made.bytes.size, text));
    must(trust_network_init(&network, "main"));
    must(trust_record_decode(&record, fixture_bytes(&made)));
    trust_record_id(&made.id, fixture_bytes(&made), &network);
    trust_register_init(&made.place, &record);
    made.author = record.author;
    made.seq = record.seq;
    return made;
}
