/* See core.h. Opening and closing in order, and the sources of the loop. */
#include "node/core.h"

#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/assert.h"
#include "node/advice.h"
#include "node/api/api.h"
#include "node/api/ignored.h"
#include "node/audit_mark.h"
#include "node/audit_note.h"
#include "node/clock.h"
#include "node/config_file.h"
#include "node/operators.h"
#include "node/peering.h"
#include "record/sodium.h"

/* Messages of the link in one turn, so that signals and agents have theirs. */
#define LINK_BATCH 256

static const char *listen_text(const struct core *core)
{
    return core->config.link.listen == NULL ? "none" : core->config.link.listen;
}

static void fail(struct core *core, const char *what, enum trust_error error)
{
    log_write(&core->log, LOG_ERROR, "start",
              LOG_FIELDS(log_text("part", what), log_code("error", error),
                         log_text("listen", listen_text(core)),
                         log_text("reason", advice_reason(what, error)),
                         log_text("next", advice_for(what, error))));
}

static enum trust_error open_store(struct core *core)
{
    char directory[TRUST_HOME_PATH_SIZE];
    trust_home_path(directory, &core->home, TRUST_HOME_STORE);
    const struct store_options options = {
        .directory = directory, .network = core->network, .limit_size = core->config.store_limit};
    return store_open(&core->store, &options);
}

static enum trust_error open_engine(struct core *core)
{
    struct trust_engine_config config = {.limits = trust_engine_limits_default(),
                                         .network = core->network,
                                         .node_key = core->node_key.key,
                                         .relays = core->config.link.relay == TRUST_RELAY_PEERS};
    randombytes_buf(config.seed, sizeof config.seed);
    enum trust_error error = trust_engine_new(&core->engine, &config, core->now);
    sodium_memzero(config.seed, sizeof config.seed);
    if (error == TRUST_OK && core->has_operator)
        error = trust_engine_set_operator(core->engine, &core->operator_key, core->now);
    return error;
}

static bool load_record(void *context, const struct trust_key *author, struct trust_bytes record)
{
    (void)author;
    struct core *core = context;
    enum trust_error error = trust_engine_load(core->engine, record);
    if (error != TRUST_OK)
        log_write(&core->log, LOG_WARN, "load", LOG_FIELDS(log_code("error", error)));
    pump_run(core);
    return true;
}

static enum trust_error load_records(struct core *core)
{
    uint64_t damaged = 0;
    enum trust_error error = store_load(core->store, &damaged, load_record, core);
    if (damaged > 0)
        log_write(&core->log, LOG_ERROR, "damaged",
                  LOG_FIELDS(log_number("records", (int64_t)damaged)));
    /* A store that is over its limit says so before the first record comes. */
    if (error == TRUST_OK)
        pump_take_progress(core);
    return error;
}

static enum trust_error open_link(struct core *core)
{
    const struct link_options link = {.program = core->program,
                                      .secret = core->node_key.secret,
                                      .key = core->node_key.key,
                                      .listen = core->config.link.listen,
                                      .newcomers = core->config.link.newcomers};
    return link_open(&core->link, &link, core->now);
}

static uint32_t worker_count(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > 16 ? 16 : (uint32_t)cores;
}

/* What happens after a long wait happens now, not when the wait began. */
static void look_at_clock(struct core *core)
{
    core->now = clock_now();
    core->log.now = core->now;
}

static void on_verdicts(void *context)
{
    look_at_clock(context);
    pump_take_verdicts(context);
}

static void on_progress(void *context)
{
    look_at_clock(context);
    pump_take_progress(context);
}

static enum trust_error open_node_key(struct core *core)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &core->home, TRUST_HOME_NODE_KEY);
    return node_key_open(&core->node_key, path);
}

static enum trust_error open_loop(struct core *core)
{
    return loop_open(&core->loop);
}

