/* GET /healthz and /readyz: whether the process runs, and whether it can do its work. */
#ifndef API_HEALTH_H
#define API_HEALTH_H

#include "node/api/route.h"

api_handle health_live;
api_handle health_ready;

#endif
