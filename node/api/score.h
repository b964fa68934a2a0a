/* POST /v1/score: what this node concludes about up to 64 servers. */
#ifndef API_SCORE_H
#define API_SCORE_H

#include "node/api/route.h"

api_handle score_ask;

#endif
