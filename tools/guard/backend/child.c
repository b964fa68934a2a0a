/* See child.h. */
#include "guard/backend/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/assert.h"

#define TOLD_FD 3
#define NEVER_MS UINT64_MAX

/* Ends of the pipes: ours and the child's. */
struct streams {
    int input[2];
    int output[2];
    int error[2];
    int told[2]; /* why the program could not be executed */
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

static void close_streams(struct streams *streams)
{
    int *all[] = {streams->input, streams->output, streams->error, streams->told};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        close_fd(&all[i][0]);
        close_fd(&all[i][1]);
    }
}

static bool open_streams(struct streams *streams)
{
    *streams = (struct streams){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    bool is_open = pipe2(streams->input, O_CLOEXEC) == 0 &&
                   pipe2(streams->output, O_CLOEXEC) == 0 &&
                   pipe2(streams->error, O_CLOEXEC) == 0 && pipe2(streams->told, O_CLOEXEC) == 0;
    if (!is_open)
        close_streams(streams);
    return is_open;
}

/* ---- environment and words ---- */

static bool is_of(const char *entry, const char *name)
{
    size_t size = strlen(name);
    return strncmp(entry, name, size) == 0 && entry[size] == '=';
}

static bool is_replaced(const struct child_command *command, const char *entry)
{
    for (size_t i = 0; i < command->variable_count; i++) {
        if (is_of(entry, command->variables[i].name))
            return true;
    }
    return false;
}

static char *join_pair(const struct child_pair *pair)
{
    size_t size = strlen(pair->name) + strlen(pair->value) + 2;
    char *entry = malloc(size);
    if (entry != NULL)
        (void)snprintf(entry, size, "%s=%s", pair->name, pair->value);
    return entry;
}

static void free_environment(char **environment, size_t own_count)
{
    for (size_t i = 0; environment != NULL && i < own_count; i++)
        free(environment[i]);
    free(environment);
}

/* The command's own variables first, then what it does not replace of ours; NULL: no memory. */
static char **make_environment(const struct child_command *command)
{
    size_t count = 0;
    while (environ[count] != NULL)
        count++;
    char **made = calloc(command->variable_count + count + 1, sizeof *made);
    if (made == NULL)
        return NULL;
    size_t used = 0;
    for (; used < command->variable_count; used++) {
        made[used] = join_pair(&command->variables[used]);
        if (made[used] == NULL) {
            free_environment(made, used);
            return NULL;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_replaced(command, environ[i]))
            made[used++] = environ[i];
    }
    return made;
}

/* posix_spawn takes pointers to what may be changed, and changes nothing. */
static void put_word(char **at, const char *word)
{
    memcpy(at, &word, sizeof word);
}

/* launcher --launch PARENT PROGRAM ARGUMENT...; NULL: no memory. number is room for PARENT. */
static char **make_words(const struct child_command *command, char number[16])
{
    char **words = calloc(command->argument_count + 5, sizeof *words);
    if (words == NULL)
        return NULL;
    (void)snprintf(number, 16, "%ld", (long)getpid());
    put_word(&words[0], command->launcher);
    put_word(&words[1], CHILD_LAUNCH);
    words[2] = number;
    put_word(&words[3], command->program);
    for (size_t i = 0; i < command->argument_count; i++)
        put_word(&words[4 + i], command->arguments[i]);
    return words;
}

/* ---- starting ---- */

static bool set_actions(posix_spawn_file_actions_t *actions, const struct streams *streams,
                        const char *folder)
{
    return posix_spawn_file_actions_adddup2(actions, streams->input[0], STDIN_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, streams->output[1], STDOUT_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, streams->error[1], STDERR_FILENO) == 0 &&
           posix_spawn_file_actions_adddup2(actions, streams->told[1], TOLD_FD) == 0 &&
           (folder == NULL || posix_spawn_file_actions_addchdir_np(actions, folder) == 0);
}

/* A group of its own, and no signal blocked or ignored that the guard blocks or ignores. */
static bool set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t usual;
    (void)sigemptyset(&none);
    (void)sigemptyset(&usual);
    (void)sigaddset(&usual, SIGPIPE);
    return posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                    POSIX_SPAWN_SETSIGDEF) == 0 &&
           posix_spawnattr_setpgroup(attributes, 0) == 0 &&
           posix_spawnattr_setsigmask(attributes, &none) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &usual) == 0;
}

/* A number of errno. */
static int spawn(pid_t *out_pid, const struct child_command *command, const struct streams *streams)
{
    char number[16];
    char **words = make_words(command, number);
    char **environment = make_environment(command);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = words == NULL || environment == NULL ? ENOMEM : 0;
    if (failed == 0)
        failed = posix_spawn_file_actions_init(&actions);
    if (failed == 0) {
        failed = posix_spawnattr_init(&attributes);
        if (failed == 0) {
            if (!set_actions(&actions, streams, command->folder) || !set_attributes(&attributes))
                failed = ENOMEM;
            else
                failed = posix_spawn(out_pid, command->launcher, &actions, &attributes, words,
                                     environment);
            (void)posix_spawnattr_destroy(&attributes);
        }
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    free_environment(environment, command->variable_count);
    free(words);
    return failed;
}

/* Waits until the program runs, or the launcher said why it does not: microseconds. */
static int await_execution(int told_fd)
{
    uint8_t code = 0;
    ssize_t size = 0;
    do {
        size = read(told_fd, &code, sizeof code);
    } while (size < 0 && errno == EINTR);
    return size == (ssize_t)sizeof code ? code : 0;
}

static enum trust_error error_of(int code)
{
    if (code == ENOENT || code == ENOTDIR)
        return TRUST_NO_FOUND;
    return code == EACCES || code == EPERM || code == ENOEXEC ? TRUST_NO_PERMISSION
                                                              : TRUST_FAIL_SYSTEM;
}

static void reap(pid_t pid, struct child_end *out_end)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    *out_end = WIFSIGNALED(status) ? (struct child_end){.signal = WTERMSIG(status)}
                                   : (struct child_end){.code = WEXITSTATUS(status)};
}

