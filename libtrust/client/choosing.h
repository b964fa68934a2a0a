/* One selection under way, under the client's lock: what is wanted, and the candidates made of it
 * out of board, list of withheld servers and own cells. */
#ifndef TRUST_CLIENT_CHOOSING_H
#define TRUST_CLIENT_CHOOSING_H

#include "client/state.h"

struct trust_choosing {
    struct trust_client *client;
    const struct trust_client_query *query;
    struct trust_client_group *group; /* NULL: candidates of the caller */
    struct trust_now now;
    struct trust_basis basis;
    size_t count; /* of client->wanted and client->candidates */
};

/* Takes the group, or the query's candidates. TRUST_NO_SUBJECT. */
TRUST_MUST_USE enum trust_error trust_choosing_want(struct trust_choosing *choosing,
                                                    struct trust_client_group *group);

/* Makes a candidate of everything wanted. TRUST_NO_SUBJECT: of those to be excluded. */
TRUST_MUST_USE enum trust_error trust_choosing_make(struct trust_choosing *choosing);

/* The servers that the node does not show and was not asked for lately: their texts, room of them
 * at most. From now on they count as asked for. */
size_t trust_choosing_unseen(struct trust_choosing *choosing,
                             char (*out_subjects)[TRUST_SUBJECT_TEXT_SIZE], size_t room);

#endif
