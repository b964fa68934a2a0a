/* GET /v1/config: every value that this node runs with, and where it came from. */
#ifndef API_CONFIG_H
#define API_CONFIG_H

#include "node/api/route.h"

api_handle config_show;

#endif
