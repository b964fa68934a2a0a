/* See socket.h. */
#include "node/api/socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/files.h"

/* Clients that connect without blocking fail at once when the queue is full. */
#define BACKLOG SOMAXCONN

static enum trust_error remove_stale(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return errno == ENOENT ? TRUST_OK : trust_file_error(errno);
    if (!S_ISSOCK(status.st_mode))
        return TRUST_NO_CONFLICT;
    return unlink(path) == 0 ? TRUST_OK : trust_file_error(errno);
}

/* The mode is set before the name exists, so that there is no moment with a wider one; again
 * afterwards, since the umask may have narrowed it. */
static enum trust_error bind_there(int fd, const struct sockaddr_un *address, mode_t mode)
{
    if (fchmod(fd, mode) != 0)
        return TRUST_FAIL_SYSTEM;
    if (bind(fd, (const struct sockaddr *)address, sizeof *address) != 0)
        return trust_file_error(errno);
    if (chmod(address->sun_path, mode) != 0)
        return trust_file_error(errno);
    return listen(fd, BACKLOG) == 0 ? TRUST_OK : TRUST_FAIL_SYSTEM;
}

enum trust_error socket_listen(int *out_fd, const char *path, mode_t mode)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t size = strlen(path);
    if (size >= sizeof address.sun_path)
        return TRUST_NO_SIZE;
    memcpy(address.sun_path, path, size + 1);
    enum trust_error error = remove_stale(path);
    if (error != TRUST_OK)
        return error;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return TRUST_FAIL_SYSTEM;
    error = bind_there(fd, &address, mode);
    if (error != TRUST_OK) {
        (void)close(fd);
        return error;
    }
    *out_fd = fd;
    return TRUST_OK;
}

bool socket_peer(int fd, uint32_t *out_uid)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0)
        return false;
    *out_uid = credentials.uid;
    return true;
}
