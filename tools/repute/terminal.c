/*
 * Signals are blocked and read from a descriptor while the echo is off, so that there is no moment
 * at which one could end the program and leave the terminal mute.
 */
#include "repute/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

struct terminal {
    int fd;
    int signal_fd;
    bool is_mute;
    sigset_t signals; /* those that are read from signal_fd */
    sigset_t before;
    struct termios settings;
};

struct answer {
    char *line;
    size_t size;
    size_t capacity;
};

static enum trust_error open_terminal(struct terminal *out)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    struct terminal terminal = {.fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
    if (terminal.fd < 0)
        return TRUST_NO_FOUND;
    (void)sigemptyset(&terminal.signals);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        (void)sigaddset(&terminal.signals, signals[i]);
    terminal.signal_fd = signalfd(-1, &terminal.signals, SFD_CLOEXEC);
    if (terminal.signal_fd < 0 || tcgetattr(terminal.fd, &terminal.settings) != 0) {
        (void)close(terminal.signal_fd);
        (void)close(terminal.fd);
        return TRUST_FAIL_SYSTEM;
    }
    *out = terminal;
    return TRUST_OK;
}

static void close_terminal(struct terminal *terminal)
{
    (void)close(terminal->signal_fd);
    (void)close(terminal->fd);
}

static void say(const struct terminal *terminal, const char *text)
{
    ssize_t written = write(terminal->fd, text, strlen(text));
    (void)written; /* a terminal that takes no prompt gives no answer either */
}

static bool set_echo(const struct terminal *terminal, bool is_mute)
{
    struct termios settings = terminal->settings;
    if (is_mute)
        settings.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    settings.c_lflag |= ICANON | ISIG;
    return tcsetattr(terminal->fd, TCSAFLUSH, is_mute ? &settings : &terminal->settings) == 0;
}

static void unblock(const struct terminal *terminal)
{
    (void)sigprocmask(SIG_SETMASK, &terminal->before, NULL);
}

static bool block(struct terminal *terminal)
{
    return sigprocmask(SIG_BLOCK, &terminal->signals, &terminal->before) == 0;
}

/* TRUST_OK: the line is whole. TRUST_NO_BUSY: more is to come. */
static enum trust_error take_piece(const struct terminal *terminal, struct answer *answer)
{
    ssize_t taken =
        read(terminal->fd, answer->line + answer->size, answer->capacity - answer->size);
    if (taken < 0)
        return errno == EINTR ? TRUST_NO_BUSY : TRUST_FAIL_SYSTEM;
    if (taken == 0)
        return TRUST_NO_PASSPHRASE;
    char *newline = memchr(answer->line + answer->size, '\n', (size_t)taken);
    answer->size += (size_t)taken;
    if (newline != NULL) {
        answer->size = (size_t)(newline - answer->line);
        *newline = '\0';
        return TRUST_OK;
    }
    return answer->size == answer->capacity ? TRUST_NO_SIZE : TRUST_NO_BUSY;
}

/* Waits for a line, or for a signal: then TRUST_OK with its number in out_signal. */
static enum trust_error wait_for_line(const struct terminal *terminal, struct answer *answer,
                                      int *out_signal)
{
    for (;;) {
        struct pollfd fds[] = {{.fd = terminal->signal_fd, .events = POLLIN},
                               {.fd = terminal->fd, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return TRUST_FAIL_SYSTEM;
        struct signalfd_siginfo info;
        if ((fds[0].revents & POLLIN) != 0 &&
            read(terminal->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
            *out_signal = (int)info.ssi_signo;
            return TRUST_OK;
        }
        if (fds[1].revents == 0)
            continue;
        enum trust_error error = take_piece(terminal, answer);
        if (error != TRUST_NO_BUSY)
            return error;
    }
}

/* One prompt and its line; a signal is acted on with the terminal as it was before. */
static enum trust_error ask_once(struct terminal *terminal, struct answer *answer,
                                 const char *prompt, int *out_signal)
{
    *out_signal = 0;
    answer->size = 0;
    if (!block(terminal))
        return TRUST_FAIL_SYSTEM;
    enum trust_error error = TRUST_FAIL_SYSTEM;
    if (!terminal->is_mute || set_echo(terminal, true)) {
        say(terminal, prompt);
        error = wait_for_line(terminal, answer, out_signal);
        if (terminal->is_mute) {
            (void)set_echo(terminal, false);
            say(terminal, "\n");
        }
    }
    unblock(terminal);
    if (*out_signal != 0)
        (void)raise(*out_signal);
    return error;
}

static enum trust_error ask(char *out_line, size_t *out_size, size_t capacity, const char *prompt,
                            bool is_mute)
{
    struct terminal terminal;
    struct answer answer = {.line = out_line, .capacity = capacity};
    int signal = 0;
    enum trust_error error = open_terminal(&terminal);
    if (error != TRUST_OK)
        return error;
    terminal.is_mute = is_mute;
    do {
        error = ask_once(&terminal, &answer, prompt, &signal);
    } while (error == TRUST_OK && signal == SIGTSTP);
    if (error == TRUST_OK && signal != 0)
        error = TRUST_NO_PASSPHRASE;
    close_terminal(&terminal);
    if (error == TRUST_OK)
        *out_size = answer.size;
    else
        sodium_memzero(out_line, capacity);
    return error;
}

enum trust_error terminal_ask(char *out_line, size_t *out_size, size_t capacity, const char *prompt)
{
    return ask(out_line, out_size, capacity, prompt, true);
}

enum trust_error terminal_confirm(char *out_line, size_t *out_size, size_t capacity,
                                  const char *prompt)
{
    return ask(out_line, out_size, capacity, prompt, false);
}
