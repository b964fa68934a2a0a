/* The resource of a server: repute://score/ and the subject, escaped as RFC 6570 does {subject}. */
#ifndef MCP_RESOURCE_H
#define MCP_RESOURCE_H

#include "trust/bytes.h"
#include "trust/error.h"
#include "trust/export.h"
#include "trust/subject.h"

#define RESOURCE_TEMPLATE "repute://score/{subject}"
/* Room for one: every byte of the subject escaped. */
#define RESOURCE_URI_SIZE (15 + 3 * TRUST_SUBJECT_TEXT_SIZE)

/* The canonical subject of a URI, escaped or not. TRUST_NO_FOUND: no such resource.
 * TRUST_NO_SUBJECT: what it names is no subject. */
TRUST_MUST_USE enum trust_error resource_subject(char out_subject[TRUST_SUBJECT_TEXT_SIZE],
                                                 struct trust_bytes uri);

/* The URI of a canonical subject, NUL-terminated. */
void resource_uri(char out_uri[RESOURCE_URI_SIZE], const char *subject);

#endif
