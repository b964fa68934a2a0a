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
#include "node/link_zap.h"

#define POLL_MS 250
#define FLUSH_MS 100

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
    link_orders_time(process);
    if (link_sandbox_is_too_large(&process->sandbox))
        process->is_over = true;
}

/* The core is gone: what it sent before, the last byes, has a moment to leave. */
static void finish(struct link_process *process)
{
    struct link_lines *lines = &process->lines;
    const int linger_ms = LINK_LINGER_MS;
    /* What a ROUTER was just given may be lost with it, whatever its linger: libzmq 4.3.4. */
    if (process->lines.last_handle > 0)
        (void)zmq_poll(NULL, 0, FLUSH_MS);
    for (int i = 0; i < LINK_LINES_MAX; i++)
        link_line_close(&lines->lines[i], linger_ms);
    if (lines->router != NULL) {
        (void)zmq_setsockopt(lines->router, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
        (void)zmq_close(lines->router);
    }
    (void)zmq_close(process->zap);
    (void)zmq_ctx_term(lines->context);
    sodium_memzero(lines, sizeof *lines);
}

/* The first message is the configuration; the core sends it before it starts us. */
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

/* What the operator may have got wrong, rather than our side. */
static uint8_t start_fault(int error)
{
    return error == EADDRINUSE || error == EADDRNOTAVAIL || error == ENODEV || error == EACCES
               ? (uint8_t)error
               : EIO;
}

static int start(struct link_process *process)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NAME, "reputed-link"); /* it was executed by the number of a descriptor */
    /* These are for the core: it lets peers know, and ends us by closing its end. */
    static const int ignored[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++)
        (void)signal(ignored[i], SIG_IGN);
    link_sandbox_prepare(&process->sandbox);
    errno = 0;
    if (sodium_init() < 0 || !configure(process)) {
        uint8_t code[4] = {0, 0, 0, start_fault(zmq_errno())};
        link_told(process, &(struct link_wire){.type = LINK_WIRE_FAILED,
                                               .body = {.data = code, .size = sizeof code}});
        return EXIT_FAILURE;
    }
    link_sandbox_enter(&process->sandbox);
    uint8_t held = process->sandbox.held;
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
    if (code != EXIT_SUCCESS)
        return code;
    while (!process.is_over)
        turn(&process);
    finish(&process);
    return EXIT_SUCCESS;
}
