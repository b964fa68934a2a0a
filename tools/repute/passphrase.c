/* See passphrase.h. */
#include "repute/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/files.h"
#include "repute/terminal.h"

/* Long enough for any sentence. */
#define SIZE_MAX_OF_LINE 1024u

static enum trust_error refuse(struct context *context, enum trust_error error, const char *next,
                               const char *message)
{
    (void)context_refuse(context, error, next, "%s", message);
    context->failure.exit = FAILURE_EXIT_LOCKED;
    return error;
}

/* A regular file is judged like a secret; a pipe is between its two ends. */
static enum trust_error check_file(struct context *context, int fd, const char *path)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return TRUST_FAIL_IO;
    bool is_ours = status.st_uid == geteuid() || status.st_uid == 0;
    bool is_private = (status.st_mode & (S_IRWXG | S_IRWXO)) == 0;
    if (S_ISFIFO(status.st_mode) || S_ISCHR(status.st_mode) || S_ISSOCK(status.st_mode) ||
        (S_ISREG(status.st_mode) && is_ours && is_private))
        return TRUST_OK;
    return context_refuse(context, TRUST_NO_FILE, "chmod 600 it, and make it your own", "%s: %s",
                          path,
                          S_ISREG(status.st_mode) ? "others may read the passphrase in it"
                                                  : "a passphrase is a line of a file or a pipe");
}

/* Up to the newline or the end. */
static enum trust_error read_line(struct context *context, struct passphrase *passphrase, int fd,
                                  const char *path)
{
    size_t size = 0;
    while (size < SIZE_MAX_OF_LINE && memchr(passphrase->text, '\n', size) == NULL) {
        ssize_t taken = read(fd, passphrase->text + size, SIZE_MAX_OF_LINE - size);
        if (taken < 0 && errno == EINTR)
            continue;
        if (taken < 0)
            return context_refuse(context, TRUST_FAIL_IO, NULL, "%s: %s", path, strerror(errno));
        if (taken == 0)
            break;
        size += (size_t)taken;
    }
    const char *newline = memchr(passphrase->text, '\n', size);
    if (newline == NULL && size == SIZE_MAX_OF_LINE)
        return refuse(context, TRUST_NO_SIZE, NULL, "the passphrase is over 1023 bytes long");
    passphrase->size = newline == NULL ? size : (size_t)(newline - passphrase->text);
    if (passphrase->size > 0 && passphrase->text[passphrase->size - 1] == '\r')
        passphrase->size--;
    return TRUST_OK;
}

static enum trust_error read_file(struct context *context, struct passphrase *passphrase,
                                  const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        enum trust_error error = errno == ENOENT ? TRUST_NO_FOUND : trust_file_error(errno);
        (void)context_refuse(context, error, "name a file that is there, or leave the option out",
                             "the passphrase file %s: %s", path, strerror(errno));
        context->failure.exit = FAILURE_EXIT_LOCKED;
        return error;
    }
    enum trust_error error = check_file(context, fd, path);
    if (error == TRUST_OK)
        error = read_line(context, passphrase, fd, path);
    (void)close(fd);
    return error;
}

static enum trust_error ask(struct context *context, struct passphrase *passphrase,
                            const char *prompt)
{
    enum trust_error error =
        terminal_ask(passphrase->text, &passphrase->size, SIZE_MAX_OF_LINE, prompt);
    if (error == TRUST_NO_FOUND)
        return refuse(context, TRUST_NO_PASSPHRASE,
                      "run this on a terminal, or give --passphrase-file FILE",
                      "there is no terminal to ask for the passphrase");
    if (error == TRUST_NO_SIZE)
        return refuse(context, error, NULL, "the passphrase is over 1023 bytes long");
    if (error == TRUST_NO_PASSPHRASE)
        return refuse(context, error, NULL, "no passphrase was given");
    return error;
}

static enum trust_error ask_twice(struct context *context, struct passphrase *passphrase)
{
    enum trust_error error = ask(context, passphrase, "New passphrase for the operator key: ");
    if (error != TRUST_OK || passphrase->size == 0)
        return error;
    struct passphrase again = {.text = sodium_malloc(SIZE_MAX_OF_LINE)};
    if (again.text == NULL)
        return TRUST_FAIL_MEMORY;
    error = ask(context, &again, "The same again: ");
    bool is_same = error == TRUST_OK && again.size == passphrase->size &&
                   sodium_memcmp(again.text, passphrase->text, again.size) == 0;
    if (error == TRUST_OK && !is_same)
        error = refuse(context, TRUST_NO_PASSPHRASE, "try again", "the two passphrases differ");
    passphrase_close(&again);
    return error;
}

enum trust_error passphrase_read(struct context *context, struct passphrase *out_passphrase,
                                 const char *file, bool is_new)
{
    struct passphrase passphrase = {.text = sodium_malloc(SIZE_MAX_OF_LINE)};
    if (passphrase.text == NULL)
        return TRUST_FAIL_MEMORY;
    enum trust_error error = TRUST_OK;
    if (file != NULL)
        error = read_file(context, &passphrase, file);
    else if (is_new)
        error = ask_twice(context, &passphrase);
    else
        error = ask(context, &passphrase, "Passphrase of the operator key: ");
    if (error == TRUST_OK && passphrase.size == 0)
        error = refuse(context, TRUST_NO_PASSPHRASE,
                       "choose one; `repute init --no-passphrase` leaves the key unsealed",
                       "the passphrase is empty");
    if (error != TRUST_OK) {
        passphrase_close(&passphrase);
        return error;
    }
    *out_passphrase = passphrase;
    return TRUST_OK;
}

void passphrase_close(struct passphrase *passphrase)
{
    sodium_free(passphrase->text);
    *passphrase = (struct passphrase){0};
}
