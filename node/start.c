/* See start.h. */
#include "node/start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "host/config.h"
#include "host/home.h"
#include "host/quantity.h"
#include "node/advice.h"
#include "node/config_file.h"
#include "node/core.h"
#include "node/program.h"
#include "node/store_offline.h"
#include "record/sodium.h"

#define LINK_PROGRAM "reputed-link"

static int exit_code(enum trust_error error)
{
    if (error == TRUST_OK)
        return EXIT_SUCCESS;
    if (error == TRUST_NO_RUNNING)
        return START_EXIT_RUNNING;
    if (error == TRUST_NO_PERMISSION || error == TRUST_NO_FILE)
        return START_EXIT_DENIED;
    return error < TRUST_OK ? START_EXIT_FAILED : START_EXIT_NO;
}

static int complain(enum trust_error error, const char *what, const char *next)
{
    (void)fprintf(stderr, "reputed: %s: %s (%s)%s%s\n", what, trust_error_text(error),
                  trust_error_name(error),
                  next == NULL ? "" : "\n  next: ", next == NULL ? "" : next);
    return exit_code(error);
}

/* No file means the defaults, unless one was named. */
static int read_config(const struct start *start, const struct trust_home *home,
                       struct trust_config *out_config)
{
    char path[TRUST_HOME_PATH_SIZE];
    struct trust_yaml_fault fault;
    trust_home_path(path, home, TRUST_HOME_CONFIG);
    const char *name = start->config == NULL ? path : start->config;
    enum trust_error error = config_file_load(out_config, &fault, name, start->config == NULL);
    if (error == TRUST_OK)
        return EXIT_SUCCESS;
    if (fault.text[0] == '\0')
        return complain(error, name,
                        error == TRUST_NO_SIZE ? "a configuration is at most 1 MiB long"
                                               : "give --config a readable file, or leave it out");
    (void)fprintf(stderr, "%s\n  next: correct it, see reputed.yaml(5); nothing was started\n",
                  fault.text);
    if (error < TRUST_OK)
        return START_EXIT_FAILED;
    /* To check it was what was asked: then this is a finding. */
    return start->work == START_CHECK ? START_EXIT_NO : START_EXIT_USAGE;
}

static int run_node(const struct start *start, const struct trust_home *home,
                    struct trust_config *config)
{
    static struct core core;
    struct program link;
    enum trust_error error = program_open(&link, LINK_PROGRAM);
    if (error != TRUST_OK)
        return complain(error, LINK_PROGRAM, "install all of repute's programs together");
    const struct core_options options = {.program = link.path,
                                         .config_path = start->config,
                                         .is_new_operator = start->is_new_operator,
                                         .log_fd = STDERR_FILENO,
                                         .log_level = LOG_INFO};
    error = core_open(&core, home, config, &options);
    if (error == TRUST_OK) {
        error = core_run(&core);
        core_close(&core);
    }
    program_close(&link);
    return exit_code(error);
}

static int check_config(const struct trust_config *config)
{
    const struct trust_engine_config engine = {.limits = trust_engine_limits_default()};
    char store[TRUST_QUANTITY_TEXT_SIZE];
    trust_size_format(store, config->store_limit);
    (void)printf("configuration ok: network %s, %zu groups, %zu peers\n"
                 "store at most %s of records\n"
                 "engine reserves %.1f GiB of addresses; memory is used as records come\n",
                 config->network, config->groups.count, config->link.peers.count, store,
                 (double)trust_engine_size(&engine) / (1 << 30));
    return EXIT_SUCCESS;
}

static struct store_options store_of(const struct trust_config *config, const char *directory)
{
    struct store_options options = {.directory = directory, .limit_size = config->store_limit};
    /* The configuration was checked: its network's name is good. */
    if (trust_network_init(&options.network, config->network) != TRUST_OK)
        abort();
    return options;
}

