/* GET /v1/servers/{id}/explain: what a score is made of. */
#ifndef API_EXPLAIN_H
#define API_EXPLAIN_H

#include "node/api/route.h"

api_handle explain_show;

#endif
