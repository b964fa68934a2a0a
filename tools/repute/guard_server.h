/*
 * A server of a client's configuration on its way behind the guard: how it is started, as a group's
 * primary says it, or why it stays where it is.
 */
#ifndef REPUTE_GUARD_SERVER_H
#define REPUTE_GUARD_SERVER_H

#include "host/group.h"
#include "repute/clients_doc.h"
#include "repute/jsonc_site.h"

struct guard_server {
    const char *name;    /* texts are those of the document that was read */
    const char *project; /* NULL: none */
    enum clients_members where;
    const char *client; /* whose file it is; NULL: nobody knows */
    struct launch launch;
    const char *why;  /* it stays as it is: why, and what to do; static; NULL: it can be moved */
    const char *next; /* NULL: nothing */
    struct trust_group_server primary; /* subject is launch.subject */
    struct trust_group_pairs kept; /* of its env: what only the client can fill in. Of an entry that
                                    * starts the guard primary.env is the rest of it. */
    struct trust_group_pair pairs[2 * TRUST_GROUP_PAIRS_MAX];
    const char *words[TRUST_SCAN_WORDS_MAX];
};

/* What the entry says. is_named: a group that is there already names the server's subject, so that
 * none needs to follow from the entry. The result points into itself: it is not copied. */
void guard_server_init(struct guard_server *out_server, const struct clients_server *entry,
                       bool is_named);

/* The names that lead to it in its file, into out_names; returns how many. */
size_t guard_server_names(const struct guard_server *server,
                          const char *out_names[JSONC_SITE_NAMES_MAX]);

/* True if both are started or reached in the same way, environment and headers included. */
bool guard_server_is_same(const struct trust_group_server *a, const struct trust_group_server *b);

#endif
