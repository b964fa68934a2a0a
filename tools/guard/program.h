/*
 * Both programs of the guard. repute-guard starts servers as children and loads no HTTP library;
 * a group with a server that has a url is served by repute-guard-http, which it becomes.
 */
#ifndef GUARD_PROGRAM_H
#define GUARD_PROGRAM_H

#include "guard/backend.h"

/* The main of either. http: how URLs are reached; NULL: not by this program. Its exit code. */
int program_run(int count, char **words, const struct backend_calls *http);

#endif
