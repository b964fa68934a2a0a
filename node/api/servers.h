/* GET /v1/servers and /v1/servers/{id}: scores without asking for them; the servers in question are
 * not put on the board. */
#ifndef API_SERVERS_H
#define API_SERVERS_H

#include "node/api/route.h"

api_handle servers_list;
api_handle servers_show;

#endif
