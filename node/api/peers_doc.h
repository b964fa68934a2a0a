/* A peer as its JSON object, for the list, for one, and for a ping. */
#ifndef API_PEERS_DOC_H
#define API_PEERS_DOC_H

#include "node/api/doc.h"

struct core;

/* Appends the whole object of a known peer; why is an author to explain, or NULL. */
void peers_doc_put(struct api_doc *doc, struct core *core, uint32_t peer,
                   const struct trust_key *why);

#endif
