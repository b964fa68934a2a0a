/* From the words of the command line to a session that turns: home, configuration, group. */
#ifndef GUARD_START_H
#define GUARD_START_H

#include "guard/backend/backend.h"
#include "guard/hall/hall.h"
#include "guard/options.h"

struct start_means {
    char **words;                     /* of the command line, for the program that it becomes */
    const struct backend_calls *http; /* how URLs are reached; NULL: not by this program */
    /* hall_serve: how clients come by HTTP; NULL: not to this program. */
    enum trust_error (*serve_http)(const struct hall_config *config, int signal_fd);
};

/* Serves until the client or a signal ends it; what goes wrong is said on standard error. */
enum options_exit start_run(const struct options *options, const struct start_means *means);

#endif
