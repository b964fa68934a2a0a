/* How a scan is printed: files, servers, what to do, and what it rests on. */
#ifndef REPUTE_SCAN_SHOW_H
#define REPUTE_SCAN_SHOW_H

#include <jansson.h>

#include "repute/output.h"

/* The whole document of `repute scan`; docs/howto/scan-your-host.md has its members. */
TRUST_MUST_USE enum trust_error scan_show(const struct output *output, json_t *document);

#endif
