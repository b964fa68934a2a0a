/* host/home: which directory wins, what the files are called, and that the second one must stay
 * out. */
#include "host/home.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void the_more_explicit_setting_decides(void **state)
{
    (void)state;
    static const struct {
        struct trust_home_inputs inputs;
        const char *config;
        const char *state;
        const char *run;
    } rows[] = {
        {{.option = "/o", .repute_home = "/e", .is_system = true}, "/o", "/o", "/o/run"},
        {{.repute_home = "/e", .is_system = true, .user_home = "/h"}, "/e", "/e", "/e/run"},
        {{.is_system = true, .user_home = "/h"}, "/etc/repute", "/var/lib/repute", "/run/repute"},
        {{.user_home = "/h"},
         "/h/.config/repute",
         "/h/.local/share/repute",
         "/h/.local/share/repute/run"},
        {{.user_home = "/h",
          .xdg_config_home = "/c",
          .xdg_data_home = "/d",
          .xdg_runtime_dir = "/r"},
         "/c/repute",
         "/d/repute",
         "/r/repute"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct trust_home home;
        assert_int_equal(trust_home_find(&home, &rows[i].inputs), TRUST_OK);
        assert_string_equal(home.roots[TRUST_HOME_ROOT_CONFIG], rows[i].config);
        assert_string_equal(home.roots[TRUST_HOME_ROOT_STATE], rows[i].state);
        assert_string_equal(home.roots[TRUST_HOME_ROOT_RUN], rows[i].run);
    }
    struct trust_home home;
    assert_int_equal(trust_home_find(&home, &(struct trust_home_inputs){0}), TRUST_NO_OPTION);
}

static void each_file_has_its_place(void **state)
{
    (void)state;
    struct trust_home home;
    assert_int_equal(trust_home_find(&home, &(struct trust_home_inputs){.option = "/o"}), TRUST_OK);
    static const struct {
        enum trust_home_file file;
        const char *path;
    } rows[] = {
        {TRUST_HOME_CONFIG, "/o/reputed.yaml"},
        {TRUST_HOME_OPERATOR_KEY, "/o/keys/operator.key"},
        {TRUST_HOME_OPERATOR_SEQ, "/o/keys/operator.seq"},
        {TRUST_HOME_REVOCATION, "/o/keys/revocation.rec"},
        {TRUST_HOME_DRAFTS, "/o/drafts"},
        {TRUST_HOME_OPERATOR_PUB, "/o/keys/operator.pub"},
        {TRUST_HOME_NODE_KEY, "/o/node.key"},
        {TRUST_HOME_STORE, "/o/store"},
        {TRUST_HOME_NAMES, "/o/names"},
        {TRUST_HOME_IGNORED, "/o/ignored"},
        {TRUST_HOME_PINS, "/o/pins"},
        {TRUST_HOME_WITHHELD, "/o/withheld"},
        {TRUST_HOME_AUDIT, "/o/audit.log"},
        {TRUST_HOME_LOCK, "/o/reputed.lock"},
        {TRUST_HOME_AGENT_SOCK, "/o/run/agent.sock"},
        {TRUST_HOME_OPERATOR_SOCK, "/o/run/operator.sock"},
        {TRUST_HOME_BOARD, "/o/run/board"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[TRUST_HOME_PATH_SIZE];
        trust_home_path(path, &home, rows[i].file);
        assert_string_equal(path, rows[i].path);
    }
}

static void a_home_whose_sockets_would_not_fit_is_refused(void **state)
{
    (void)state;
    char name[TRUST_HOME_PATH_SIZE + 8];
    memset(name, 'x', sizeof name);
    name[0] = '/';
    struct trust_home home;
    /* "/run/operator.sock" and its NUL are 19 of a socket's 108 bytes. */
    static const struct {
        size_t size;
        enum trust_error expected;
    } rows[] = {{89, TRUST_OK}, {90, TRUST_NO_SIZE}, {TRUST_HOME_PATH_SIZE, TRUST_NO_SIZE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[TRUST_HOME_PATH_SIZE + 8];
        memcpy(text, name, sizeof text);
        text[rows[i].size] = '\0';
        assert_int_equal(trust_home_find(&home, &(struct trust_home_inputs){.option = text}),
                         rows[i].expected);
    }
}

static unsigned mode_of(const char *directory, const char *below)
{
    char path[128];
    struct stat status;
    (void)snprintf(path, sizeof path, "%s%s", directory, below);
    assert_int_equal(stat(path, &status), 0);
    assert_true(S_ISDIR(status.st_mode));
    return status.st_mode & 0777;
}

static void directories_are_made_private_and_the_second_instance_is_told_the_first(void **state)
{
    (void)state;
    char parent[] = "/tmp/repute-home-XXXXXX";
    char directory[64];
    struct trust_home home;
    assert_non_null(mkdtemp(parent));
    (void)snprintf(directory, sizeof directory, "%s/a/b", parent);
    assert_int_equal(trust_home_find(&home, &(struct trust_home_inputs){.option = directory}),
                     TRUST_OK);
    for (int i = 0; i < 2; i++)
        assert_int_equal(trust_home_make(&home), TRUST_OK);
    assert_int_equal(mode_of(directory, ""), 0700);
    assert_int_equal(mode_of(directory, "/keys"), 0700);
    assert_int_equal(mode_of(directory, "/drafts"), 0700);
    assert_int_equal(mode_of(directory, "/store"), 0700);
    assert_int_equal(mode_of(directory, "/pins"), 0700);
    assert_int_equal(mode_of(directory, "/run"), 0755);

    int lock = -1;
    int other = -1;
    pid_t pid = 0;
    assert_int_equal(trust_home_lock(&home, &lock, &pid), TRUST_OK);
    assert_int_equal(trust_home_lock(&home, &other, &pid), TRUST_NO_RUNNING);
    assert_int_equal(pid, getpid());
    trust_home_unlock(lock);
    /* A process that died in any way leaves no lock behind. */
    pid_t child = fork();
    if (child == 0)
        _exit(trust_home_lock(&home, &lock, &pid) == TRUST_OK ? 0 : 1);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(trust_home_lock(&home, &lock, &pid), TRUST_OK);
    trust_home_unlock(lock);
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", parent);
    assert_int_equal(system(command), 0);
}

static void a_state_directory_of_its_own_lets_others_pass(void **state)
{
    (void)state;
    char parent[] = "/tmp/repute-home-XXXXXX";
    char command[128];
    struct trust_home home = {0};
    assert_non_null(mkdtemp(parent));
    static const char *const names[] = {"config", "state", "run"};
    for (int i = 0; i < 3; i++)
        (void)snprintf(home.roots[i], sizeof home.roots[i], "%s/%s", parent, names[i]);
    assert_int_equal(trust_home_make(&home), TRUST_OK);
    assert_int_equal(mode_of(parent, "/state"), 0711);
    assert_int_equal(mode_of(parent, "/state/keys"), 0700);
    assert_int_equal(mode_of(parent, "/config"), 0755);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", parent);
    assert_int_equal(system(command), 0);
}

static void a_file_in_the_place_of_a_directory_is_refused(void **state)
{
    (void)state;
    char parent[] = "/tmp/repute-home-XXXXXX";
    char command[128];
    struct trust_home home;
    assert_non_null(mkdtemp(parent));
    (void)snprintf(command, sizeof command, "touch '%s/store'", parent);
    assert_int_equal(system(command), 0);
    assert_int_equal(trust_home_find(&home, &(struct trust_home_inputs){.option = parent}),
                     TRUST_OK);
    assert_int_equal(trust_home_make(&home), TRUST_NO_FILE);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", parent);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_more_explicit_setting_decides),
        cmocka_unit_test(each_file_has_its_place),
        cmocka_unit_test(a_home_whose_sockets_would_not_fit_is_refused),
        cmocka_unit_test(directories_are_made_private_and_the_second_instance_is_told_the_first),
        cmocka_unit_test(a_state_directory_of_its_own_lets_others_pass),
        cmocka_unit_test(a_file_in_the_place_of_a_directory_is_refused),
    };
    return cmocka_run_group_tests_name("host/home", tests, NULL, NULL);
}
