/* See keeping.h. */
#include "node/api/keeping.h"

#include <stdlib.h>

#include "node/api/api.h"
#include "node/core.h"

struct kept {
    struct api_call *call;
    struct kept *next;
    uint64_t number; /* for showing_kept */
    struct api_doc doc;
};

static void release(struct api_call *call)
{
    struct kept *kept = call->state;
    struct kept **at = &call->api->keeping.first;
    while (*at != NULL && *at != kept)
        at = &(*at)->next;
    if (*at != NULL)
        *at = kept->next;
    api_doc_close(&kept->doc);
    free(kept);
}

bool keeping_begin(struct api_call *call)
{
    struct kept *kept = calloc(1, sizeof *kept);
    if (kept == NULL) {
        api_refuse(call, TRUST_FAIL_MEMORY, NULL, "no memory for an order");
        return false;
    }
    if (!api_hold(call)) {
        free(kept);
        return false;
    }
    kept->call = call;
    call->state = kept;
    call->release = release;
    return true;
}

/* False: not yet. */
static bool settle(struct kept *kept)
{
    struct api_call *call = kept->call;
    enum trust_error error = showing_kept(call->core, kept->number);
    if (error == TRUST_NO_BUSY)
        return false;
    if (error == TRUST_OK)
        api_answer(call, &kept->doc);
    else
        api_refuse(call, error, "make room on the disk: the node goes on trying",
                   "the order holds, but the disk does not take it: a restart may forget it");
    return true;
}

void keeping_answer(struct api_call *call, uint32_t server, struct api_doc *doc)
{
    struct kept *kept = call->state;
    kept->doc = *doc;
    kept->number = showing_keep(call->core, server);
    if (settle(kept))
        return;
    kept->next = call->api->keeping.first;
    call->api->keeping.first = kept;
}

void keeping_turn(struct api *api)
{
    struct kept **at = &api->keeping.first;
    while (*at != NULL) {
        struct kept *kept = *at;
        if (api_is_answered(kept->call) || settle(kept)) {
            *at = kept->next;
            api_wake(kept->call);
        } else {
            at = &kept->next;
        }
    }
}
