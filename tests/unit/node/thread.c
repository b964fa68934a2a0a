/* node/thread: signals stay with the thread that reads them. */
#include "node/thread.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct seen {
    int blocked; /* of the signals asked for */
    int count;
};

static const int asked[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGPIPE, SIGXFSZ, SIGUSR1};

static void *look(void *context)
{
    struct seen *seen = context;
    sigset_t mask;
    if (pthread_sigmask(SIG_SETMASK, NULL, &mask) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        seen->blocked += sigismember(&mask, asked[i]) == 1;
        seen->count++;
    }
    return NULL;
}

static void a_thread_takes_no_signal_and_its_maker_keeps_its_own(void **state)
{
    (void)state;
    struct seen seen = {0};
    sigset_t before;
    sigset_t after;
    pthread_t thread;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &before), 0);
    assert_int_equal(thread_start(&thread, "test", look, &seen), TRUST_OK);
    thread_join(thread);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &after), 0);
    assert_int_equal(seen.count, 7);
    assert_int_equal(seen.blocked, 7);
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
        assert_int_equal(sigismember(&after, asked[i]), sigismember(&before, asked[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_takes_no_signal_and_its_maker_keeps_its_own),
    };
    return cmocka_run_group_tests_name("node/thread", tests, NULL, NULL);
}
