/* See failure.h. */
#include "repute/failure.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/utf8.h"

enum failure_exit failure_exit_of(enum trust_error error)
{
    if (error == TRUST_OK)
        return FAILURE_EXIT_YES;
    if (error < TRUST_OK)
        return FAILURE_EXIT_FAILED;
    if (error == TRUST_NO_NODE)
        return FAILURE_EXIT_NODE;
    if (error == TRUST_NO_RUNNING)
        return FAILURE_EXIT_RUNNING;
    if (error == TRUST_NO_OPTION)
        return FAILURE_EXIT_USAGE;
    if (error == TRUST_NO_PASSPHRASE || error == TRUST_NO_PERMISSION ||
        error == TRUST_NO_CHALLENGE || error == TRUST_NO_FILE)
        return FAILURE_EXIT_LOCKED;
    return FAILURE_EXIT_NO;
}

const char *failure_next_of(enum trust_error error)
{
    static const struct {
        enum trust_error error;
        const char *next;
    } rows[] = {
        {TRUST_FAIL_MEMORY, "free memory on this machine, then try again"},
        {TRUST_FAIL_IO, "check the disk and what is connected, then try again"},
        {TRUST_NO_ROOM, "make room on the disk, then try again"},
        {TRUST_NO_FILE, "check what it is, its owner and its mode"},
        {TRUST_NO_PERMISSION, "check its owner and its mode, or run as a user who may"},
        {TRUST_NO_FOUND, "check the name for typing errors"},
        {TRUST_NO_NODE, "start it with `reputed`, or give --home"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].error == error)
            return rows[i].next;
    }
    return error < TRUST_OK ? "try again; the node's log may say more"
                            : "correct what it says, then try again";
}

enum trust_error failure_note(struct failure *failure, enum trust_error error, const char *next,
                              const char *format, va_list arguments)
{
    if (failure->error != TRUST_OK)
        return failure->error;
    failure->error = error;
    failure->exit = failure_exit_of(error);
    (void)snprintf(failure->code, sizeof failure->code, "%s", trust_error_name(error));
    (void)snprintf(failure->next, sizeof failure->next, "%s", next == NULL ? "" : next);
    (void)vsnprintf(failure->message, sizeof failure->message, format, arguments);
    /* It may repeat what was typed, or what a file holds. */
    trust_utf8_make_plain(failure->message);
    trust_utf8_make_plain(failure->next);
    return error;
}

enum trust_error failure_set(struct failure *failure, enum trust_error error, const char *next,
                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error = failure_note(failure, error, next, format, arguments);
    va_end(arguments);
    return error;
}

enum trust_error failure_misuse(struct failure *failure, enum trust_error error, const char *next,
                                const char *format, ...)
{
    bool is_first = failure->error == TRUST_OK;
    va_list arguments;
    va_start(arguments, format);
    error = failure_note(failure, error, next, format, arguments);
    va_end(arguments);
    if (is_first)
        failure->exit = FAILURE_EXIT_USAGE;
    return error;
}
