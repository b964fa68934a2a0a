/* One question to the node over its agent socket, JSON both ways. */
#ifndef TRUST_CLIENT_POST_H
#define TRUST_CLIENT_POST_H

#include <jansson.h>
#include <stdint.h>

#include "trust/error.h"
#include "trust/export.h"

/* A way to the node, one connection kept alive; handle, for one thread. */
struct trust_requester;

/* TRUST_NO_SIZE, TRUST_FAIL_*: see client/request.h. Nothing is connected yet. */
TRUST_MUST_USE enum trust_error trust_client_post_open(struct trust_requester **out_requester,
                                                       const char *socket_path);
/* NULL does nothing. */
void trust_client_post_close(struct trust_requester *requester);

/*
 * body becomes ours. *out_answer is the caller's, an object or array. TRUST_NO_NODE: nobody
 * answered in time; TRUST_NO_SYNTAX: with something else than JSON; the code of the node's refusal;
 * TRUST_FAIL_*.
 */
TRUST_MUST_USE enum trust_error trust_client_post(struct trust_requester *requester,
                                                  json_t **out_answer, const char *path,
                                                  json_t *body, uint32_t timeout_ms);

#endif
