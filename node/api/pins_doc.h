/* What is known of a server's manifest, as a document. */
#ifndef API_PINS_DOC_H
#define API_PINS_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "node/api/doc.h"

struct core;

/* The row of a server, with each of its sights; false, and nothing is written: nothing was told. */
bool pins_doc_put(struct api_doc *doc, struct core *core, uint32_t server);

/* The same without sights, manifest and subject, as the member `pins`; null where nothing was told
 * or no server is watched. */
void pins_doc_member(struct api_doc *doc, struct core *core, bool is_watched, uint32_t server);

#endif
