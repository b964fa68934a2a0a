/*
 * The servers of a client's configuration, one by one. Of an entry only what starts or addresses
 * the server is looked at. Values of its environment and headers are never read: only the names of
 * its environment are, since they can change where packages come from.
 */
#ifndef REPUTE_CLIENTS_DOC_H
#define REPUTE_CLIENTS_DOC_H

#include <jansson.h>

#include "repute/clients.h"
#include "repute/launch.h"

/* An entry; texts are the document's. */
struct clients_server {
    const char *name;
    const char *project; /* the folder that it belongs to; NULL: none */
    bool is_off;         /* the client was told not to start it */
    bool is_odd;         /* its members have other types than any client knows: line is empty */
    struct launch_line line;
    enum clients_members where; /* one of them */
    const json_t *entry;        /* for those who change it: with its secrets */
};

/* False ends the walk. */
typedef bool clients_sink(void *context, const struct clients_server *server);

/*
 * Hands every server of the members (enum clients_members) to the sink, in the order of the file.
 * TRUST_NO_TYPE: the document, or where its servers should be, is no object; TRUST_NO_ROOM: it has
 * over TRUST_SCAN_SERVERS_MAX servers, of which the first were handed over.
 */
TRUST_MUST_USE enum trust_error clients_doc_walk(const json_t *document, unsigned members,
                                                 clients_sink *sink, void *context);

#endif
