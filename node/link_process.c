/*
 * See link_process.h. One thread and one poll over everything; libzmq's own I/O thread beside it.
 * When the core is behind, nothing is read from peers: their messages wait in bounded queues and in
 * the kernel, and what a peer sends beyond that is its own loss.
 */
#include "node/link_process.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <zmq.h>

#include "node/clock.h"
#include "node/link_inside.h"
#include "node/link_sandbox.h"
#include "node/link_zap.h"

#define POLL_MS 250

int link_process_fd(int argc, char **argv)
{
    if (argc != 3 || strcmp(argv[1], "--link-process") != 0)
        return -1;
    char *end = NULL;
    long fd = strtol(argv[2], &end, 10);
    return *end == '\0' && fd > 2 && fd < 1 << 20 ? (int)fd : -1;
}

static int fill_items(const struct link_process *process, zmq_pollitem_t *items)
{
    int count = 0;
    items[count++] = (zmq_pollitem_t){
        .fd = process->fd, .events = link_told_is_behind(process) ? ZMQ_POLLOUT : ZMQ_POLLIN};
    if (link_told_is_behind(process))
        return count;
    items[count++] = (zmq_pollitem_t){.socket = process->zap, .events = ZMQ_POLLIN};
    if (process->lines.router != NULL)
        items[count++] = (zmq_pollitem_t){.socket = process->lines.router, .events = ZMQ_POLLIN};
    for (int i = 0; i < LINK_LINES_MAX; i++) {
        const struct link_line *line = &process->lines.lines[i];
        if (!line->is_used || line->dealer == NULL)
            continue;
        items[count++] = (zmq_pollitem_t){.socket = line->dealer, .events = ZMQ_POLLIN};
        items[count++] = (zmq_pollitem_t){.socket = line->monitor, .events = ZMQ_POLLIN};
    }
    return count;
}

static void turn(struct link_process *process)
{
    zmq_pollitem_t items[3 + 2 * LINK_LINES_MAX];
    int count = fill_items(process, items);
    if (zmq_poll(items, count, POLL_MS) < 0 && zmq_errno() != EINTR) {
        process->is_over = true;
        return;
    }
    process->now_ms = clock_now().mono.ms;
    link_told_flush(process);
    if (!link_told_is_behind(process))
        link_reading_answer_zap(process);
    link_orders_read(process);
    for (int i = 0;
         i < LINK_BATCH && process->lines.router != NULL && !link_told_is_behind(process); i++) {
        if (!link_reading_router(process))
            break;
    }
    link_reading_dialled(process);
    link_orders_open_due(process);
    if (link_sandbox_is_too_large())
        process->is_over = true;
}

/* The first message is the configuration; the core sends it before it forks us off. */
static bool configure(struct link_process *process)
{
    struct link_wire message;
    struct link_wire_config config;
    if (link_wire_receive(process->fd, &message, process->packet) != TRUST_OK ||
        message.type != LINK_WIRE_CONFIG ||
        link_wire_decode_config(&config, message.body) != TRUST_OK)
        return false;
    process->gate.newcomers = config.newcomers;
    process->lines.key = config.key;
    memcpy(process->lines.secret, config.secret, sizeof config.secret);
    process->lines.context = zmq_ctx_new();
    if (process->lines.context == NULL)
        return false;
    (void)zmq_ctx_set(process->lines.context, ZMQ_MAX_SOCKETS, 4 * LINK_LINES_MAX);
    process->zap = link_zap_open(process->lines.context);
    bool is_open = process->zap != NULL && link_lines_listen(&process->lines, config.listen);
    sodium_memzero(&config, sizeof config);
    sodium_memzero(process->packet, sizeof process->packet);
    return is_open;
}

static int start(struct link_process *process)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGPIPE, SIG_IGN);
    errno = 0;
    if (sodium_init() < 0 || !configure(process)) {
        uint8_t code[4] = {0, 0, 0, (uint8_t)(zmq_errno() == EADDRINUSE ? EADDRINUSE : EIO)};
        link_told(process, &(struct link_wire){.type = LINK_WIRE_FAILED,
                                               .body = {.data = code, .size = sizeof code}});
        return EXIT_FAILURE;
    }
    uint8_t held = link_sandbox_enter();
    link_told(process, &(struct link_wire){.type = LINK_WIRE_STARTED,
                                           .body = {.data = &held, .size = sizeof held}});
    return EXIT_SUCCESS;
}

int link_process_run(int fd)
{
    static struct link_process process;
    process.fd = fd;
    process.now_ms = clock_now().mono.ms;
    int code = start(&process);
    while (code == EXIT_SUCCESS && !process.is_over)
        turn(&process);
    return code;
}
