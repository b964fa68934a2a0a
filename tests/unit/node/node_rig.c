/* See node_rig.h. */
#include "node_rig.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "host/files.h"
#include "node/clock.h"
#include "node/link_process.h"
#include "node/store_core.h"

#define PATIENCE_MS 10000

/* The core starts its link process from its own program, which here is the test's. */
__attribute__((constructor)) static void become_link(int argc, char **argv)
{
    int fd = link_process_fd(argc, argv);
    if (fd >= 0)
        _exit(link_process_run(fd));
}

static void take_verdict(void *context, const struct trust_verdict_action *verdict)
{
    struct node_rig *rig = context;
    rig->verdict = *verdict;
    rig->verdict_count++;
}

static const char *log_path(const struct node_rig *rig)
{
    static char path[96];
    (void)snprintf(path, sizeof path, "%s/log", rig->fixture->directory);
    return path;
}

struct node_rig *node_rig_make(const char *config)
{
    struct node_rig *rig = calloc(1, sizeof *rig);
    assert(rig != NULL);
    rig->fixture = fixture_make("/tmp", 0);
    int size = snprintf(rig->config, sizeof rig->config,
                        "network: test\nlink: { listen: null }\n%s", config);
    assert(size < NODE_RIG_CONFIG_MAX);
    rig->log_fd = open(log_path(rig), O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
    assert(rig->log_fd >= 0);
    return rig;
}

enum trust_error node_rig_try(struct node_rig *rig)
{
    const struct trust_home_inputs inputs = {.option = rig->fixture->directory};
    struct trust_home home;
    struct trust_config config;
    struct trust_yaml_fault fault;
    must(trust_home_find(&home, &inputs));
    must(trust_home_make(&home));
    must(
        trust_config_load(&config, &fault, "reputed.yaml",
                          (struct trust_bytes){(const uint8_t *)rig->config, strlen(rig->config)}));
    if (rig->store_limit != 0)
        config.store_limit = rig->store_limit;
    const struct core_options options = {.program = "/proc/self/exe",
                                         .is_new_operator = rig->is_new_operator,
                                         .log_fd = rig->log_fd,
                                         .log_level = LOG_INFO};
    enum trust_error error = core_open(&rig->core, &home, &config, &options);
    rig->is_open = error == TRUST_OK;
    if (rig->is_open) {
        rig->core.pump.verdict = take_verdict;
        rig->core.pump.verdict_context = rig;
        for (size_t i = 0; i < FIXTURE_AUTHORS; i++)
            must(trust_engine_name(rig->core.engine, &rig->fixture->keys[i], true, rig->core.now));
    }
    return error;
}

void node_rig_start(struct node_rig *rig)
{
    must(node_rig_try(rig));
    core_turn(&rig->core);
    must(showing_publish(&rig->core));
}

struct node_rig *node_rig_open(const char *config)
{
    struct node_rig *rig = node_rig_make(config);
    node_rig_start(rig);
    return rig;
}

void node_rig_stop(struct node_rig *rig)
{
    server_state_flush(&rig->core);
    node_rig_drop(rig);
}

void node_rig_drop(struct node_rig *rig)
{
    node_rig_let_go(rig);
    core_close(&rig->core);
    rig->is_open = false;
}

void node_rig_close(struct node_rig *rig)
{
    if (rig->is_open)
        node_rig_drop(rig);
    (void)close(rig->log_fd);
    fixture_close(rig->fixture);
    free(rig);
}

static void turn(struct node_rig *rig)
{
    struct core *core = &rig->core;
    struct pollfd ready[] = {{.fd = verify_pool_fd(core->pool), .events = POLLIN},
                             {.fd = store_fd(core->store), .events = POLLIN}};
    (void)poll(ready, 2, 5);
    if (ready[0].revents != 0)
        pump_take_verdicts(core);
    if (ready[1].revents != 0)
        pump_take_progress(core);
    core_turn(core);
}

void node_rig_run(struct node_rig *rig, uint32_t ms)
{
    uint64_t end_ms = clock_now().mono.ms + ms;
    do
        turn(rig);
    while (clock_now().mono.ms < end_ms);
}

void node_rig_until(struct node_rig *rig, node_rig_condition *condition)
{
    uint64_t end_ms = clock_now().mono.ms + PATIENCE_MS;
    while (!condition(rig)) {
        assert(clock_now().mono.ms < end_ms);
        turn(rig);
    }
}

static bool has_verdict(struct node_rig *rig)
{
    return rig->verdict_count > 0;
}

enum trust_error node_rig_publish(struct node_rig *rig, const struct fixture_record *record)
{
    rig->verdict_count = 0;
    trust_engine_publish(rig->core.engine, 1, fixture_bytes(record), rig->core.now);
    pump_run(&rig->core);
    node_rig_until(rig, has_verdict);
    return rig->verdict.error;
}

uint32_t node_rig_watch(struct node_rig *rig, const char *subject)
{
    uint32_t server = 0;
    must(trust_engine_watch(rig->core.engine, &server,
                            (struct trust_bytes){(const uint8_t *)subject, strlen(subject)}, 0,
                            rig->core.now));
    return server;
}

void node_rig_hold_disk(struct node_rig *rig)
{
    int code = mdb_txn_begin(rig->core.store->env.lmdb, NULL, 0, &rig->held);
    assert(code == 0);
}

void node_rig_let_go(struct node_rig *rig)
{
    if (rig->held != NULL)
        mdb_txn_abort(rig->held);
    rig->held = NULL;
}

void node_rig_fill_ring(struct node_rig *rig)
{
    static const uint8_t value[TRUST_STATE_VALUE_SIZE_MAX] = {1};
    struct store_change change = {.kind = STORE_STATE_PUT,
                                  .state_key = {.data = (const uint8_t *)"x", .size = 1},
                                  .bytes = {.data = value, .size = sizeof value}};
    while (store_submit(rig->core.store, &change) == TRUST_OK)
        continue;
    /* What is left is too small for anything. */
    change.bytes.size = 1;
    while (store_submit(rig->core.store, &change) == TRUST_OK)
        continue;
}

const char *node_rig_path(const struct node_rig *rig, enum trust_home_file file)
{
    static char path[TRUST_HOME_PATH_SIZE];
    const struct trust_home_inputs inputs = {.option = rig->fixture->directory};
    struct trust_home home;
    must(trust_home_find(&home, &inputs));
    trust_home_path(path, &home, file);
    return path;
}

const char *node_rig_text(const char *path)
{
    static char text[1 << 20];
    size_t size = 0;
    if (trust_file_read(path, text, &size, sizeof text - 1) != TRUST_OK)
        size = 0;
    text[size] = '\0';
    return text;
}

const char *node_rig_log(const struct node_rig *rig)
{
    return node_rig_text(log_path(rig));
}

struct row {
    const uint8_t *key;
    uint8_t *value;
    size_t size;
};

static bool take_row(void *context, struct trust_bytes key, struct trust_bytes value)
{
    struct row *row = context;
    if (key.size != 33 || memcmp(key.data, row->key, 33) != 0)
        return true;
    memcpy(row->value, value.data, value.size);
    row->size = value.size;
    return false;
}

size_t node_rig_row(struct node_rig *rig, char kind, uint32_t server, uint8_t out_value[4096])
{
    uint8_t key[33] = {(uint8_t)kind};
    trust_engine_server_digest(rig->core.engine, key + 1, server);
    struct row row = {.key = key, .value = out_value};
    must(store_read_state(rig->core.store, (struct trust_bytes){.data = key, .size = 1}, take_row,
                          &row));
    return row.size;
}
