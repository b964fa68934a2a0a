/* See peers.h. The rules are peering.h's; here are only their words. */
#include "node/api/peers.h"

#include <stdio.h>

#include "base/bytes.h"
#include "node/api/body.h"
#include "node/api/peers_doc.h"
#include "node/core.h"
#include "node/peering.h"

bool peers_find(struct api_call *call, uint32_t *out_peer, struct trust_key *out_key)
{
    if (!api_check_key(call, out_key, "key", call->request.segments[2], TRUST_KEY_NODE))
        return false;
    if (trust_gossip_find_peer(trust_engine_gossip(call->core->engine), out_peer, out_key))
        return true;
    peers_refuse(call, TRUST_NO_FOUND);
    return false;
}

void peers_answer(struct api_call *call, const struct trust_key *key)
{
    uint32_t peer = 0;
    if (!trust_gossip_find_peer(trust_engine_gossip(call->core->engine), &peer, key)) {
        peers_refuse(call, TRUST_NO_FOUND);
        return;
    }
    struct api_doc doc = api_doc_init();
    peers_doc_put(&doc, call->core, peer, NULL);
    api_answer(call, &doc);
}

void peers_refuse(struct api_call *call, enum trust_error error)
{
    if (error == TRUST_NO_FOUND)
        api_refuse(call, TRUST_NO_PEER, "repute peers list shows those there are", "no such peer");
    else if (error == TRUST_NO_CONFLICT)
        api_refuse(call, error, "change it in reputed.yaml",
                   "this peer stands in the configuration");
    else if (error == TRUST_NO_KEY)
        api_refuse(call, TRUST_NO_CONFLICT, "give the key of the other node",
                   "this is the node's own key");
    else if (error == TRUST_NO_ROOM)
        api_refuse(call, error, "remove a peer first, or make room on the disk",
                   "there are %d peers, or the disk is full", TRUST_PEERS_MAX);
    else
        api_refuse(call, error, NULL, "the home's file of peers could not be written");
}

void peers_list(struct api_call *call)
{
    const struct trust_gossip *gossip = trust_engine_gossip(call->core->engine);
    struct api_doc doc = api_doc_init();
    api_doc_open_array(&doc, NULL);
    for (uint32_t i = 0; i < TRUST_PEERS_MAX; i++) {
        if (trust_gossip_peer(gossip, i) != NULL)
            peers_doc_put(&doc, call->core, i, NULL);
    }
    api_doc_close_array(&doc);
    api_answer(call, &doc);
}

void peers_show(struct api_call *call)
{
    uint32_t peer = 0;
    struct trust_key key;
    struct trust_key author;
    const char *why = api_request_param(&call->request, "why");
    if (!peers_find(call, &peer, &key))
        return;
    if (why != NULL && !api_check_key(call, &author, "why", why, TRUST_KEY_OPERATOR))
        return;
    struct api_doc doc = api_doc_init();
    peers_doc_put(&doc, call->core, peer, why == NULL ? NULL : &author);
    api_answer(call, &doc);
}

static bool check_endpoint(struct api_call *call, const char *text)
{
    struct trust_endpoint endpoint;
    if (text[0] == '\0' || trust_endpoint_parse(&endpoint, text) == TRUST_OK)
        return true;
    api_refuse(call, TRUST_NO_RANGE, NULL, "/endpoint: not of the form tcp://host:port");
    return false;
}

static bool check_name(struct api_call *call, const char *text)
{
    if (text[0] == '\0' || peer_book_is_name(trust_bytes_text(text)))
        return true;
    api_refuse(call, TRUST_NO_RANGE, NULL, "/name: has a blank at an end");
    return false;
}

void peers_post(struct api_call *call)
{
    struct peer_entry entry = {0};
    struct api_body body = api_body_open(call);
    const char *key = api_body_text(&body, "key", 2 * TRUST_KEY_TEXT_SIZE);
    const char *endpoint = api_body_optional_text(&body, "endpoint", TRUST_ENDPOINT_SIZE_MAX, "");
    const char *name = api_body_optional_text(&body, "name", TRUST_PETNAME_SIZE_MAX, "");
    if (!api_body_end(&body) || !api_check_key(call, &entry.key, "/key", key, TRUST_KEY_NODE) ||
        !check_endpoint(call, endpoint) || !check_name(call, name))
        return;
    (void)snprintf(entry.endpoint, sizeof entry.endpoint, "%s", endpoint);
    (void)snprintf(entry.name, sizeof entry.name, "%s", name);
    enum trust_error error = peering_add(call->core, &entry);
    if (error == TRUST_OK)
        peers_answer(call, &entry.key);
    else
        peers_refuse(call, error);
}

void peers_delete(struct api_call *call)
{
    struct trust_key key;
    if (!api_check_key(call, &key, "key", call->request.segments[2], TRUST_KEY_NODE))
        return;
    enum trust_error error = peering_remove(call->core, &key);
    if (error != TRUST_OK) {
        peers_refuse(call, error);
        return;
    }
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_key(&doc, "key", &key, TRUST_KEY_NODE);
    api_doc_close_object(&doc);
    api_answer(call, &doc);
}
