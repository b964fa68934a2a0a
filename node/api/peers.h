/* /v1/peers: the nodes that this one exchanges records with. Peering is not trusting. */
#ifndef API_PEERS_H
#define API_PEERS_H

#include "node/api/route.h"

api_handle peers_list;
api_handle peers_show;
api_handle peers_post;
api_handle peers_delete;

/* The peer that the path names; false: the call was refused. */
bool peers_find(struct api_call *call, uint32_t *out_peer, struct trust_key *out_key);

/* Answers with a peer's object. */
void peers_answer(struct api_call *call, const struct trust_key *key);

/* Refuses what an order about peers came to. */
void peers_refuse(struct api_call *call, enum trust_error error);

#endif
