/*
 * Both programs of the guard. repute-guard starts servers as children, speaks on its standard
 * streams, and loads no HTTP library; for a group with a server that has a url, and for clients
 * that come by HTTP, it becomes repute-guard-http.
 */
#ifndef GUARD_PROGRAM_H
#define GUARD_PROGRAM_H

#include "guard/start.h"

/* The main of either. means: what this one has, without its words. Its exit code. */
int program_run(int count, char **words, const struct start_means *means);

#endif
