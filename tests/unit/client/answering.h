/* A node of canned answers on a Unix socket, in a child process: what it is asked goes to a file.
 */
#ifndef TESTS_UNIT_CLIENT_ANSWERING_H
#define TESTS_UNIT_CLIENT_ANSWERING_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWERING_SIZE 8192

struct answering {
    char directory[64];
    char socket[96];
    char asked[96]; /* every byte of every request */
    pid_t child;
};

/* Reads one request: its head, then as many bytes as Content-Length says. */
static inline bool answering_read(int fd, FILE *asked)
{
    static char text[ANSWERING_SIZE];
    size_t size = 0;
    size_t wanted = 0;
    while (wanted == 0 || size < wanted) {
        ssize_t taken = read(fd, text + size, sizeof text - 1 - size);
        if (taken <= 0)
            return false;
        size += (size_t)taken;
        text[size] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        const char *length = strcasestr(text, "content-length:");
        if (end != NULL)
            wanted =
                (size_t)(end + 4 - text) + (length == NULL ? 0 : strtoul(length + 15, NULL, 10));
    }
    (void)fwrite(text, 1, size, asked);
    (void)fputc('\n', asked);
    (void)fflush(asked);
    return true;
}

/* A connection that was said to end is not listened to any more. */
static inline void answering_wait_for_end(int fd)
{
    char byte;
    while (read(fd, &byte, 1) > 0)
        continue;
}

/* Each connection is answered with the answers in turn; it is closed behind one of zero length. */
static inline void answering_serve(int listener, FILE *asked, const char *const *answers)
{
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            _exit(1);
        while (*answers != NULL && answering_read(fd, asked)) {
            const char *answer = *answers++;
            size_t size = strlen(answer);
            if (size == 0 || write(fd, answer, size) != (ssize_t)size)
                break;
            if (strstr(answer, "Connection: close") != NULL) {
                answering_wait_for_end(fd);
                break;
            }
        }
        (void)close(fd);
    }
}

static inline bool answering_listen(struct answering *out, const char *const *answers)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", out->socket);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FILE *asked = fopen(out->asked, "w");
    if (asked == NULL || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 4) != 0)
        return false;
    out->child = fork();
    if (out->child == 0) {
        /* A test that fails leaves nobody behind. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        answering_serve(listener, asked, answers);
    }
    (void)close(listener);
    (void)fclose(asked);
    return out->child > 0;
}

/* answers: NULL-terminated, each a whole response. */
static inline bool answering_start(struct answering *out, const char *const *answers)
{
    *out = (struct answering){.directory = "/tmp/repute-answering-XXXXXX"};
    if (mkdtemp(out->directory) == NULL)
        return false;
    (void)snprintf(out->socket, sizeof out->socket, "%s/socket", out->directory);
    (void)snprintf(out->asked, sizeof out->asked, "%s/asked", out->directory);
    return answers == NULL || answering_listen(out, answers);
}

/* The node ends, and another one is started in its place. */
static inline bool answering_start_again(struct answering *out, const char *const *answers)
{
    (void)kill(out->child, SIGKILL);
    return waitpid(out->child, NULL, 0) == out->child && unlink(out->socket) == 0 &&
           answering_listen(out, answers);
}
static inline void answering_stop(struct answering *answering)
{
    char command[96];
    if (answering->child > 0) {
        (void)kill(answering->child, SIGKILL);
        (void)waitpid(answering->child, NULL, 0);
    }
    (void)snprintf(command, sizeof command, "rm -rf '%s'", answering->directory);
    if (system(command) != 0)
        abort();
}

/* Everything asked so far, NUL-terminated. */
static inline const char *answering_asked(const struct answering *answering)
{
    static char text[8 * ANSWERING_SIZE];
    FILE *file = fopen(answering->asked, "r");
    size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
    text[size] = '\0';
    if (file != NULL)
        (void)fclose(file);
    return text;
}

#endif
