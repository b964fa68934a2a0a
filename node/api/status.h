/* GET /v1/status: one screen of everything, and what to do next. */
#ifndef API_STATUS_H
#define API_STATUS_H

#include "node/api/route.h"

api_handle status_show;

#endif
