/* GET /v1/ignored, GET and PUT /v1/ignored/{record}: the flags that count for nothing here because
 * the operator says so. To ignore one loosens safety and is signed; to hear it again is not. */
#ifndef API_IGNORED_H
#define API_IGNORED_H

#include "node/api/route.h"

struct core;

api_handle ignored_list;
api_handle ignored_show;
api_handle ignored_set;

/* Reads the home's file and tells the engine, before it has any record; the log says which line is
 * wrong. Errors are those of flagbook_load. */
TRUST_MUST_USE enum trust_error ignored_open(struct core *core);

#endif
