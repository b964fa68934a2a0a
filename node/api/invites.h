/* POST /v1/invites and /v1/join: becoming peers with one line of text. */
#ifndef API_INVITES_H
#define API_INVITES_H

#include "node/api/route.h"

api_handle invites_make;
api_handle invites_join;

#endif
