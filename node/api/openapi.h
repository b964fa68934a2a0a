/* GET /openapi.json: the description of this API, as docs/reference/openapi.json has it. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include <stddef.h>

#include "node/api/route.h"

/* Made by the build. */
extern const unsigned char openapi_text[];
extern const size_t openapi_size;

api_handle openapi_show;

#endif