static enum trust_error open_workers(struct core *core)
{
    enum trust_error error = verify_pool_open(&core->pool, worker_count(), &core->network);
    if (error == TRUST_OK)
        error = loop_add(&core->loop, verify_pool_fd(core->pool), on_verdicts, core);
    if (error == TRUST_OK)
        error = loop_add(&core->loop, store_fd(core->store), on_progress, core);
    return error;
}

static enum trust_error open_pump(struct core *core)
{
    return pump_open(&core->pump);
}

/* The audit log is opened again with its next entry: it stops nothing. */
static enum trust_error open_events(struct core *core)
{
    enum trust_error error = audit_mark_load(core);
    if (error != TRUST_OK)
        return error;
    audit_note_open(core);
    audit_mark_save(core);
    return events_open(&core->events, core->now.wall);
}

static enum trust_error start_crypto(struct core *core)
{
    enum trust_error error = trust_sodium_start();
    return error == TRUST_OK ? trust_network_init(&core->network, core->config.network) : error;
}

/* The parts in their order, each named for the log. */
static const struct part {
    const char *name;
    enum trust_error (*open)(struct core *core);
} parts[] = {
    {"crypto", start_crypto},      {"node.key", open_node_key}, {"operator.pub", operators_find},
    {"loop", open_loop},           {"store", open_store},       {"engine", open_engine},
    {"operators", operators_open}, {"pump", open_pump},         {"workers", open_workers},
    {"events", open_events},       {"ignored", ignored_open},   {"records", load_records},
    {"clock", wall_open},          {"board", showing_open},     {"link", open_link},
    {"peers", peering_open},       {"names", api_make},         {"api", api_open},
};

/* The first that fails ends the start. */
static enum trust_error open_parts(struct core *core)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        enum trust_error error = parts[i].open(core);
        if (error != TRUST_OK) {
            fail(core, parts[i].name, error);
            return error;
        }
    }
    return TRUST_OK;
}

enum trust_error core_open(struct core *core, const struct trust_home *home,
                           struct trust_config *config, const struct core_options *options)
{
    *core = (struct core){.home = *home,
                          .config = *config,
                          .program = options->program,
                          .config_path = options->config_path,
                          .is_new_operator = options->is_new_operator,
                          .log = log_init(options->log_fd, options->log_level),
                          .loop = {.epoll_fd = -1},
                          .link_fd = -1,
                          .audit = {.fd = -1},
                          .signal_fd = -1};
    *config = (struct trust_config){0};
    core->now = clock_now();
    core->started = core->now;
    core->log.now = core->now;
    peers_init(&core->peers);
    scrub_init(&core->scrub, core->now.mono);
    enum trust_error error = open_parts(core);
    if (error != TRUST_OK)
        core_close(core);
    return error;
}

void core_close(struct core *core)
{
    api_close(core);
    showing_close(core);
    if (core->link != NULL)
        link_close(core->link);
    if (core->pool != NULL)
        verify_pool_close(core->pool);
    if (core->store != NULL)
        store_close(core->store);
    trust_engine_free(core->engine);
    pump_close(&core->pump);
    audit_close(&core->audit);
    flagbook_close(&core->ignored);
    events_close(&core->events);
    loop_close(&core->loop);
    node_key_close(&core->node_key);
    trust_config_close(&core->config);
    core->link = NULL;
    core->pool = NULL;
    core->store = NULL;
    core->engine = NULL;
}

static void on_link(void *context)
{
    struct core *core = context;
    look_at_clock(core);
    struct link_event event;
    for (int i = 0; i < LINK_BATCH && pump_has_room(core); i++) {
        if (!link_poll(core->link, &event, core->now))
            return;
        peers_handle_link(core, &event);
    }
}

static struct trust_mono deadline(void *context)
{
    const struct core *core = context;
    struct trust_mono due = trust_engine_next_deadline(core->engine);
    struct trust_mono link = link_deadline(core->link);
    struct trust_mono showing = showing_deadline(&core->showing);
    struct trust_mono scrub = scrub_deadline(&core->scrub);
    struct trust_mono api = api_deadline(core);
    due = link.ms < due.ms ? link : due;
    due = scrub.ms < due.ms ? scrub : due;
    due = showing.ms < due.ms ? showing : due;
    struct trust_mono state = server_state_deadline(&core->server_state);
    due = state.ms < due.ms ? state : due;
    return api.ms < due.ms ? api : due;
}

