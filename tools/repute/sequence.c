/* See sequence.h. */
#include "repute/sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/line.h"
#include "host/files.h"

uint64_t sequence_next(uint64_t last, uint64_t now_ms)
{
    return now_ms > last ? now_ms : last + 1;
}

/* The lock stands beside the number, which is replaced by a rename and so cannot carry it. */
static enum trust_error lock(struct context *context, int *out_fd)
{
    char path[TRUST_HOME_PATH_SIZE];
    char name[TRUST_HOME_PATH_SIZE + 8];
    trust_home_path(path, &context->home, TRUST_HOME_OPERATOR_SEQ);
    (void)snprintf(name, sizeof name, "%s.lock", path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        int cause = errno;
        if (fd >= 0)
            (void)close(fd);
        return context_refuse(context, trust_file_error(cause), "check its owner and mode",
                              "%s: %s", name, strerror(cause));
    }
    *out_fd = fd;
    return TRUST_OK;
}

static enum trust_error read_last(struct context *context, uint64_t *out_last, const char *path)
{
    char text[32];
    size_t size = 0;
    enum trust_error error = trust_file_read(path, text, &size, sizeof text);
    if (error == TRUST_NO_FOUND) {
        *out_last = 0;
        return TRUST_OK;
    }
    if (error != TRUST_OK)
        return context_refuse(context, error, "check its owner and mode", "%s: %s", path,
                              trust_error_text(error));
    bool has_end = size > 0 && text[size - 1] == '\n';
    struct trust_reader reader = trust_reader_init(
        (struct trust_bytes){.data = (const uint8_t *)text, .size = has_end ? size - 1 : size});
    uint64_t last = trust_line_take_number(&reader);
    if (!has_end || !trust_reader_is_done(&reader) || last > TRUST_DATE_S_MAX * 1000)
        return context_refuse(context, TRUST_NO_SYNTAX,
                              "write the greatest seq of your records into it, or remove it",
                              "%s does not hold the last seq that was signed", path);
    *out_last = last;
    return TRUST_OK;
}

enum trust_error sequence_check_clock(struct context *context, uint64_t node_s)
{
    char own[TRUST_DATE_SIZE];
    char other[TRUST_DATE_SIZE];
    uint64_t own_s = context_now_ms() / 1000;
    uint64_t apart_s = own_s > node_s ? own_s - node_s : node_s - own_s;
    if (apart_s <= TRUST_SKEW_S)
        return TRUST_OK;
    trust_date_encode(own, own_s);
    trust_date_encode(other, node_s);
    return context_refuse(context, TRUST_NO_TIME, "correct the clock that is wrong, and try again",
                          "it is %s here and %s at the node: nothing was numbered or signed", own,
                          other);
}

static enum trust_error refuse_ahead(struct context *context, const char *path, uint64_t last)
{
    char date[TRUST_DATE_SIZE];
    trust_date_encode(date, last / 1000);
    return context_refuse(
        context, TRUST_NO_TIME,
        "correct the clock; if it was wrong before and no node took a record of that time, write "
        "the greatest seq of your records (`repute export` shows them) into that file, or remove "
        "it if there are none",
        "%s says that the last record was signed at %s, which is ahead of this clock", path, date);
}

static enum trust_error take_locked(struct context *context, uint64_t *out_first, uint64_t count)
{
    char path[TRUST_HOME_PATH_SIZE];
    char text[32];
    uint64_t last = 0;
    trust_home_path(path, &context->home, TRUST_HOME_OPERATOR_SEQ);
    enum trust_error error = read_last(context, &last, path);
    if (error != TRUST_OK)
        return error;
    uint64_t now_ms = context_now_ms();
    uint64_t first = sequence_next(last, now_ms);
    if (first / 1000 > now_ms / 1000 + TRUST_SKEW_S)
        return refuse_ahead(context, path, last);
    (void)snprintf(text, sizeof text, "%" PRIu64 "\n", first + count - 1);
    error = trust_file_write(path, trust_bytes_text(text), 0600);
    if (error != TRUST_OK)
        return context_refuse(context, error, "make room, or check the directory's owner", "%s: %s",
                              path, trust_error_text(error));
    *out_first = first;
    return TRUST_OK;
}

enum trust_error sequence_take(struct context *context, uint64_t *out_first, uint64_t count)
{
    int fd = -1;
    enum trust_error error = lock(context, &fd);
    if (error != TRUST_OK)
        return error;
    error = take_locked(context, out_first, count);
    (void)close(fd);
    return error;
}

enum trust_error sequence_last(struct context *context, uint64_t *out_last)
{
    char path[TRUST_HOME_PATH_SIZE];
    trust_home_path(path, &context->home, TRUST_HOME_OPERATOR_SEQ);
    return read_last(context, out_last, path);
}