static const char *complaint_text(enum store_complaint_kind kind)
{
    switch (kind) {
    case STORE_BAD_HASH:
        return "the keyed hash does not agree";
    case STORE_BAD_RECORD:
        return "not a valid record in its place";
    case STORE_BAD_REGISTER:
        return "register and records do not agree";
    case STORE_BAD_HEAD:
        return "the author's head does not agree";
    case STORE_BAD_TOTALS:
        return "the totals do not agree";
    }
    return "unknown";
}

static void print_complaint(void *context, const struct store_complaint *complaint)
{
    (void)context;
    char key[TRUST_KEY_TEXT_SIZE];
    trust_key_encode(key, &complaint->author, TRUST_KEY_OPERATOR);
    (void)printf("%s seq %llu: %s (%s)\n", key, (unsigned long long)complaint->seq,
                 complaint_text(complaint->kind), trust_error_name(complaint->error));
}

static int work_offline(const struct start *start, const struct trust_home *home,
                        const struct trust_config *config)
{
    char directory[TRUST_HOME_PATH_SIZE];
    trust_home_path(directory, home, TRUST_HOME_STORE);
    struct store_options options = store_of(config, directory);
    struct store_report report = {0};
    enum trust_error error = trust_sodium_start();
    if (error != TRUST_OK)
        return complain(error, "libsodium", advice_for("crypto", error));
    if (start->work == START_VERIFY)
        error = store_verify(&report, &options, print_complaint, NULL);
    else
        error = store_restore(&report, &options, start->file);
    bool verifies = start->work == START_VERIFY;
    if (error == TRUST_NO_FILE && !verifies && access(start->file, F_OK) != 0)
        error = TRUST_NO_FOUND;
    if (error != TRUST_OK && report.complaint_count == 0)
        return complain(error, verifies ? directory : start->file,
                        advice_for(verifies ? "store" : "backup", error));
    (void)printf(
        "%llu %s of %llu %s, %llu %s\n", (unsigned long long)report.record_count,
        report.record_count == 1 ? "record" : "records", (unsigned long long)report.author_count,
        report.author_count == 1 ? "author" : "authors", (unsigned long long)report.complaint_count,
        report.complaint_count == 1 ? "complaint" : "complaints");
    return report.complaint_count == 0 ? EXIT_SUCCESS : START_EXIT_NO;
}

/* Everything that touches the home is done under its lock. */
static int run_locked(const struct start *start, const struct trust_home *home,
                      struct trust_config *config)
{
    enum trust_error error = trust_home_make(home);
    if (error != TRUST_OK)
        return complain(error, home->roots[TRUST_HOME_ROOT_STATE], advice_for("home", error));
    int lock = -1;
    pid_t pid = 0;
    error = trust_home_lock(home, &lock, &pid);
    if (error == TRUST_NO_RUNNING) {
        (void)fprintf(stderr,
                      "reputed: another one runs in %s, pid %ld (TRUST_NO_RUNNING)\n"
                      "  next: stop it, or give --home another directory\n",
                      home->roots[TRUST_HOME_ROOT_STATE], (long)pid);
        return START_EXIT_RUNNING;
    }
    if (error != TRUST_OK)
        return complain(error, "lock", advice_for("lock", error));
    int code = start->work == START_NODE ? run_node(start, home, config)
                                         : work_offline(start, home, config);
    trust_home_unlock(lock);
    return code;
}

int start_run(const struct start *start)
{
    const struct trust_home_inputs inputs = trust_home_inputs_read(start->home);
    struct trust_home home;
    enum trust_error error = trust_home_find(&home, &inputs);
    if (error != TRUST_OK) {
        (void)complain(error, "home", "give --home DIR, with a short path");
        return START_EXIT_USAGE;
    }
    struct trust_config config;
    int code = read_config(start, &home, &config);
    if (code != EXIT_SUCCESS)
        return code;
    if (start->work == START_CHECK)
        code = check_config(&config);
    else
        code = run_locked(start, &home, &config);
    trust_config_close(&config);
    return code;
}