/* The link's descriptor changes with every restart of its process. */
static void watch_link(struct core *core)
{
    int fd = link_fd(core->link);
    if (fd != core->link_fd) {
        if (core->link_fd >= 0)
            loop_remove(&core->loop, core->link_fd);
        core->link_fd = -1;
        if (fd >= 0 && loop_add(&core->loop, fd, on_link, core) == TRUST_OK)
            core->link_fd = fd;
    }
    if (core->link_fd >= 0)
        loop_pause(&core->loop, core->link_fd, !pump_has_room(core));
}

void core_turn(struct core *core)
{
    look_at_clock(core);
    wall_tick(core);
    if (trust_engine_next_deadline(core->engine).ms <= core->now.mono.ms)
        trust_engine_handle_time(core->engine, core->now);
    api_turn(core);
    pump_run(core);
    showing_tick(core);
    server_state_tick(core);
    scrub_tick(core);
    peering_tick(core);
    link_tick(core->link, core->now);
    if (link_has_event(core->link))
        on_link(core);
    watch_link(core);
    /* Verdicts are not taken while the store is behind: they would wake the loop for nothing. */
    loop_pause(&core->loop, verify_pool_fd(core->pool), core->pump.is_store_stuck);
}

static void on_turn(void *context)
{
    core_turn(context);
}

static void on_signal(void *context)
{
    struct core *core = context;
    struct signalfd_siginfo info;
    if (read(core->signal_fd, &info, sizeof info) != (ssize_t)sizeof info)
        return;
    log_write(&core->log, LOG_INFO, "signal", LOG_FIELDS(log_number("number", info.ssi_signo)));
    if (info.ssi_signo == SIGHUP)
        config_file_follow(core);
    else
        core_stop(core);
}

static enum trust_error open_signals(struct core *core)
{
    sigset_t signals;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)sigaddset(&signals, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &signals, NULL) != 0)
        return TRUST_FAIL_SYSTEM;
    core->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return core->signal_fd < 0 ? TRUST_FAIL_SYSTEM : TRUST_OK;
}

static enum trust_error watch_signals(struct core *core)
{
    enum trust_error error = open_signals(core);
    if (error == TRUST_OK)
        error = loop_add(&core->loop, core->signal_fd, on_signal, core);
    return error;
}

static void say_started(struct core *core)
{
    char socket[TRUST_HOME_PATH_SIZE];
    char operator_text[TRUST_KEY_TEXT_SIZE] = "none";
    struct store_stats stats;
    store_stats(core->store, &stats);
    trust_home_path(socket, &core->home, TRUST_HOME_OPERATOR_SOCK);
    if (core->has_operator)
        trust_key_encode(operator_text, &core->operator_key, TRUST_KEY_OPERATOR);
    log_write(&core->log, LOG_INFO, "started",
              LOG_FIELDS(log_text("version", REPUTE_VERSION), log_text("listen", listen_text(core)),
                         log_text("socket", socket), log_text("operator", operator_text),
                         log_number("records", (int64_t)stats.record_count)));
}

enum trust_error core_run(struct core *core)
{
    enum trust_error error = watch_signals(core);
    const struct loop_hooks hooks = {.deadline = deadline, .turn = on_turn, .context = core};
    core_turn(core);
    if (error == TRUST_OK)
        error = showing_publish(core);
    if (error == TRUST_OK)
        say_started(core);
    if (error == TRUST_OK)
        error = loop_run(&core->loop, &hooks);
    trust_engine_close_peers(core->engine);
    pump_run(core);
    wall_save(core);
    server_state_flush(core);
    audit_mark_save(core);
    (void)close(core->signal_fd);
    return error;
}

void core_stop(struct core *core)
{
    loop_stop(&core->loop);
}
