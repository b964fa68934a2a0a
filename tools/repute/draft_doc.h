/* A draft as a document: what `drafts`, `publish` and the commands that write one show. */
#ifndef REPUTE_DRAFT_DOC_H
#define REPUTE_DRAFT_DOC_H

#include <jansson.h>

#include "repute/output.h"
#include "repute/shelf.h"

/*
 * {"draft","kind","about","says","created","expires_in_s", and the fields of its kind}. `about` is
 * the server, the key, or both servers of an alias; `says` one line for people. NULL: no memory.
 */
json_t *draft_doc_make(const struct shelf_draft *draft);

/* Columns of a list of them. */
extern const struct output_field draft_doc_columns[];

/* The same with what became of them: members "record" and "verdict" beside. */
extern const struct output_field draft_doc_verdict_columns[];

/* Lines of one. */
extern const struct output_field draft_doc_fields[];

#endif
