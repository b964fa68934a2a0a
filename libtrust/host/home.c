/*
 * One table says in which root each file lies and how it is called. The lock is a flock on a file
 * that is never removed: removing it would let two processes hold two files of one name.
 */
#include "host/home.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "host/files.h"

#define SERVICE_USER "repute"

struct place {
    enum trust_home_root root;
    const char *name;
};

static const struct place places[] = {
    [TRUST_HOME_CONFIG] = {TRUST_HOME_ROOT_CONFIG, "reputed.yaml"},
    [TRUST_HOME_OPERATOR_KEY] = {TRUST_HOME_ROOT_STATE, "keys/operator.key"},
    [TRUST_HOME_OPERATOR_SEQ] = {TRUST_HOME_ROOT_STATE, "keys/operator.seq"},
    [TRUST_HOME_REVOCATION] = {TRUST_HOME_ROOT_STATE, "keys/revocation.rec"},
    [TRUST_HOME_DRAFTS] = {TRUST_HOME_ROOT_STATE, "drafts"},
    [TRUST_HOME_OPERATOR_PUB] = {TRUST_HOME_ROOT_STATE, "keys/operator.pub"},
    [TRUST_HOME_NODE_KEY] = {TRUST_HOME_ROOT_STATE, "node.key"},
    [TRUST_HOME_STORE] = {TRUST_HOME_ROOT_STATE, "store"},
    [TRUST_HOME_NAMES] = {TRUST_HOME_ROOT_STATE, "names"},
    [TRUST_HOME_IGNORED] = {TRUST_HOME_ROOT_STATE, "ignored"},
    [TRUST_HOME_PEERS] = {TRUST_HOME_ROOT_STATE, "peers"},
    [TRUST_HOME_PINS] = {TRUST_HOME_ROOT_STATE, "pins"},
    [TRUST_HOME_WITHHELD] = {TRUST_HOME_ROOT_STATE, "withheld"},
    [TRUST_HOME_AUDIT] = {TRUST_HOME_ROOT_STATE, "audit.log"},
    [TRUST_HOME_LOCK] = {TRUST_HOME_ROOT_STATE, "reputed.lock"},
    [TRUST_HOME_AGENT_SOCK] = {TRUST_HOME_ROOT_RUN, "agent.sock"},
    [TRUST_HOME_OPERATOR_SOCK] = {TRUST_HOME_ROOT_RUN, "operator.sock"},
    [TRUST_HOME_BOARD] = {TRUST_HOME_ROOT_RUN, "board"},
};

#define PLACE_COUNT (sizeof places / sizeof places[0])

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* XDG Base Directory Specification: a relative path is to be ignored. */
static const char *xdg_setting(const char *name)
{
    const char *value = setting(name);
    return value != NULL && value[0] == '/' ? value : NULL;
}

struct trust_home_inputs trust_home_inputs_read(const char *option)
{
    const struct passwd *user = getpwuid(geteuid());
    bool is_service = user != NULL && strcmp(user->pw_name, SERVICE_USER) == 0;
    return (struct trust_home_inputs){
        .option = option,
        .repute_home = setting("REPUTE_HOME"),
        .xdg_config_home = xdg_setting("XDG_CONFIG_HOME"),
        .xdg_data_home = xdg_setting("XDG_DATA_HOME"),
        .xdg_runtime_dir = xdg_setting("XDG_RUNTIME_DIR"),
        .user_home = xdg_setting("HOME"),
        .is_system = geteuid() == 0 || is_service,
    };
}

static bool put_root(struct trust_home *home, enum trust_home_root root, const char *base,
                     const char *below)
{
    int size = snprintf(home->roots[root], TRUST_HOME_PATH_SIZE, "%s%s", base, below);
    return size > 0 && (size_t)size < TRUST_HOME_PATH_SIZE;
}

static bool find_one_directory(struct trust_home *home, const char *directory)
{
    return put_root(home, TRUST_HOME_ROOT_CONFIG, directory, "") &&
           put_root(home, TRUST_HOME_ROOT_STATE, directory, "") &&
           put_root(home, TRUST_HOME_ROOT_RUN, directory, "/run");
}

static bool find_system(struct trust_home *home)
{
    return put_root(home, TRUST_HOME_ROOT_CONFIG, "/etc", "/repute") &&
           put_root(home, TRUST_HOME_ROOT_STATE, "/var/lib", "/repute") &&
           put_root(home, TRUST_HOME_ROOT_RUN, "/run", "/repute");
}

static bool find_user(struct trust_home *home, const struct trust_home_inputs *in)
{
    bool fits = in->xdg_config_home != NULL
                    ? put_root(home, TRUST_HOME_ROOT_CONFIG, in->xdg_config_home, "/repute")
                    : put_root(home, TRUST_HOME_ROOT_CONFIG, in->user_home, "/.config/repute");
    fits = fits &&
           (in->xdg_data_home != NULL
                ? put_root(home, TRUST_HOME_ROOT_STATE, in->xdg_data_home, "/repute")
                : put_root(home, TRUST_HOME_ROOT_STATE, in->user_home, "/.local/share/repute"));
    if (!fits)
        return false;
    if (in->xdg_runtime_dir != NULL)
        return put_root(home, TRUST_HOME_ROOT_RUN, in->xdg_runtime_dir, "/repute");
    return put_root(home, TRUST_HOME_ROOT_RUN, home->roots[TRUST_HOME_ROOT_STATE], "/run");
}

