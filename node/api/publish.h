/* POST /v1/records with a JSON body: up to 64 records, answered when each is refused or durable. A
 * record file is import.h's. */
#ifndef API_PUBLISH_H
#define API_PUBLISH_H

#include "node/api/route.h"

api_handle publish_records;

#endif
