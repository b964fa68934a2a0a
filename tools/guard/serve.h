/* One session on the guard's own standard streams, from its begin to its end. */
#ifndef GUARD_SERVE_H
#define GUARD_SERVE_H

#include "guard/session/session.h"

/* config: all but its face. As session_open and loop_run. */
TRUST_MUST_USE enum trust_error serve_stdio(const struct session_config *config, int signal_fd);

#endif
