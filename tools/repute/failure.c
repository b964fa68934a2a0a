/* See failure.h. */
#include "repute/failure.h"

#include <stdbool.h>
#include <stdio.h>

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
