/* GET /v1/names and PUT /v1/names/{key}: what this operator calls the keys of others, and whom it
 * does not want to hear. Neither ever leaves the host. */
#ifndef API_NAMES_H
#define API_NAMES_H

#include "node/api/route.h"

struct core;

api_handle names_list;
api_handle names_set;

/* Reads the home's names file and tells the engine; the log says which line is wrong. Errors are
 * those of keybook_load. */
TRUST_MUST_USE enum trust_error names_open(struct core *core);

#endif
