/* GET /v1/raters: whose records weigh here; with ?seen=1 the keys that peers speak of and that have
 * no weight yet. */
#ifndef API_RATERS_H
#define API_RATERS_H

#include "node/api/route.h"

api_handle raters_list;

#endif
