/* What the link may not do any more, tried in children; and the watchdog's measure. */
#include "node/link_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/link_calls.h"

/* Runs in a confined child; what it returns is the child's exit code. */
typedef int attempting(void);

/* The child's wait status. */
static int confined(attempting *attempt)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct link_sandbox sandbox;
        link_sandbox_prepare(&sandbox);
        link_sandbox_enter(&sandbox);
        _exit(attempt());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

/* Bits of what this kernel and this build grant. */
static uint8_t granted(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct link_sandbox sandbox;
        link_sandbox_prepare(&sandbox);
        link_sandbox_enter(&sandbox);
        _exit(write(ends[1], &sandbox.held, 1) == 1 ? 0 : 1);
    }
    int status = 0;
    uint8_t held = 0;
    assert_int_equal(read(ends[0], &held, 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    close(ends[0]);
    close(ends[1]);
    return held;
}

static int run_program(void)
{
    static char name[] = "true";
    char *const arguments[] = {name, NULL};
    return execv("/bin/true", arguments);
}

static int open_packets(void)
{
    return socket(AF_PACKET, SOCK_RAW, 0);
}

static int fork_again(void)
{
    return fork() >= 0;
}

static int make_executable_memory(void)
{
    void *memory = mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED;
}

static int kill_parent(void)
{
    return kill(getppid(), SIGUSR1);
}

static int write_file(void)
{
    return open("/tmp/link_sandbox.file", O_WRONLY | O_CREAT, 0600);
}

static void what_a_link_does_not_do_kills_it(void **state)
{
    (void)state;
    static attempting *const attempts[] = {run_program, open_packets,           fork_again,
                                           kill_parent, make_executable_memory, write_file};
    if ((granted() & LINK_SANDBOX_SECCOMP) == 0) {
        print_message("# no seccomp here: nothing to see\n");
        return;
    }
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        int status = confined(attempts[i]);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
            fail_msg("attempt %zu ended with %#x", i, (unsigned)status);
    }
}

static int read_secret(void)
{
    int fd = open(getenv("LINK_SANDBOX_FILE"), O_RDONLY);
    return fd >= 0 ? 100 : errno;
}

static void our_own_files_are_not_readable(void **state)
{
    (void)state;
    char path[] = "/tmp/link_sandbox.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(setenv("LINK_SANDBOX_FILE", path, 1), 0);
    if ((granted() & LINK_SANDBOX_LANDLOCK) == 0) {
        print_message("# no Landlock here: nothing to see\n");
        return;
    }
    int status = confined(read_secret);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EACCES);
    close(fd);
    unlink(path);
}

static int resolve(void)
{
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    if (getaddrinfo("localhost", "80", &hints, &found) != 0)
        return 1;
    freeaddrinfo(found);
    return 0;
}

static int use_memory(void)
{
    for (size_t size = 100; size < (8u << 20); size *= 3) {
        uint8_t *bytes = malloc(size);
        if (bytes == NULL)
            return 1;
        memset(bytes, 1, size);
        bytes = realloc(bytes, size * 2);
        free(bytes);
    }
    return 0;
}

static int open_socket(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0 ? 0 : 1;
}

static void what_a_link_does_still_works(void **state)
{
    (void)state;
    static attempting *const attempts[] = {resolve, use_memory, open_socket};
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        int status = confined(attempts[i]);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail_msg("attempt %zu ended with %#x", i, (unsigned)status);
    }
}

/* 1: not large at first; 2: large with 64 MiB; 4: not large without them. */
static int grow_and_shrink(void)
{
    struct link_sandbox sandbox;
    const size_t size = 64u << 20;
    link_sandbox_prepare(&sandbox);
    int seen = link_sandbox_is_too_large(&sandbox) ? 0 : 1;
    uint8_t *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        return 0;
    memset(bytes, 1, size);
    seen |= link_sandbox_is_too_large(&sandbox) ? 2 : 0;
    munmap(bytes, size);
    return seen | (link_sandbox_is_too_large(&sandbox) ? 0 : 4);
}

static void the_watchdog_sees_what_is_resident_now_not_what_once_was(void **state)
{
    (void)state;
    if (!LINK_CALLS_ARE_KNOWN) {
        print_message("# a sanitizer keeps memory of its own: nothing to see\n");
        return;
    }
    pid_t child = fork();
    if (child == 0)
        _exit(grow_and_shrink());
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_link_does_not_do_kills_it),
        cmocka_unit_test(our_own_files_are_not_readable),
        cmocka_unit_test(what_a_link_does_still_works),
        cmocka_unit_test(the_watchdog_sees_what_is_resident_now_not_what_once_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
