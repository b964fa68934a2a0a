/* POST /v1/outcomes: how agents' calls went. */
#ifndef API_OUTCOMES_H
#define API_OUTCOMES_H

#include "node/api/route.h"

api_handle outcomes_take;

#endif
