/* GET /v1/breakers, GET and POST /v1/breakers/{id}: the shared breakers, and orders on them. */
#ifndef API_BREAKERS_H
#define API_BREAKERS_H

#include "node/api/route.h"

api_handle breakers_list;
api_handle breakers_show;
api_handle breakers_order;

#endif
