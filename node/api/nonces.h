/* POST /v1/nonces: a number for the operator to sign an order with. */
#ifndef API_NONCES_H
#define API_NONCES_H

#include "node/api/route.h"

api_handle nonces_make;

#endif
