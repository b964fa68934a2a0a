/* From the words of the command line to a session that turns: home, configuration, group. */
#ifndef GUARD_START_H
#define GUARD_START_H

#include "guard/options.h"

/* Serves until the client or a signal ends it; what goes wrong is said on standard error. */
enum options_exit start_run(const struct options *options);

#endif
