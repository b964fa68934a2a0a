/*
 * See health.h. Alive is whoever answers. Ready is a node whose store takes records and whose link
 * process runs; it answers what it knows in either case.
 */
#include "node/api/health.h"

#include "node/core.h"

void health_live(struct api_call *call)
{
    struct api_doc doc = api_doc_init();
    api_doc_open_object(&doc, NULL);
    api_doc_text(&doc, "status", "ok");
    api_doc_close_object(&doc);
    api_answer(call, &doc);
}

void health_ready(struct api_call *call)
{
    struct trust_engine_stats stats;
    trust_engine_stats(call->core->engine, &stats);
    struct link_state link;
    link_state(call->core->link, &link);
    if (stats.fault != TRUST_OK)
        api_refuse(call, TRUST_NO_BUSY, "see repute status", "the store cannot write: %s",
                   trust_error_name(stats.fault));
    else if (!link.is_running)
        api_refuse(call, TRUST_NO_BUSY, NULL, "the link process is being started");
    else
        health_live(call);
}
