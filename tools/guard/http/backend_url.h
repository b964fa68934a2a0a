/* A server of a group that has a url, as a backend. What a header says is never told. */
#ifndef GUARD_BACKEND_URL_H
#define GUARD_BACKEND_URL_H

#include "guard/backend/backend.h"

extern const struct backend_calls backend_url_calls;

#endif
