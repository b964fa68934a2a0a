/* A server of a group that has a command, as a backend. */
#ifndef GUARD_BACKEND_COMMAND_H
#define GUARD_BACKEND_COMMAND_H

#include "guard/backend/backend.h"

extern const struct backend_calls backend_command_calls;

#endif
