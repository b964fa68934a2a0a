/* GET /v1/quarantine/history: the entries of the audit log, and whether it is whole. */
#ifndef API_HISTORY_H
#define API_HISTORY_H

#include "node/api/route.h"

api_handle history_list;

#endif
