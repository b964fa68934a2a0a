/* GET /v1/measured: what this host's own calls say of servers, for the operator to sign. */
#ifndef API_MEASURED_H
#define API_MEASURED_H

#include "node/api/route.h"

api_handle measured_list;

#endif
