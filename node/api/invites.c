/* See invites.h. An invite gives a link, never trust; the rules are peering.h's. */
#include "node/api/invites.h"

#include <sodium.h>

#include "base/bytes.h"
#include "node/api/body.h"
#include "node/api/peers.h"
#include "node/core.h"
#include "node/peering.h"

static bool read_terms(struct api_call *call, struct peering_terms *out_terms)
{
    struct trust_endpoint parsed;
    struct api_body body = api_body_open(call);
    uint64_t uses = api_body_optional_count(&body, "uses", PEERING_INVITE_USES_MAX, 1);
    uint64_t lasts_s =
        api_body_optional_count(&body, "expires_s", PEERING_INVITE_S_MAX, PEERING_INVITE_S);
    const char *endpoint = api_body_optional_text(&body, "endpoint", TRUST_ENDPOINT_SIZE_MAX, NULL);
    if (!api_body_end(&body))
        return false;
    if (uses == 0)
        api_refuse(call, TRUST_NO_RANGE, NULL, "/uses: not from 1 to %d", PEERING_INVITE_USES_MAX);
    else if (lasts_s < PEERING_INVITE_S_MIN)
        api_refuse(call, TRUST_NO_RANGE, NULL, "/expires_s: not from %u to %u",
                   PEERING_INVITE_S_MIN, PEERING_INVITE_S_MAX);
    else if (endpoint != NULL && trust_endpoint_parse(&parsed, endpoint) != TRUST_OK)
        api_refuse(call, TRUST_NO_RANGE, "name the address where others reach this node",
                   "/endpoint: not of the form tcp://HOST:PORT");
    *out_terms = (struct peering_terms){
        .endpoint = endpoint, .uses = (uint32_t)uses, .lasts_s = (uint32_t)lasts_s};
    return !api_is_answered(call);
}

static void refuse_invite(struct api_call *call, enum trust_error error)
{
    if (error == TRUST_NO_PEER)
        api_refuse(call, TRUST_NO_CONFLICT, "set link.listen in reputed.yaml",
                   "this node does not listen, so nobody can come");
    else if (error == TRUST_NO_OPTION)
        api_refuse(call, error, "give the endpoint where others reach this node",
                   "/endpoint: missing, since this node listens on every address");
    else if (error == TRUST_NO_ROOM)
        api_refuse(call, error, "wait until one is used or expires", "too many invites are open");
    else
        peers_refuse(call, error);
}

void invites_make(struct api_call *call)
{
    struct peering_terms terms;
    struct trust_invite invite;
    if (!read_terms(call, &terms))
        return;
    enum trust_error error = peering_invite(call->core, &invite, &terms);
    if (error != TRUST_OK) {
        refuse_invite(call, error);
        return;
    }
    char text[TRUST_INVITE_TEXT_SIZE];
    trust_invite_encode(text, &invite);
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_text(&doc, "invite", text);
    api_doc_close_object(&doc);
    api_answer(call, &doc);
    sodium_memzero(text, sizeof text);
    sodium_memzero(&invite, sizeof invite);
}

void invites_join(struct api_call *call)
{
    struct trust_invite invite;
    struct api_body body = api_body_open(call);
    const char *text = api_body_text(&body, "invite", 2 * TRUST_INVITE_TEXT_SIZE);
    if (!api_body_end(&body))
        return;
    enum trust_error error = trust_invite_decode(&invite, trust_bytes_text(text));
    if (error != TRUST_OK) {
        api_refuse(call, TRUST_NO_RANGE, "copy the whole line that the inviter was given",
                   "/invite: not of the form HOST:PORT/rpn1.../SECRET");
        return;
    }
    error = peering_join(call->core, &invite);
    if (error == TRUST_OK)
        peers_answer(call, &invite.key);
    else
        peers_refuse(call, error);
    sodium_memzero(&invite, sizeof invite);
}
