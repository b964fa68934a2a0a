/* Outcomes as POST /v1/outcomes takes them. */
#ifndef TRUST_CLIENT_REPORT_DOC_H
#define TRUST_CLIENT_REPORT_DOC_H

#include <jansson.h>

#include "client/sender.h"

/* The body for these reports; NULL: out of memory. */
json_t *trust_report_doc(const struct trust_client_report *reports, size_t count,
                         const char *agent);

#endif
