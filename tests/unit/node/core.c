/* node/core: what is opened is closed again, what is wrong is named with its next step, and a
 * signal is a clean end. */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/files.h"
#include "node_rig.h"

static unsigned count_files(void)
{
    unsigned count = 0;
    DIR *files = opendir("/proc/self/fd");
    assert_non_null(files);
    while (readdir(files) != NULL)
        count++;
    (void)closedir(files);
    return count;
}

static void put_file(const struct node_rig *rig, enum trust_home_file file, const char *text,
                     mode_t mode)
{
    const char *path = node_rig_path(rig, file);
    must(trust_file_write(path, trust_bytes_text(text), mode));
}

static void a_core_that_was_closed_leaves_no_file_open(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    node_rig_stop(rig);
    unsigned before = count_files();
    node_rig_start(rig);
    assert_true(count_files() > before);
    node_rig_stop(rig);
    assert_int_equal(count_files(), before);
    node_rig_close(rig);
}

static void records_and_heads_are_there_after_a_restart(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    struct fixture_record records[8];
    for (unsigned i = 0; i < 8; i++) {
        records[i] = fixture_rate(rig->fixture, i % 4, i, i);
        assert_int_equal(node_rig_publish(rig, &records[i]), TRUST_OK);
    }
    node_rig_stop(rig);
    node_rig_start(rig);
    struct trust_engine_stats stats;
    trust_engine_stats(rig->core.engine, &stats);
    assert_int_equal(stats.registers, 8);
    assert_int_equal(stats.authors, 4);
    for (unsigned i = 0; i < 8; i++)
        assert_int_equal(node_rig_publish(rig, &records[i]), TRUST_NO_DUPLICATE);
    node_rig_close(rig);
}

static void a_signal_ends_it_cleanly_and_saves_what_it_knows(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_make("");
    must(node_rig_try(rig));
    uint32_t server = node_rig_watch(rig, "mcp:io.example/a");
    const struct trust_shared_report report = {
        .agent = 1, .outcome = {.class_ = TRUST_OUTCOME_OK, .latency_ms = 5}};
    trust_engine_handle_outcome(rig->core.engine, server, &report, rig->core.now);
    sigset_t wanted;
    sigset_t before;
    (void)sigemptyset(&wanted);
    (void)sigaddset(&wanted, SIGTERM);
    assert_int_equal(sigprocmask(SIG_BLOCK, &wanted, &before), 0);
    assert_int_equal(raise(SIGTERM), 0);
    assert_int_equal(core_run(&rig->core), TRUST_OK);
    assert_non_null(strstr(node_rig_log(rig), "number=15"));
    node_rig_drop(rig);
    node_rig_start(rig);
    assert_true(
        trust_engine_find_server(rig->core.engine, &server, trust_bytes_text("mcp:io.example/a")));
    struct trust_own_calls calls = {0};
    assert_true(trust_engine_own_calls(rig->core.engine, server, &calls, rig->core.now));
    assert_true(calls.good > .99);
    node_rig_close(rig);
}

static void plant_open_key(const struct node_rig *rig)
{
    assert_int_equal(chmod(node_rig_path(rig, TRUST_HOME_NODE_KEY), 0644), 0);
}

static void plant_short_key(const struct node_rig *rig)
{
    put_file(rig, TRUST_HOME_NODE_KEY, "00ff\n", 0600);
}

static void plant_operator(const struct node_rig *rig)
{
    put_file(rig, TRUST_HOME_OPERATOR_PUB, "rpt1nonsense\n", 0600);
}

static void plant_socket(const struct node_rig *rig)
{
    (void)unlink(node_rig_path(rig, TRUST_HOME_AGENT_SOCK));
    assert_int_equal(mkdir(node_rig_path(rig, TRUST_HOME_AGENT_SOCK), 0700), 0);
}

static void plant_store(const struct node_rig *rig)
{
    char path[TRUST_HOME_PATH_SIZE + 16];
    (void)snprintf(path, sizeof path, "%s/check.key", node_rig_path(rig, TRUST_HOME_STORE));
    assert_int_equal(unlink(path), 0);
}

static void what_is_wrong_is_named_with_its_next_step(void **state)
{
    (void)state;
    static const struct {
        void (*plant)(const struct node_rig *rig);
        enum trust_error error;
        const char *part;
        const char *next;
    } cases[] = {
        {plant_open_key, TRUST_NO_FILE, "part=node.key", "mode 0600"},
        {plant_short_key, TRUST_NO_SYNTAX, "part=node.key", "tell the peers"},
        {plant_operator, TRUST_NO_KEY, "part=operator.pub", "repute key show"},
        {plant_store, TRUST_NO_FILE, "part=store", "check.key"},
        {plant_socket, TRUST_NO_CONFLICT, "part=api", "move away"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct node_rig *rig = node_rig_open("");
        node_rig_stop(rig);
        cases[i].plant(rig);
        unsigned before = count_files();
        assert_int_equal(node_rig_try(rig), cases[i].error);
        assert_int_equal(count_files(), before);
        assert_non_null(strstr(node_rig_log(rig), cases[i].part));
        assert_non_null(strstr(node_rig_log(rig), cases[i].next));
        node_rig_close(rig);
    }
}

static void a_store_of_another_network_is_refused(void **state)
{
    (void)state;
    struct node_rig *rig = node_rig_open("");
    node_rig_stop(rig);
    (void)strcpy(rig->config, "network: elsewhere\nlink: { listen: null }\n");
    assert_int_equal(node_rig_try(rig), TRUST_NO_NETWORK);
    assert_non_null(strstr(node_rig_log(rig), "set `network`"));
    node_rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_core_that_was_closed_leaves_no_file_open),
        cmocka_unit_test(records_and_heads_are_there_after_a_restart),
        cmocka_unit_test(a_signal_ends_it_cleanly_and_saves_what_it_knows),
        cmocka_unit_test(what_is_wrong_is_named_with_its_next_step),
        cmocka_unit_test(a_store_of_another_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
