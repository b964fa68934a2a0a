/*
 * A document of JSON as people write it into configurations (jsonc_blank.h). A fault never quotes
 * the text, which may hold secrets.
 */
#ifndef REPUTE_JSONC_H
#define REPUTE_JSONC_H

#include <jansson.h>

#include "repute/jsonc_blank.h"

/* Reads a document, changing text; the caller releases it with json_decref. Of a member that is
 * there twice the last one counts, as for the clients. What jsonc_blank refuses, and
 * TRUST_FAIL_MEMORY. */
TRUST_MUST_USE enum trust_error jsonc_read(json_t **out_document, struct jsonc_fault *out_fault,
                                           uint8_t *text, size_t size);

#endif
