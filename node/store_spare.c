/* See store_spare.h. */
#include "node/store_spare.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"

struct store_spare store_spare_open(const char *directory)
{
    char path[PATH_MAX];
    struct store_spare spare = {.fd = -1};
    int size = snprintf(path, sizeof path, "%s/spare", directory);
    if (size > 0 && (size_t)size < sizeof path)
        spare.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    store_spare_hold(&spare);
    return spare;
}

void store_spare_close(struct store_spare *spare)
{
    if (spare->fd >= 0)
        (void)close(spare->fd);
    spare->fd = -1;
}

void store_spare_hold(struct store_spare *spare)
{
    if (spare->fd < 0 || spare->is_held)
        return;
    spare->is_held = posix_fallocate(spare->fd, 0, TRUST_STORE_SPARE_SIZE) == 0;
    /* A part of it would be room that neither erasing nor storing has. */
    if (!spare->is_held)
        store_spare_let_go(spare);
}

void store_spare_let_go(struct store_spare *spare)
{
    if (spare->fd < 0)
        return;
    spare->is_held = false;
    /* If even that fails, erasing fails as it would have without. */
    int kept = ftruncate(spare->fd, 0);
    (void)kept;
}
