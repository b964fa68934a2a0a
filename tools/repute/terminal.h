/* Asking a person on the terminal for something that must not be seen. */
#ifndef REPUTE_TERMINAL_H
#define REPUTE_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "trust/error.h"

/*
 * Prints prompt on the controlling terminal and reads one line without echo, NUL-terminated and
 * without its newline. The echo comes back whatever happens: a signal that ends or stops the
 * program is acted on only after it is back. TRUST_NO_FOUND: there is no terminal; TRUST_NO_SIZE:
 * the line does not fit; TRUST_NO_PASSPHRASE: the input ended; TRUST_FAIL_SYSTEM.
 */
TRUST_MUST_USE enum trust_error terminal_ask(char *out_line, size_t *out_size, size_t capacity,
                                             const char *prompt);

/* One line with echo, for a confirmation. The same verdicts. */
TRUST_MUST_USE enum trust_error terminal_confirm(char *out_line, size_t *out_size, size_t capacity,
                                                 const char *prompt);

#endif
