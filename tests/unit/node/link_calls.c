/* node/link_calls: which system calls a child may still make once the list is in force. */
#include "node/link_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define IS_HELD 77

/* A call with arguments that do no harm where it is let through. */
struct call {
    const char *name;
    long number;
    long arguments[6];
};

#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

static const struct call allowed[] = {
    {"read", SYS_read, {-1}},
    {"write", SYS_write, {-1}},
    {"recvmsg", SYS_recvmsg, {-1}},
    {"sendmsg", SYS_sendmsg, {-1}},
    {"close", SYS_close, {-1}},
    {"connect", SYS_connect, {-1}},
    {"bind", SYS_bind, {-1}},
    {"accept4", SYS_accept4, {-1}},
    {"setsockopt", SYS_setsockopt, {-1}},
    {"epoll_wait", SYS_epoll_wait, {-1}},
    {"eventfd2", SYS_eventfd2, {0}},
    {"getrandom", SYS_getrandom, {0}},
    {"clock_gettime", SYS_clock_gettime, {0}},
    {"madvise", SYS_madvise, {0}},
    {"socket of IPv4", SYS_socket, {AF_INET, SOCK_STREAM}},
    {"socket of IPv6", SYS_socket, {AF_INET6, SOCK_STREAM}},
    {"socket of this host", SYS_socket, {AF_UNIX, SOCK_STREAM}},
    {"socket of addresses", SYS_socket, {AF_NETLINK, SOCK_RAW}},
    {"ioctl FIONREAD", SYS_ioctl, {-1, FIONREAD}},
    {"ioctl FIONBIO", SYS_ioctl, {-1, FIONBIO}},
    {"prctl of a name", SYS_prctl, {PR_SET_NAME, (long)"x"}},
    {"openat to read", SYS_openat, {AT_FDCWD, 0, O_RDONLY | O_CLOEXEC}},
    {"mmap to read and write", SYS_mmap, {0, 4096, PROT_READ | PROT_WRITE, PRIVATE, -1}},
    {"mmap to run", SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, PRIVATE, -1}},
    {"mprotect to write", SYS_mprotect, {0, 0, PROT_READ | PROT_WRITE}},
    {"mprotect to run", SYS_mprotect, {0, 0, PROT_READ | PROT_EXEC}},
};

static const struct call killing[] = {
    {"execve", SYS_execve, {0}},
    {"clone of a thread", SYS_clone, {-1}},
    {"clone3", SYS_clone3, {0}},
    {"kill", SYS_kill, {0, 0}},
    {"ptrace", SYS_ptrace, {-1, -1}},
    {"process_vm_readv", SYS_process_vm_readv, {-1}},
    {"pidfd_open", SYS_pidfd_open, {-1}},
    {"bpf", SYS_bpf, {-1}},
    {"io_uring_setup", SYS_io_uring_setup, {0}},
    {"userfaultfd", SYS_userfaultfd, {-1}},
    {"memfd_create", SYS_memfd_create, {0}},
    {"listen", SYS_listen, {-1}},
    {"unlinkat", SYS_unlinkat, {-1}},
    {"renameat2", SYS_renameat2, {-1}},
    {"mkdirat", SYS_mkdirat, {-1}},
    {"fchmod", SYS_fchmod, {-1}},
    {"setuid", SYS_setuid, {-1}},
    {"mount", SYS_mount, {0}},
    {"setns", SYS_setns, {-1}},
    {"prlimit64", SYS_prlimit64, {-1}},
    {"seccomp", SYS_seccomp, {-1}},
    {"socket of packets", SYS_socket, {AF_PACKET, SOCK_RAW}},
    {"socket of a host's VM", SYS_socket, {AF_VSOCK, SOCK_STREAM}},
    {"ioctl TIOCSTI", SYS_ioctl, {-1, TIOCSTI}},
    {"prctl PR_SET_DUMPABLE", SYS_prctl, {PR_SET_DUMPABLE, -1}},
    {"prctl PR_SET_SECCOMP", SYS_prctl, {PR_SET_SECCOMP, -1}},
    {"openat to write", SYS_openat, {AT_FDCWD, 0, O_WRONLY}},
    {"openat to read and write", SYS_openat, {AT_FDCWD, 0, O_RDWR}},
    {"openat that makes", SYS_openat, {AT_FDCWD, 0, O_RDONLY | O_CREAT}},
    {"openat that empties", SYS_openat, {AT_FDCWD, 0, O_RDONLY | O_TRUNC}},
    {"mmap to write and run", SYS_mmap, {0, 4096, PROT_WRITE | PROT_EXEC, PRIVATE, -1}},
    {"mprotect to write and run", SYS_mprotect, {0, 0, PROT_WRITE | PROT_EXEC}},
};

static void make(const struct call *call)
{
    const long *arguments = call->arguments;
    (void)syscall(call->number, arguments[0], arguments[1], arguments[2], arguments[3],
                  arguments[4], arguments[5]);
}

static int wait_for(pid_t child)
{
    int status = 0;
    assert_true(child >= 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

/* The wait status of a child that makes the call with the list in force. */
static int try(const struct call *call)
{
    pid_t child = fork();
    if (child == 0) {
        if (!link_calls_hold())
            _exit(1);
        make(call);
        _exit(IS_HELD);
    }
    return wait_for(child);
}

/* A sanitizer's own calls are not on the list, and a kernel may have no seccomp. */
static bool is_there(void)
{
    static const struct call nothing = {"getpid", SYS_getpid, {0}};
    int status = LINK_CALLS_ARE_KNOWN ? try(&nothing) : 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == IS_HELD)
        return true;
    print_message("# no list of calls here: nothing to see\n");
    return false;
}

static void what_a_link_needs_is_let_through(void **state)
{
    (void)state;
    if (!is_there())
        return;
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        int status = try(&allowed[i]);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != IS_HELD)
            fail_msg("%s ended with %#x", allowed[i].name, (unsigned)status);
    }
}

static void any_other_call_kills_the_process(void **state)
{
    (void)state;
    if (!is_there())
        return;
    for (size_t i = 0; i < sizeof killing / sizeof killing[0]; i++) {
        int status = try(&killing[i]);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
            fail_msg("%s ended with %#x", killing[i].name, (unsigned)status);
    }
}

static pthread_barrier_t held;

static void *call_later(void *unused)
{
    static const struct call forbidden = {"kill", SYS_kill, {0, 0}};
    (void)pthread_barrier_wait(&held);
    make(&forbidden);
    return unused;
}

static void threads_that_ran_before_are_bound_too(void **state)
{
    (void)state;
    if (!is_there())
        return;
    pid_t child = fork();
    if (child == 0) {
        pthread_t thread;
        if (pthread_barrier_init(&held, NULL, 2) != 0 ||
            pthread_create(&thread, NULL, call_later, NULL) != 0 || !link_calls_hold())
            _exit(1);
        (void)pthread_barrier_wait(&held);
        (void)pthread_join(thread, NULL);
        _exit(IS_HELD);
    }
    int status = wait_for(child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_link_needs_is_let_through),
        cmocka_unit_test(any_other_call_kills_the_process),
        cmocka_unit_test(threads_that_ran_before_are_bound_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
