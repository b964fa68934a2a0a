/* A new thread inherits the mask of its maker: so the maker blocks everything for that moment. */
#include "node/thread.h"

#include <signal.h>
#include <stddef.h>

#include "base/assert.h"

enum trust_error thread_start(pthread_t *out_thread, const char *name, void *(*run)(void *context),
                              void *context)
{
    sigset_t all;
    sigset_t before;
    int failed = sigfillset(&all);
    failed |= pthread_sigmask(SIG_SETMASK, &all, &before);
    assert(failed == 0);
    pthread_t thread;
    int refused = pthread_create(&thread, NULL, run, context);
    failed = pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert(failed == 0);
    if (refused != 0)
        return TRUST_FAIL_SYSTEM;
    (void)pthread_setname_np(thread, name);
    *out_thread = thread;
    return TRUST_OK;
}

void thread_join(pthread_t thread)
{
    int failed = pthread_join(thread, NULL);
    assert(failed == 0);
}
