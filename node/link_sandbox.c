/* See link_sandbox.h. */
#include "node/link_sandbox.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define ADDRESS_SIZE_MAX ((rlim_t)1 << 30)
#define DESCRIPTORS_MAX 1024
#define RESIDENT_SIZE_MAX (48L << 20)

static void limit(int resource, rlim_t value)
{
    const struct rlimit bound = {.rlim_cur = value, .rlim_max = value};
    /* Lowering one's own limit cannot be refused; where it was lower already it stays lower. */
    (void)setrlimit((__rlimit_resource_t)resource, &bound);
}

uint8_t link_sandbox_enter(void)
{
    limit(RLIMIT_AS, ADDRESS_SIZE_MAX);
    limit(RLIMIT_NOFILE, DESCRIPTORS_MAX);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return 0;
}

bool link_sandbox_is_too_large(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss * 1024 > RESIDENT_SIZE_MAX;
}
