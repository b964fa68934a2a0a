/* See link_sandbox.h. */
#include "node/link_sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "node/link_calls.h"

#define ADDRESS_SIZE_MAX ((rlim_t)1 << 30)
#define DESCRIPTORS_MAX 1024
#define RESIDENT_SIZE_MAX (UINT64_C(48) << 20)

/* ---- files ---- */

/* What resolving a name reads: the resolver's configuration and its modules. Directories, since
 * files such as resolv.conf are replaced when the machine changes networks. */
static const char *const readable[] = {
    "/etc", "/run/systemd/resolve", "/run/NetworkManager", "/run/resolvconf", "/lib", "/usr/lib",
};

/* Rights to files that kernels of each version can withhold. */
static uint64_t rights_of(long version)
{
    const uint64_t first = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    return version >= 2 ? first | LANDLOCK_ACCESS_FS_REFER : first;
}

static void allow_reading(int rules, const char *path)
{
    const uint64_t rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    const struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = fd};
    /* A rule that is not taken allows less, not more. */
    (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    (void)close(fd);
}

static bool hold_files(void)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;
    const struct landlock_ruleset_attr attributes = {.handled_access_fs = rights_of(version)};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0)
        return false;
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
        allow_reading(rules, readable[i]);
    bool is_held = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    (void)close(rules);
    return is_held;
}

/* ---- limits ---- */

static void limit(int resource, rlim_t value)
{
    const struct rlimit bound = {.rlim_cur = value, .rlim_max = value};
    /* Lowering one's own limit cannot be refused; where it was lower already it stays lower. */
    (void)setrlimit((__rlimit_resource_t)resource, &bound);
}

/* Pages of the whole address space and of what is resident; false: not known. */
static bool read_pages(int fd, uint64_t *out_whole, uint64_t *out_resident)
{
    char text[128];
    ssize_t size = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
    if (size <= 0)
        return false;
    text[size] = '\0';
    char *end = NULL;
    *out_whole = strtoull(text, &end, 10);
    *out_resident = strtoull(end, NULL, 10);
    return true;
}

static uint64_t page_size(void)
{
    long size = sysconf(_SC_PAGESIZE);
    return size < 0 ? 4096 : (uint64_t)size;
}

void link_sandbox_prepare(struct link_sandbox *out_sandbox)
{
    *out_sandbox =
        (struct link_sandbox){.resident_fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)};
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (hold_files())
        out_sandbox->held |= LINK_SANDBOX_LANDLOCK;
}

void link_sandbox_enter(struct link_sandbox *sandbox)
{
    uint64_t whole = 0;
    uint64_t resident = 0;
    bool is_known = read_pages(sandbox->resident_fd, &whole, &resident);
    /* A sanitizer's shadow is larger than any bound of ours. */
    if (is_known && whole * page_size() < ADDRESS_SIZE_MAX)
        limit(RLIMIT_AS, ADDRESS_SIZE_MAX);
    limit(RLIMIT_NOFILE, DESCRIPTORS_MAX);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    if (LINK_CALLS_ARE_KNOWN && link_calls_hold())
        sandbox->held |= LINK_SANDBOX_SECCOMP;
}

bool link_sandbox_is_too_large(const struct link_sandbox *sandbox)
{
    uint64_t whole = 0;
    uint64_t resident = 0;
    return read_pages(sandbox->resident_fd, &whole, &resident) &&
           resident * page_size() > RESIDENT_SIZE_MAX;
}
