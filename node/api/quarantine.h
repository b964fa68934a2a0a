/* GET and POST /v1/quarantine, GET /v1/quarantine/history: who is withheld, and since when. */
#ifndef API_QUARANTINE_H
#define API_QUARANTINE_H

#include "node/api/route.h"

api_handle quarantine_list;
api_handle quarantine_order;

#endif