static bool all_paths_fit(const struct trust_home *home)
{
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        size_t size = strlen(home->roots[places[i].root]) + 1 + strlen(places[i].name) + 1;
        size_t room = places[i].root == TRUST_HOME_ROOT_RUN ? TRUST_HOME_SOCKET_PATH_SIZE
                                                            : (size_t)TRUST_HOME_PATH_SIZE;
        if (size > room)
            return false;
    }
    return true;
}

enum trust_error trust_home_find(struct trust_home *out_home,
                                 const struct trust_home_inputs *inputs)
{
    struct trust_home home = {0};
    bool fits = false;
    if (inputs->option != NULL)
        fits = find_one_directory(&home, inputs->option);
    else if (inputs->repute_home != NULL)
        fits = find_one_directory(&home, inputs->repute_home);
    else if (inputs->is_system)
        fits = find_system(&home);
    else if (inputs->user_home == NULL)
        return TRUST_NO_OPTION;
    else
        fits = find_user(&home, inputs);
    if (!fits || !all_paths_fit(&home))
        return TRUST_NO_SIZE;
    *out_home = home;
    return TRUST_OK;
}

void trust_home_path(char out_path[TRUST_HOME_PATH_SIZE], const struct trust_home *home,
                     enum trust_home_file file)
{
    const struct place *place = &places[file];
    int size =
        snprintf(out_path, TRUST_HOME_PATH_SIZE, "%s/%s", home->roots[place->root], place->name);
    assert(size > 0);
    assert(size < TRUST_HOME_PATH_SIZE);
}

static enum trust_error make_one(const char *path, mode_t mode)
{
    if (mkdir(path, mode) == 0)
        return TRUST_OK;
    if (errno != EEXIST)
        return trust_file_error(errno);
    struct stat status;
    if (stat(path, &status) != 0)
        return trust_file_error(errno);
    return S_ISDIR(status.st_mode) ? TRUST_OK : TRUST_NO_FILE;
}

/* Makes path and, 0755, what is missing above it. */
static enum trust_error make_directory(const char *path, mode_t mode)
{
    char above[TRUST_HOME_PATH_SIZE];
    size_t size = strlen(path);
    assert(size < sizeof above);
    memcpy(above, path, size + 1);
    for (size_t i = 1; i < size; i++) {
        if (above[i] != '/')
            continue;
        above[i] = '\0';
        enum trust_error error = make_one(above, 0755);
        if (error != TRUST_OK)
            return error;
        above[i] = '/';
    }
    return make_one(path, mode);
}

/* A home of one directory holds the configuration, perhaps with a server's tokens: it stays
 * private. Where state has its own, agents of other users pass through to `withheld`; every other
 * file there has a mode of its own. */
static mode_t mode_of(const struct trust_home *home, const struct place *place)
{
    bool is_one =
        strcmp(home->roots[TRUST_HOME_ROOT_CONFIG], home->roots[TRUST_HOME_ROOT_STATE]) == 0;
    if (place->root == TRUST_HOME_ROOT_RUN)
        return 0755;
    if (is_one || place->name[0] != '\0')
        return 0700;
    return place->root == TRUST_HOME_ROOT_CONFIG ? 0755 : 0711;
}

enum trust_error trust_home_make(const struct trust_home *home)
{
    static const struct place directories[] = {
        {TRUST_HOME_ROOT_CONFIG, ""},     {TRUST_HOME_ROOT_STATE, ""},
        {TRUST_HOME_ROOT_STATE, "/keys"}, {TRUST_HOME_ROOT_STATE, "/store"},
        {TRUST_HOME_ROOT_STATE, "/pins"}, {TRUST_HOME_ROOT_STATE, "/drafts"},
        {TRUST_HOME_ROOT_RUN, ""},
    };
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
        char path[TRUST_HOME_PATH_SIZE + 16];
        (void)snprintf(path, sizeof path, "%s%s", home->roots[directories[i].root],
                       directories[i].name);
        enum trust_error error = make_directory(path, mode_of(home, &directories[i]));
        if (error != TRUST_OK)
            return error;
    }
    return TRUST_OK;
}

static pid_t read_pid(int fd)
{
    char text[16] = {0};
    ssize_t size = pread(fd, text, sizeof text - 1, 0);
    return size > 0 ? (pid_t)strtol(text, NULL, 10) : 0;
}

static enum trust_error write_pid(int fd)
{
    char text[16];
    int size = snprintf(text, sizeof text, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0)
        return trust_file_error(errno);
    ssize_t written = pwrite(fd, text, (size_t)size, 0);
    if (written < 0)
        return trust_file_error(errno);
    return written == size ? TRUST_OK : TRUST_NO_ROOM;
}

enum trust_error trust_home_lock(const struct trust_home *home, int *out_lock, pid_t *out_pid)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, home, TRUST_HOME_LOCK);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return trust_file_error(errno);
    enum trust_error error = TRUST_OK;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        error = errno == EWOULDBLOCK ? TRUST_NO_RUNNING : TRUST_FAIL_SYSTEM;
        *out_pid = read_pid(fd);
    } else {
        error = write_pid(fd);
    }
    if (error != TRUST_OK) {
        (void)close(fd);
        return error;
    }
    *out_lock = fd;
    return TRUST_OK;
}

void trust_home_unlock(int lock)
{
    (void)close(lock);
}
