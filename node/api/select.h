/* POST /v1/select: which servers of a group, or of some candidates, may take a call. */
#ifndef API_SELECT_H
#define API_SELECT_H

#include "node/api/route.h"

api_handle select_choose;

#endif