static bool set_nonblocking(int fd)
{
    return fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

void child_init(struct child *child)
{
    *child = (struct child){.exit_fd = -1, .input_fd = -1, .output_fd = -1, .error_fd = -1};
}

/* The program runs: what is ours of the streams becomes the child's. */
static bool adopt(struct child *child, struct streams *streams, pid_t pid)
{
    int exit_fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (exit_fd < 0 || !set_nonblocking(streams->input[1]) ||
        !set_nonblocking(streams->output[0]) || !set_nonblocking(streams->error[0])) {
        close_fd(&exit_fd);
        return false;
    }
    child_init(child);
    child->state = CHILD_RUNNING;
    child->pid = pid;
    child->exit_fd = exit_fd;
    child->input_fd = streams->input[1];
    child->output_fd = streams->output[0];
    child->error_fd = streams->error[0];
    child->due.ms = NEVER_MS;
    streams->input[1] = -1;
    streams->output[0] = -1;
    streams->error[0] = -1;
    return true;
}

enum trust_error child_start(struct child *child, const struct child_command *command)
{
    assert(child->state == CHILD_NONE);
    struct streams streams;
    pid_t pid = 0;
    if (!open_streams(&streams))
        return TRUST_FAIL_SYSTEM;
    int code = spawn(&pid, command, &streams);
    bool is_spawned = code == 0;
    close_fd(&streams.told[1]);
    if (is_spawned)
        code = await_execution(streams.told[0]);
    if (code == 0 && !adopt(child, &streams, pid))
        code = errno == 0 ? EMFILE : errno;
    close_streams(&streams);
    if (code == 0)
        return TRUST_OK;
    if (is_spawned) {
        struct child_end end;
        (void)kill(-pid, SIGKILL);
        reap(pid, &end);
    }
    return error_of(code);
}

/* ---- what it says ---- */

static void keep_said(struct child *child, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        child->said[child->said_end] = bytes[i];
        child->said_end = (child->said_end + 1) % CHILD_STDERR_SIZE;
    }
    child->said_size += size;
    if (child->said_size > CHILD_STDERR_SIZE)
        child->said_size = CHILD_STDERR_SIZE;
}

bool child_listen(struct child *child)
{
    uint8_t bytes[4096];
    while (child->error_fd >= 0) {
        ssize_t size = read(child->error_fd, bytes, sizeof bytes);
        if (size > 0) {
            keep_said(child, bytes, (size_t)size);
        } else if (size < 0 && errno == EINTR) {
            continue;
        } else if (size < 0 && errno == EAGAIN) {
            return true;
        } else {
            close_fd(&child->error_fd);
        }
    }
    return false;
}

size_t child_said(const struct child *child, uint8_t *out_text, size_t room)
{
    size_t size = child->said_size < room ? child->said_size : room;
    for (size_t i = 0; i < size; i++)
        out_text[i] =
            child->said[(child->said_end + CHILD_STDERR_SIZE - size + i) % CHILD_STDERR_SIZE];
    return size;
}

/* ---- ending ---- */

void child_leave(struct child *child, struct trust_mono now)
{
    if (child->state != CHILD_RUNNING)
        return;
    close_fd(&child->input_fd);
    child->state = CHILD_LEAVING;
    child->due.ms = now.ms + CHILD_PATIENCE_MS;
}

void child_time(struct child *child, struct trust_mono now)
{
    if (child->state == CHILD_NONE || now.ms < child->due.ms)
        return;
    if (child->state == CHILD_LEAVING) {
        (void)kill(-child->pid, SIGTERM);
        child->state = CHILD_TERMED;
        child->due.ms = now.ms + CHILD_PATIENCE_MS;
    } else if (child->state == CHILD_TERMED) {
        (void)kill(-child->pid, SIGKILL);
        child->state = CHILD_KILLED;
        child->due.ms = NEVER_MS;
    }
}

struct trust_mono child_deadline(const struct child *child)
{
    return child->state == CHILD_NONE ? (struct trust_mono){.ms = NEVER_MS} : child->due;
}

static bool has_ended(const struct child *child)
{
    struct pollfd item = {.fd = child->exit_fd, .events = POLLIN};
    return poll(&item, 1, 0) == 1;
}

/* It has ended, or does at once: the group first, while the zombie keeps its number. */
static void bury(struct child *child, struct child_end *out_end)
{
    (void)kill(-child->pid, SIGKILL);
    reap(child->pid, out_end);
    (void)child_listen(child);
    close_fd(&child->input_fd);
    close_fd(&child->output_fd);
    close_fd(&child->error_fd);
    close_fd(&child->exit_fd);
    child->state = CHILD_NONE;
    child->pid = 0;
}

bool child_reap(struct child *child, struct child_end *out_end)
{
    if (child->state == CHILD_NONE || !has_ended(child))
        return false;
    bury(child, out_end);
    return true;
}

void child_kill(struct child *child)
{
    struct child_end end;
    if (child->state != CHILD_NONE)
        bury(child, &end);
}
