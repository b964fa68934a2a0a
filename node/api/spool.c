/* See spool.h. */
#include "node/api/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/assert.h"
#include "host/files.h"

enum trust_error spool_open(struct spool *out_spool, const char *directory, uint64_t limit)
{
    int fd = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return trust_file_error(errno);
    *out_spool = (struct spool){.fd = fd, .limit = limit};
    return TRUST_OK;
}

void spool_close(struct spool *spool)
{
    if (spool->map != NULL)
        (void)munmap(spool->map, spool->size);
    if (spool->fd >= 0)
        (void)close(spool->fd);
    spool->map = NULL;
    spool->fd = -1;
}

/* The header's part of a piece; returns what is behind it. */
static struct trust_bytes take_header(struct spool *spool, struct trust_bytes piece)
{
    if (spool->size >= sizeof spool->header)
        return piece;
    size_t missing = sizeof spool->header - spool->size;
    size_t taken = piece.size < missing ? piece.size : missing;
    memcpy(spool->header + spool->size, piece.data, taken);
    return (struct trust_bytes){.data = piece.data + taken, .size = piece.size - taken};
}

enum trust_error spool_add(struct spool *spool, struct trust_bytes piece)
{
    if (piece.size > spool->limit - spool->size)
        return TRUST_NO_SIZE;
    trust_batch_counter_take(&spool->counter, take_header(spool, piece));
    for (size_t done = 0; done < piece.size;) {
        ssize_t written = write(spool->fd, piece.data + done, piece.size - done);
        if (written < 0 && errno != EINTR)
            return trust_file_error(errno);
        done += written < 0 ? 0 : (size_t)written;
    }
    spool->size += piece.size;
    return TRUST_OK;
}

static enum trust_error check_header(const struct spool *spool, const struct trust_network *network)
{
    struct trust_recfile_reader reader;
    struct trust_bytes record;
    struct trust_bytes header = {.data = spool->header, .size = sizeof spool->header};
    trust_recfile_reader_init(&reader, network);
    if (spool->size < sizeof spool->header)
        return TRUST_NO_SYNTAX;
    enum trust_error error = trust_recfile_read(&reader, &record, &header);
    return error == TRUST_NO_FOUND ? TRUST_OK : error;
}

enum trust_error spool_map(struct spool *spool, struct trust_bytes *out_records,
                           const struct trust_network *network)
{
    assert(spool->map == NULL);
    enum trust_error error = check_header(spool, network);
    if (error != TRUST_OK)
        return error;
    if (!trust_batch_counter_is_whole(&spool->counter))
        return TRUST_NO_SYNTAX;
    void *map = mmap(NULL, spool->size, PROT_READ, MAP_SHARED, spool->fd, 0);
    if (map == MAP_FAILED)
        return TRUST_FAIL_MEMORY;
    spool->map = map;
    *out_records = (struct trust_bytes){.data = spool->map + sizeof spool->header,
                                        .size = spool->size - sizeof spool->header};
    return TRUST_OK;
}
