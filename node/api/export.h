/* GET /v1/records: everything that is stored, or one author's part of it, as a record file or as
 * one JSON object a line. */
#ifndef API_EXPORT_H
#define API_EXPORT_H

#include "node/api/route.h"

api_handle export_records;

#endif
