/*
 * A backend that a test turns: connects to a URL and does what it is told, one command a line, and
 * prints one line for each thing that happens.
 *
 *   play_backend URL CONNECT_MS [NAME VALUE]...   the headers that are configured
 *     start | stop | hurry
 *     send NUMBER MESSAGE   one message
 *     rest | wake           takes no events; takes them again
 *     sockets               prints how many descriptors are sockets
 *   prints: refused ERROR (of the configuration), unsent NUMBER ERROR, up, line MESSAGE,
 *   failed NUMBER CLASS sent|unsent RETRY_MS, down CLASS WRITTEN, gone, sockets COUNT
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trust/answer.h"

#include "client/clock.h"
#include "guard/http/backend_http.h"
#include "wire/lines.h"

#define HEADERS_MAX 8

struct player {
    struct backend_http backend;
    struct lines lines;
    bool is_resting;
    bool was_gone;
    bool is_over;
};

static const char *const classes[] = {"ok",       "refused",      "timeout",  "http5xx",
                                      "garbage",  "rate_limited", "auth",     "session_lost",
                                      "internal", "caller",       "cancelled"};

static struct trust_mono now(void)
{
    const struct trust_client_clock clock = trust_client_clock_system();
    return trust_client_clock_read(&clock).mono;
}

static void print_sockets(void)
{
    char path[300];
    char target[64];
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    struct dirent *entry = NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        (void)snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
        ssize_t size = readlink(path, target, sizeof target);
        count += size > 7 && memcmp(target, "socket:", 7) == 0;
    }
    if (folder != NULL)
        (void)closedir(folder);
    printf("sockets %d\n", count);
}

static void send_message(struct player *player, const char *text, size_t size)
{
    char *end = NULL;
    uint64_t number = strtoull(text, &end, 10);
    end++;
    struct trust_bytes line = {.data = (const uint8_t *)end, .size = size - (size_t)(end - text)};
    enum trust_error error = backend_http_send(&player->backend, line, number, now());
    if (error != TRUST_OK)
        printf("unsent %llu %s\n", (unsigned long long)number, trust_error_name(error));
}

static void obey(struct player *player, struct trust_bytes line)
{
    char *text = malloc(line.size + 1);
    if (text == NULL)
        exit(EXIT_FAILURE);
    memcpy(text, line.data, line.size);
    text[line.size] = '\0';
    if (strcmp(text, "start") == 0)
        backend_http_start(&player->backend);
    else if (strcmp(text, "stop") == 0)
        backend_http_stop(&player->backend, now());
    else if (strcmp(text, "hurry") == 0)
        backend_http_hurry(&player->backend);
    else if (strncmp(text, "send ", 5) == 0)
        send_message(player, text + 5, line.size - 5);
    else if (strcmp(text, "sockets") == 0)
        print_sockets();
    else
        player->is_resting = strcmp(text, "rest") == 0;
    free(text);
}

static void read_commands(struct player *player)
{
    uint8_t *room = NULL;
    size_t size = 0;
    struct trust_bytes line;
    if (lines_room(&player->lines, &room, &size) != TRUST_OK)
        exit(EXIT_FAILURE);
    ssize_t count = read(STDIN_FILENO, room, size);
    player->is_over = count <= 0;
    lines_fed(&player->lines, count > 0 ? (size_t)count : 0);
    while (lines_next(&player->lines, &line) == TRUST_OK)
        obey(player, line);
}

static void print(const struct backend_http_event *event)
{
    const struct router_failure *failure = &event->failure;
    switch (event->kind) {
    case BACKEND_HTTP_UP:
        printf("up\n");
        break;
    case BACKEND_HTTP_LINE:
        printf("line %.*s\n", (int)event->line.size, (const char *)event->line.data);
        break;
    case BACKEND_HTTP_FAILED:
        printf("failed %llu %s %s %llu\n", (unsigned long long)event->number,
               classes[failure->class_], failure->is_sent ? "sent" : "unsent",
               (unsigned long long)failure->retry_after_ms);
        break;
    case BACKEND_HTTP_DOWN:
        printf("down %s %llu\n", classes[event->loss.class_],
               (unsigned long long)event->loss.written);
        break;
    }
}

static void turn(struct player *player)
{
    struct backend_http_event event;
    struct pollfd items[1 + BACKEND_HTTP_WATCHED] = {{.fd = STDIN_FILENO, .events = POLLIN}};
    uint64_t due_ms = backend_http_deadline(&player->backend).ms;
    uint64_t now_ms = now().ms;
    uint64_t left_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    backend_http_watch(&player->backend, items + 1);
    if (poll(items, 1 + BACKEND_HTTP_WATCHED, left_ms < INT_MAX ? (int)left_ms : -1) < 0)
        exit(EXIT_FAILURE);
    backend_http_heard(&player->backend, now());
    if (items[0].revents != 0)
        read_commands(player);
    while (!player->is_resting && backend_http_next(&player->backend, &event, now()))
        print(&event);
    bool is_gone = backend_http_is_gone(&player->backend);
    if (is_gone && !player->was_gone)
        printf("gone\n");
    player->was_gone = is_gone;
    (void)fflush(stdout);
}

int main(int count, char **arguments)
{
    static struct player player = {.was_gone = true};
    struct http_header headers[HEADERS_MAX];
    size_t header_count = 0;
    if (count < 3 || signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return EXIT_FAILURE;
    for (int i = 3; i + 1 < count && header_count < HEADERS_MAX; i += 2)
        headers[header_count++] =
            (struct http_header){.name = arguments[i], .value = arguments[i + 1]};
    const struct backend_http_config config = {.url = arguments[1],
                                               .headers = headers,
                                               .header_count = header_count,
                                               .connect_timeout_ms =
                                                   (uint32_t)strtoul(arguments[2], NULL, 10)};
    enum trust_error error = backend_http_open(&player.backend, &config);
    if (error != TRUST_OK)
        return printf("refused %s\n", trust_error_name(error)) < 0;
    lines_init(&player.lines, SIZE_MAX / 4);
    while (!player.is_over)
        turn(&player);
    lines_close(&player.lines);
    backend_http_close(&player.backend);
    return EXIT_SUCCESS;
}
