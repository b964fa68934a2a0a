/* A stored record as one JSON object with its id, verdict and fields: what ndjson exports show. */
#ifndef API_RECORD_DOC_H
#define API_RECORD_DOC_H

#include "trust/bytes.h"

#include "node/api/doc.h"

struct core;

/* record decodes. */
void record_doc_put(struct api_doc *doc, const struct core *core, struct trust_bytes record);

#endif
